"""A partner's colour, and what is written on it so that everybody can read it.

Source: WCAG 2.2, success criterion 1.4.3 (AA: 4.5:1) and its definition of relative luminance.
"""

from typing import Annotated

from pydantic import AfterValidator, Field

LEAST_CONTRAST = 4.5
BLACK, WHITE = "#000000", "#ffffff"

BrandColor = Annotated[
    str,
    Field(
        pattern=r"^#[0-9A-Fa-f]{6}$",
        description="the colour of the tracking page's head; the text on it is black or white, "
        "whichever can be read better",
        examples=["#0b6e4f"],
    ),
    AfterValidator(str.lower),
]
"""`#rrggbb`, in small letters."""


def text_color_on(background: str) -> str:
    """Black or white, whichever contrasts more: one of the two always has 4.58:1 at least."""
    return max((BLACK, WHITE), key=lambda color: contrast(color, background))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (`#rrggbb`), from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(int(color[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
