"""How Chromium is found on this machine, and how it is started."""

import os
from typing import Any

from tests.support.programs import find_program


def find_chromium() -> str:
    """The browser of this machine."""
    return find_program("chromium")


def launch_options(path: str | None = None) -> dict[str, Any]:
    """How playwright starts it; as root it cannot run in its own sandbox."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": path or find_chromium(), "args": arguments}
