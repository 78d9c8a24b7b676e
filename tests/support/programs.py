"""Programs that are not Python's: where they are here, and how they run beside a test."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support.waiting import until

_INSTALL = ("apt-get", "install", "--yes", "--option=DPkg::Lock::Timeout=300")
"""Waits where another process installs it just now."""

_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")
"""Servers are there on Debian, and not every user has these folders on the path."""


class NotInstalled(Exception):
    """It is not there, and cannot be installed."""


def find_program(*names: str, package: str) -> str:
    """The first of these programs that is there. As root on Debian its package is installed where
    none is."""
    found = _found(names)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run((*_INSTALL, package), check=False)
        found = _found(names)
    if found is None:
        raise NotInstalled(
            f"make test-all needs {names[0]}: apt-get install {package}, or put it on the path"
        )
    return found


@contextmanager
def running(command: Sequence[str], port: int, folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a server until the context ends; it is entered once the server takes connections.

    What it prints is in `output` in the folder, and in the error where it does not start.
    """
    output = folder / "output"
    with output.open("wb") as to:
        process = subprocess.Popen(command, cwd=folder, stdout=to, stderr=to)
    try:
        until(lambda: process.poll() is not None or _listens(port))
        assert process.poll() is None, output.read_text()
        yield process
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def _found(names: Sequence[str]) -> str | None:
    path = os.pathsep.join([os.environ.get("PATH", ""), *_FOLDERS])
    return next(filter(None, (shutil.which(name, path=path) for name in names)), None)
