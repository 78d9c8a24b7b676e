"""Where Chromium is on this machine, and how it is started."""

import os
import shutil
import subprocess
from typing import Any

_INSTALL = ("apt-get", "install", "--yes", "--option=DPkg::Lock::Timeout=300", "chromium")
"""Waits where another process installs it just now."""

_NAMES = ("chromium", "chromium-browser", "google-chrome")


class NoChromium(Exception):
    """There is none, and it cannot be installed."""


def find_chromium() -> str:
    """The browser of this machine. As root on Debian it is installed where it is missing."""
    found = _found()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(_INSTALL, check=False)
        found = _found()
    if found is None:
        raise NoChromium("install Chromium (apt-get install chromium), or put it on the path")
    return found


def launch_options(path: str | None = None) -> dict[str, Any]:
    """How playwright starts it; as root it cannot run in its own sandbox."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": path or find_chromium(), "args": arguments}


def _found() -> str | None:
    return next(filter(None, map(shutil.which, _NAMES)), None)
