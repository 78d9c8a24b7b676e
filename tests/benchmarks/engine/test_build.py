"""Production's Temporal server: which one is built, from what, and what is said without Go."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.engine.build import SCHEMA_TOOL, SERVER, pinned_version, temporal_programs
from commands.errors import CommandFailed
from tests.deployment.deployment_files import ROOT, services

pytestmark = pytest.mark.extended

_LOCKS = ROOT / "benchmarks" / "engine"
_HASHED = re.compile(r"\S+ v\S+ h1:[A-Za-z0-9+/]{43}=")
_COMMANDS = (
    ["benchmarks.engine"],
    ["benchmarks", "--engine", "production"],
    ["benchmarks.ledger", "--engine", "production"],
)

UseGo = Callable[[str], None]


@pytest.fixture
def use_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> UseGo:
    """Puts a script in the place of Go, which takes minutes; `$5` is the file to be made."""

    def use(script: str) -> None:
        go = tmp_path / "bin" / "go"
        go.parent.mkdir(exist_ok=True)
        go.write_text(f"#!/bin/sh\n{script}\n")
        go.chmod(0o755)
        monkeypatch.setenv("PATH", f"{go.parent}:/usr/bin:/bin")

    return use


class TestWhatIsPinned:
    def test_the_version_is_the_one_of_the_compose_file(self) -> None:
        assert services()["temporal"]["image"] == f"temporalio/server:{pinned_version()}"

    def test_every_line_of_the_lock_has_a_hash_and_no_address(self) -> None:
        lines = (_LOCKS / "go.sum").read_text().splitlines()
        assert [line for line in lines if not _HASHED.fullmatch(line)] == []
        modules = [" ".join(line.split()[:2]) for line in lines]
        assert f"go.temporal.io/server v{pinned_version()}" in modules


class TestBuilding:
    def test_both_programs_are_built_once(self, tmp_path: Path, use_go: UseGo) -> None:
        use_go(f'mkdir -p "${{5%/*}}" && echo "$6" > "$5" && echo >> "{tmp_path}/runs"')
        said: list[str] = []
        first = temporal_programs(tmp_path / "cache", said.append)
        assert (first / SERVER).read_text() == "go.temporal.io/server/cmd/server\n"
        assert (first / SCHEMA_TOOL).read_text() == "go.temporal.io/server/cmd/tools/sql\n"
        assert temporal_programs(tmp_path / "cache", said.append) == first
        assert len((tmp_path / "runs").read_text()) == 2
        assert len(said) == 1

    def test_what_failed_is_said_and_not_kept(self, tmp_path: Path, use_go: UseGo) -> None:
        use_go('mkdir -p "${5%/*}" && touch "$5" && echo "checksum mismatch" >&2 && exit 1')
        with pytest.raises(CommandFailed, match="checksum mismatch"):
            temporal_programs(tmp_path / "cache", print)
        assert [one for one in (tmp_path / "cache").rglob("*") if one.is_file()] == []


@pytest.mark.parametrize("words", _COMMANDS, ids=lambda words: words[0])
def test_without_go_one_line_says_what_is_missing(words: list[str], tmp_path: Path) -> None:
    environment = {**os.environ, "PATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", *words], capture_output=True, text=True, cwd=ROOT, env=environment
    )
    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    assert re.search(r"\bGo \d+\.\d+", line)
