"""Builds production's Temporal server, and the tool for its schema, from their Go module.

go.mod beside this file pins the version, go.sum the hashes of all that it is built from; Go itself
checks them.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from benchmarks.engine.cache import PINS, made_once
from commands.errors import CommandFailed

SERVER, SCHEMA_TOOL = "temporal-server", "temporal-sql-tool"
MODULE = "go.temporal.io/server"

_PACKAGES = {SERVER: f"{MODULE}/cmd/server", SCHEMA_TOOL: f"{MODULE}/cmd/tools/sql"}
_PINNED = re.compile(rf"^\s*{re.escape(MODULE)} v(\S+)", re.MULTILINE)
_NEEDED_GO = re.compile(r"^go (\S+)$", re.MULTILINE)


def pinned_version() -> str:
    """The server's version, such as 1.32.0."""
    return _stated(_PINNED)


def temporal_programs(cache: Path, say: Callable[[str], None]) -> Path:
    """The folder with both programs; builds them where the cache has not got them.

    CommandFailed without Go, or where Go does not build them.
    """

    def build(folder: Path) -> None:
        go = _find_go()
        say(f"building the Temporal server {pinned_version()}: about five minutes, once")
        for program, package in _PACKAGES.items():
            _build(go, package, folder / program)

    return made_once(cache, f"temporal-{pinned_version()}", ("go.mod", "go.sum"), build)


def _build(go: str, package: str, file: Path) -> None:
    """Build one, as Temporal's own releases are built: without C."""
    done = subprocess.run(
        [go, "build", "-C", str(PINS), "-o", str(file), package],
        env={**os.environ, "CGO_ENABLED": "0"},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise CommandFailed(f"Go did not build {package}:\n{done.stderr.strip()}")


def _find_go() -> str:
    go = shutil.which("go")
    if go is None:
        raise CommandFailed(
            f"ENGINE=production needs Go {_stated(_NEEDED_GO)} or newer, to build the Temporal "
            "server: install it so that `go` is on the PATH, or measure without ENGINE"
        )
    return go


def _stated(pattern: re.Pattern[str]) -> str:
    found = pattern.search((PINS / "go.mod").read_text(encoding="utf-8"))
    if found is None:
        raise ValueError("go.mod does not say it")
    return found.group(1)
