"""Values made fit for a text: no line breaks, nothing invisible, no longer than they may be."""

import re
from unicodedata import category, combining

JOINERS = "\u200c\u200d"
"""ZWNJ and ZWJ: invisible, but the Indian scripts are spelt with them."""

_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
"""Letters and marks that show nothing (Unicode's Default_Ignorable_Code_Point): a name of nothing
else is none."""

_VIRAMA = 9  # the canonical combining class of the signs that join two consonants
_BETWEEN_DIGITS = r"[\s().-]*"


def cleaned(text: str) -> str:
    """The text with single spaces for white space and control characters, and nothing invisible.

    What only steers layout, shows nothing or cannot be sent (format characters other than the
    joiners, fillers, lone surrogates) is left out. Braces and brackets are characters like others.
    """
    spaced = "".join(_visible(character) for character in text)
    return " ".join(spaced.split()).strip(JOINERS + " ")


def cut(text: str, longest: int) -> str:
    """At most `longest` characters (code points) from the beginning, in whole written syllables.

    A mark, virama or joiner at the cut would read as another letter or hang in the air, so the
    syllable that does not fit is left out with it.
    """
    if len(text) <= longest:
        return text
    end = longest
    while end and _inside_syllable(text, end):
        end -= 1
    if not end:  # one endless syllable, as nobody writes it
        end = longest
        while end and _joins(text[end - 1]):
            end -= 1
    return text[:end].rstrip(JOINERS + " ")


def without_phone(text: str, phone: str) -> str:
    """The text without this phone (E.164), however its digits are grouped and with any prefix."""
    national = phone.lstrip("+")[-10:]
    digits = _BETWEEN_DIGITS.join(national)
    return re.sub(rf"\+?(?:0{{0,2}}91|0)?{_BETWEEN_DIGITS}{digits}\)?", " ", text, flags=re.ASCII)


def _visible(character: str) -> str:
    kind = category(character)
    if character.isspace() or kind in ("Cc", "Zl", "Zp"):
        return " "
    if character in JOINERS:
        return character
    return "" if kind in ("Cf", "Cs") or character in _BLANK else character


def _inside_syllable(text: str, end: int) -> bool:
    """Whether the character at `end` is written as one with what stands before it."""
    after = text[end]
    if category(after).startswith("M") or after in JOINERS:
        return True
    return _joins(text[end - 1]) and not after.isspace()


def _joins(character: str) -> bool:
    return combining(character) == _VIRAMA or character in JOINERS
