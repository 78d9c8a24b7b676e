"""What a page loads: one stylesheet, with the partner's colour in it, and one script.

Addresses carry a digest of the content, and the colour, so that browsers may keep what they have
for a year. The colour is in the stylesheet because the policy lets no page have a style of its own.
"""

import hashlib
import re
from functools import cache
from pathlib import Path

from contracts.tracking.brand import text_color_on
from contracts.tracking.links import PAGE_PATH

STYLE, SCRIPT = "tracking.css", "tracking.js"
TYPES = {STYLE: "text/css", SCRIPT: "text/javascript"}
DEFAULT_BRAND = "1d4f91"

_OURS = Path(__file__).parent / "static"
_COLOR = re.compile(r"[0-9a-f]{6}")


def style_address(brand_color: str | None) -> str:
    """Where a page finds the stylesheet with a partner's colour (`#rrggbb`)."""
    brand = (brand_color or DEFAULT_BRAND).removeprefix("#")
    return f"{_address(STYLE)}&brand={brand}"


def script_address() -> str:
    """Where a page finds the script."""
    return _address(SCRIPT)


def content_of(name: str, brand: str | None = None) -> bytes:
    """A file of `TYPES`; the stylesheet with a colour (`rrggbb`), our own for what is none."""
    if name != STYLE:
        return _read(name)
    color = f"#{brand}" if brand and _COLOR.fullmatch(brand) else f"#{DEFAULT_BRAND}"
    colors = f":root{{--brand:{color};--on-brand:{text_color_on(color)}}}\n"
    return colors.encode() + _read(name)


@cache
def _address(name: str) -> str:
    digest = hashlib.sha256(_read(name)).hexdigest()[:12]
    return f"{PAGE_PATH}/assets/{name}?v={digest}"


@cache
def _read(name: str) -> bytes:
    return (_OURS / name).read_bytes()
