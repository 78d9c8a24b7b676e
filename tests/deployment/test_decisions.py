"""The decision records: their form, and the table of dependencies against pyproject.toml."""

import ast
import re
import sys
import tomllib
from collections.abc import Mapping
from datetime import date
from importlib.metadata import files as files_of
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.deployment.deployment_files import DOCS, ROOT, ROOT_MODULES

_RECORDS = sorted((DOCS / "decisions").glob("*.md"))
_DEPENDENCIES = (DOCS / "decisions" / "0002-dependencies.md").read_text()
_SECTIONS = {
    "What the product runs on": "dependencies",
    "The embedded server and the sandbox": "embedded",
    "Traces": "telemetry",
    "Development": "development",
}
_OLDEST_RELEASE = 2024
"""A dependency without a release since has to be looked at."""

_LAYERS = (
    "contracts",
    "store",
    "activities",
    "workflows",
    "dispatch",
    "background",
    "api",
    "dashboard",
    "commands",
    "telemetry",
)


class TestTheRecords:
    def test_they_are_numbered_without_gaps(self) -> None:
        numbers = [int(record.name.split("-")[0]) for record in _RECORDS]
        assert numbers == list(range(1, len(_RECORDS) + 1))

    @pytest.mark.parametrize("record", _RECORDS, ids=lambda record: record.stem)
    def test_each_says_context_decision_and_consequences(self, record: Path) -> None:
        text = record.read_text()
        assert text.startswith(f"# {record.name.split('-')[0]}: ")
        parts = re.findall(r"^\*\*(\w+)\.\*\*", text, flags=re.MULTILINE)
        assert parts == ["Context", "Decision", "Consequences"]

    @pytest.mark.parametrize("record", _RECORDS, ids=lambda record: record.stem)
    def test_the_index_has_its_title(self, record: Path) -> None:
        title = record.read_text().split("\n")[0].removeprefix("# ")
        assert f"- [{title}](decisions/{record.name})" in (DOCS / "README.md").read_text()


class TestTheDependencies:
    @pytest.mark.parametrize(("section", "group"), _SECTIONS.items())
    def test_each_has_its_line_and_no_other_has(self, section: str, group: str) -> None:
        assert [row[0] for row in _rows(section)] == _declared(group)

    @pytest.mark.parametrize("section", _SECTIONS)
    def test_every_line_is_complete(self, section: str) -> None:
        for name, reason, released, kept_by in _rows(section):
            assert reason.endswith("."), name
            assert date.fromisoformat(released).year >= _OLDEST_RELEASE, name
            assert kept_by, name

    def test_what_we_import_without_declaring_it_is_named_with_who_brings_it(self) -> None:
        said = re.findall(r"([\w-]+)(?: and ([\w-]+))? \(([\w-]+)\)", _undeclared_text())
        named = {one for first, second, _ in said for one in (first, second) if one}
        declared = {*_declared("dependencies"), *_declared("telemetry")}
        assert named == _imported_by_the_product() - declared
        assert {bringer for _, _, bringer in said} <= set(_declared("dependencies"))


def _rows(section: str) -> list[list[str]]:
    table = _DEPENDENCIES.split(f"## {section}\n")[1].split("\n## ")[0].split("\n**")[0]
    lines = re.findall(r"^\| (.+) \|$", table, flags=re.MULTILINE)[2:]
    return [line.split(" | ") for line in lines]


def _declared(group: str) -> list[str]:
    """The direct dependencies of a group, in the order of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = project[group] if group == "dependencies" else project["optional-dependencies"][group]
    names = [re.split(r"[\[><=!~; ]", line, maxsplit=1)[0] for line in lines]
    return [name for name in names if name != "doorstep"]


def _undeclared_text() -> str:
    return " ".join(_DEPENDENCIES.split("moves with the package that brings it:")[1].split())


def _imported_by_the_product() -> set[str]:
    """The distributions that the product's own files import, but the one that runs what the extra
    `embedded` brings."""
    files = [ROOT / name for name in ROOT_MODULES]
    files += [file for layer in _LAYERS for file in (ROOT / layer).rglob("*.py")]
    files.remove(ROOT / "store/db/embedded.py")
    imported = {name for file in files for name in _imports(file)}
    owners = packages_distributions()
    found = {owner for name in imported for owner in _owners(name, owners)}
    return {owner.lower().replace("_", "-") for owner in found} - {"doorstep"}


def _owners(name: str, owners: Mapping[str, list[str]]) -> list[str]:
    """The distributions that have a module: of those that share a namespace, the one it is in."""
    top = name.partition(".")[0]
    found = [] if top in sys.stdlib_module_names else sorted(set(owners.get(top, [])))
    if len(found) < 2:
        return found
    path = name.replace(".", "/")
    wanted = {f"{path}.py", f"{path}/__init__.py"}
    return [one for one in found if wanted & {str(file) for file in files_of(one) or ()}]


def _imports(file: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names += [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
    return names
