"""The alerts and the scrape configuration, read by Prometheus's own tool."""

import subprocess
from pathlib import Path

import pytest

from tests.deployment.deployment_files import ROOT, alert_rules
from tests.support.programs import find_program

pytestmark = pytest.mark.extended

DEPLOYED = ROOT / "deploy" / "prometheus"
SCENES = Path(__file__).parent / "prometheus" / "alerts_test.yml"


def promtool(*words: str | Path) -> str:
    """What it says; the test fails where it ends with an error."""
    command = [find_program("promtool"), *words]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_it_loads_every_rule() -> None:
    assert f"SUCCESS: {len(alert_rules())} rules found" in promtool(
        "check", "rules", DEPLOYED / "rules.yml"
    )


def test_it_loads_the_scrape_configuration_with_the_rules() -> None:
    assert "rules.yml" in promtool("check", "config", DEPLOYED / "scrape.yml")


def test_alerts_come_and_go_as_they_should() -> None:
    assert "SUCCESS" in promtool("test", "rules", SCENES)
