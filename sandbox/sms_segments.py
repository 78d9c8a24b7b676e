"""How many parts a text message is sent in: GSM 03.38 and UCS-2.

GSM-7 fits 160 characters in one message, or 153 in each part; one character outside its alphabet
makes the whole message UCS-2 with 70, or 67 a part. A character is never split between parts.
"""

from dataclasses import dataclass
from typing import Literal

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")


@dataclass(frozen=True)
class Segments:
    """The encoding of a text and the number of its parts."""

    encoding: Literal["GSM-7", "UCS-2"]
    count: int


def segments(text: str) -> Segments:
    """Count the parts of a text; an empty one still takes a message."""
    if all(character in _BASIC or character in _EXTENDED for character in text):
        return Segments("GSM-7", _parts([2 if c in _EXTENDED else 1 for c in text], 160, 153))
    return Segments("UCS-2", _parts([2 if ord(c) > 0xFFFF else 1 for c in text], 70, 67))


def _parts(widths: list[int], single: int, each: int) -> int:
    if sum(widths) <= single:
        return 1
    parts, used = 1, 0
    for width in widths:
        if used + width > each:
            parts, used = parts + 1, 0
        used += width
    return parts
