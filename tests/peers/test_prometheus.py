"""The alerts, the scrape configurations and the boards, read by Prometheus's own tool."""

import subprocess
from pathlib import Path

import pytest
import yaml

from tests.deployment.deployment_files import ROOT, alert_rules
from tests.deployment.grafana_boards import expressions
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


def test_it_loads_the_scrape_configuration_for_kubernetes(tmp_path: Path) -> None:
    """But for the discovery of pods, which Debian builds it without."""
    loaded = yaml.safe_load((DEPLOYED / "scrape-kubernetes.yml").read_text())
    for job in loaded["scrape_configs"]:
        assert job.pop("kubernetes_sd_configs")[0]["role"] == "pod"
        job["static_configs"] = [{"targets": ["127.0.0.1:9463"]}]
    file = tmp_path / "scrape.yml"
    file.write_text(yaml.safe_dump(loaded))
    (tmp_path / "rules.yml").write_text((DEPLOYED / "rules.yml").read_text())
    assert "rules.yml" in promtool("check", "config", file)


def test_it_understands_every_expression_of_the_boards(tmp_path: Path) -> None:
    rules = [
        {"record": f"board:{number}", "expr": one.filled_in}
        for number, one in enumerate(expressions())
    ]
    file = tmp_path / "boards.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "boards", "rules": rules}]}))
    assert f"SUCCESS: {len(rules)} rules found" in promtool("check", "rules", file)


def test_alerts_come_and_go_as_they_should() -> None:
    assert "SUCCESS" in promtool("test", "rules", SCENES)
