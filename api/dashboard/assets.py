"""What the pages load: our stylesheet and script, and htmx out of the package `django-htmx`.

Addresses carry a digest of the content (`doorstep.css?v=…`), so that browsers may keep what they
have for a year and never show an old page's look.
"""

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

TYPES = MappingProxyType(
    {
        "doorstep.css": "text/css",
        "doorstep.js": "text/javascript",
        "htmx.js": "text/javascript",
        "icon.svg": "image/svg+xml",
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
    if name == "htmx.js":
        return (files("django_htmx") / "static" / "django_htmx" / "htmx-2.min.js").read_bytes()
    return (_OURS / name).read_bytes()
