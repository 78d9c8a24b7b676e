"""How many parts a text is sent in, and which characters make it dearer.

GSM-7 fits 160 septets in one message, or 153 in each part of a longer one. One character outside
its alphabet makes the whole text UCS-2, with 70 code units, or 67 a part. Twilio bills by the part.

Sources: 3GPP TS 23.038 (the default alphabet and its extension table, section 6.2.1) and TS 23.040
(the header of each part); Twilio's documentation of its character limits.
"""

from dataclasses import dataclass
from enum import StrEnum

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")


class Encoding(StrEnum):
    """How the characters of a text are sent."""

    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


@dataclass(frozen=True)
class Parts:
    """How a text is sent: `count` parts with `characters` in all.

    `characters` counts what fills a part: in GSM-7 septets, two for each character of the extension
    table; in UCS-2 UTF-16 code units, two for an emoji.
    """

    encoding: Encoding
    count: int
    characters: int


def parts_of(text: str) -> Parts:
    """Count the parts of a text; an empty one still takes a message."""
    if outside_gsm(text):
        return _counted(Encoding.UCS_2, [2 if ord(c) > 0xFFFF else 1 for c in text], 70, 67)
    return _counted(Encoding.GSM_7, [2 if c in _EXTENDED else 1 for c in text], 160, 153)


def outside_gsm(text: str) -> list[str]:
    """The characters that GSM 03.38 does not have, each once, in order of appearance."""
    return list(dict.fromkeys(c for c in text if c not in _BASIC and c not in _EXTENDED))


def _counted(encoding: Encoding, widths: list[int], single: int, each: int) -> Parts:
    """Fill parts one after the other; the two halves of a character stay in one part."""
    total = sum(widths)
    if total <= single:
        return Parts(encoding, 1, total)
    count, used = 1, 0
    for width in widths:
        if used + width > each:
            count, used = count + 1, 0
        used += width
    return Parts(encoding, count, total)
