"""What the pages load: our stylesheet, scripts and drawings, and nothing of others.

Addresses carry a digest of the content (`doorstep.css?v=…`), so that browsers may keep what they
have for a year and never show an old page's look. The stylesheet is written in several files and
served as one.
"""

import gzip
import hashlib
import re
from functools import cache
from pathlib import Path
from types import MappingProxyType

from dashboard.fonts import FOLDER, font_face, fonts_here

_HERE = fonts_here()
_FONTS = frozenset(font.name for font in _HERE)
TYPES = MappingProxyType(
    {
        **dict.fromkeys(_FONTS, "font/woff2"),
        "doorstep.css": "text/css",
        "doorstep.js": "text/javascript",
        "forms.js": "text/javascript",
        "icon.svg": "image/svg+xml",
        "icons.svg": "image/svg+xml",
        "live.js": "text/javascript",
        "selection.js": "text/javascript",
        "orders.css": "text/css",
    }
)
ASSETS = "/dashboard/assets"
_OURS = Path(__file__).parent / "static"
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
_LOOK = ("tokens", "frame", "parts", "tables", "forms", "charts", "pages", "ops", "print")


@cache
def address_of(name: str) -> str:
    """Where a page finds a file."""
    return f"{ASSETS}/{name}?v={hashlib.sha256(content_of(name)).hexdigest()[:8]}"


@cache
def content_of(name: str) -> bytes:
    """A file of `TYPES`."""
    if name == "doorstep.css":
        return _style()
    if name in _FONTS:
        return (FOLDER / name).read_bytes()
    return (_OURS / name).read_bytes()


@cache
def packed_content_of(name: str) -> bytes | None:
    """The same, as it is sent to a browser that unpacks it; None where that saves nothing. Pages
    themselves are not packed: how well one is would tell of the secrets in it (BREACH)."""
    packed = gzip.compress(content_of(name), mtime=0)
    return packed if len(packed) < 0.9 * len(content_of(name)) else None


def _style() -> bytes:
    """Every part of the stylesheet without its comments, and the fonts that are here."""
    parts = [_COMMENT.sub("", (_OURS / "look" / f"{part}.css").read_text()) for part in _LOOK]
    return "\n".join([*parts, *(font_face(one, address_of(one.name)) for one in _HERE)]).encode()
