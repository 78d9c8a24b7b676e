"""Colours as `#rrggbb`: how well one is read on another, and how one is made readable.

The contrast is that of WCAG 2.2; mixing is done on the values as they are written, as a browser's
`color-mix(in srgb, …)` does.
"""

import re

READABLE = 4.5
"""The least contrast of text to its ground (WCAG 2.2, 1.4.3)."""

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_STEPS = 100


def is_colour(text: str) -> bool:
    """Whether this is `#rrggbb`, in small letters."""
    return _COLOUR.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """From 1 for two that are equally light, to 21 for black and white."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """So much of the one, from 0 to 1, and the rest of the other."""
    parts = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in parts)


def readable(colour: str, grounds: tuple[str, ...], towards: str) -> str:
    """The colour, or the nearest to it on the way to another that is readable on every ground."""
    for step in range(_STEPS + 1):
        nearest = mixed(towards, colour, step / _STEPS)
        if all(contrast(nearest, ground) >= READABLE for ground in grounds):
            return nearest
    return towards


def _parts(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
