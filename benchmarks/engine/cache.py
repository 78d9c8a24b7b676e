"""What an engine is made of lies in the user's cache, by what pins it, and is made once."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

PINS = Path(__file__).parent
"""The folder of the files that pin versions and hashes."""


def cache_folder() -> Path:
    """Where the user keeps what can be made again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "doorstep" / "engine"


def made_once(cache: Path, name: str, pins: tuple[str, ...], make: Callable[[Path], None]) -> Path:
    """The folder of this name for these files of `PINS`; where it is missing, `make` fills it.

    It appears whole: what failed or was interrupted leaves nothing.
    """
    pinned = b"".join((PINS / one).read_bytes() for one in pins)
    folder = cache / f"{name}-{hashlib.sha256(pinned).hexdigest()[:12]}"
    if folder.exists():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=cache) as making:
        made = Path(making, "made")
        make(made)
        try:
            made.rename(folder)
        except OSError:
            if not folder.exists():  # else somebody else made it meanwhile
                raise
    return folder
