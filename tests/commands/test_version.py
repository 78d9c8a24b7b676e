"""`doorstep --version`."""

import tomllib
from pathlib import Path

from tests.commands.running import doorstep
from tests.deployment.deployment_files import ROOT


async def test_it_is_the_project_s(tmp_path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    ended = await doorstep("--version", folder=tmp_path)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"doorstep {project['version']}\n"


def test_the_changelog_begins_with_what_is_not_released() -> None:
    headings = [
        line for line in (ROOT / "CHANGELOG.md").read_text().splitlines() if line.startswith("## ")
    ]
    assert headings[0] == "## [Unreleased]"
