"""What the pages load: our stylesheet, scripts and icon, and nothing of others.

Addresses carry a digest of the content (`doorstep.css?v=…`), so that browsers may keep what they
have for a year and never show an old page's look.
"""

import hashlib
from functools import cache
from pathlib import Path
from types import MappingProxyType

TYPES = MappingProxyType(
    {
        "doorstep.css": "text/css",
        "doorstep.js": "text/javascript",
        "icon.svg": "image/svg+xml",
        "live.js": "text/javascript",
    }
)
_OURS = Path(__file__).parent / "static"


@cache
def address_of(name: str) -> str:
    """Where a page finds a file."""
    return f"/dashboard/assets/{name}?v={hashlib.sha256(content_of(name)).hexdigest()[:12]}"


@cache
def content_of(name: str) -> bytes:
    """A file of `TYPES`."""
    return (_OURS / name).read_bytes()
