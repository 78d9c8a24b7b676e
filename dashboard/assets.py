"""What the pages load: our stylesheet, scripts and drawings, and nothing of others.

Addresses carry a digest of the content (`doorstep.css?v=…`), so that browsers may keep what they
have for a year and never show an old page's look. The stylesheet is written in several files and
served as one.
"""

import hashlib
from functools import cache
from pathlib import Path
from types import MappingProxyType

TYPES = MappingProxyType(
    {
        "doorstep.css": "text/css",
        "doorstep.js": "text/javascript",
        "forms.js": "text/javascript",
        "icon.svg": "image/svg+xml",
        "icons.svg": "image/svg+xml",
        "live.js": "text/javascript",
        "ops.css": "text/css",
    }
)
_OURS = Path(__file__).parent / "static"
_LOOK = ("tokens", "frame", "parts", "tables", "forms", "charts", "pages", "print")


@cache
def address_of(name: str) -> str:
    """Where a page finds a file."""
    return f"/dashboard/assets/{name}?v={hashlib.sha256(content_of(name)).hexdigest()[:12]}"


@cache
def content_of(name: str) -> bytes:
    """A file of `TYPES`."""
    if name == "doorstep.css":
        return b"\n".join((_OURS / "look" / f"{part}.css").read_bytes() for part in _LOOK)
    return (_OURS / name).read_bytes()
