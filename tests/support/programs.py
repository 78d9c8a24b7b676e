"""Programs that are not Python's: where they are here, and how they run beside a test."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support.waiting import until

PACKAGES = {
    "chromium": "chromium",
    "haproxy": "haproxy",
    "nginx": "nginx-light",
    "node": "nodejs",
    "npm": "npm",
    "pgbouncer": "pgbouncer",
    "php": "php-cli",
    "postfix": "postfix",
    "promtool": "prometheus",
    "saslpasswd2": "sasl2-bin",
}
"""What `make test-all` needs besides Python's packages, and the package of Debian that has it."""

FONTS = {
    "hi": "fonts-lohit-deva",
    "ta": "fonts-lohit-taml",
    "kn": "fonts-lohit-knda",
}
"""Fonts by what they write (ISO 639-1): without them nobody sees how wide such a page is."""

_ALSO_CALLED = {"chromium": ("chromium-browser", "google-chrome")}

_APT = ("apt-get", "--yes", "--quiet", "--option=DPkg::Lock::Timeout=300")
"""Waits where another process installs something just now."""

_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")
"""Servers are there on Debian, and not every user has these folders on the path."""


class NotInstalled(Exception):
    """It is not there, and cannot be installed."""


def find_program(name: str) -> str:
    """One of PACKAGES. As root on Debian it is installed where it is missing."""
    found = _found(name)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _install(PACKAGES[name])
        found = _found(name)
    if found is None:
        raise NotInstalled(
            f"make test-all needs {name}: apt-get install {PACKAGES[name]}, or put it on the path"
        )
    return found


def require_font(language: str) -> None:
    """See that there is a font for a language; as root on Debian it is installed."""
    if not _can_be_written(language) and os.geteuid() == 0 and shutil.which("apt-get"):
        _install(FONTS[language])
    if not _can_be_written(language):
        raise NotInstalled(
            f"make test-all needs a font for {language}: apt-get install {FONTS[language]}"
        )


def _can_be_written(language: str) -> bool:
    """By fontconfig, which every browser brings along."""
    command = ("fc-list", f":lang={language}")
    return bool(shutil.which("fc-list") and subprocess.check_output(command).strip())


def _install(package: str) -> None:
    """Try to; the lists of a new machine are empty, or out of date. A server that it starts, as
    Debian does, is not ours: nothing here uses its port."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}  # Postfix asks what it is for
    for command in (("update",), ("install", "--no-install-recommends", package)):
        subprocess.run((*_APT, *command), check=False, stdout=subprocess.DEVNULL, env=environment)


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


def _found(name: str) -> str | None:
    path = os.pathsep.join([os.environ.get("PATH", ""), *_FOLDERS])
    names = (name, *_ALSO_CALLED.get(name, ()))
    return next(filter(None, (shutil.which(one, path=path) for one in names)), None)


def main() -> int:
    """Find or install them all; name those that are missing."""
    missing = []
    for require, names in ((find_program, PACKAGES), (require_font, FONTS)):
        for name in names:
            try:
                require(name)
            except NotInstalled as error:
                missing.append(str(error))
    sys.stderr.write("".join(f"{one}\n" for one in missing))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
