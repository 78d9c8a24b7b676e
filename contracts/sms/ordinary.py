"""What a value of a text may consist of, and values made so: the symbol goes, the text stays.

Operators in India drop a text whose `{#alphanumeric#}` value has anything but letters, digits,
spaces and ordinary punctuation. So every text value is held to that, in all scripts: what has a
plain form is written in it (½ as 1/2, ₹ as Rs), the rest leaves a space.
"""

from collections.abc import Mapping
from unicodedata import category, decomposition, normalize

from contracts.sms.cleaning import JOINERS

_RUPEES = "Rs "
_INSTEAD: Mapping[str, str] = {
    **dict.fromkeys("\N{INDIAN RUPEE SIGN}\N{RUPEE SIGN}", _RUPEES),
    **dict.fromkeys("\N{TRADE MARK SIGN}\N{REGISTERED SIGN}\N{COPYRIGHT SIGN}\N{SERVICE MARK}", ""),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02b9\u02bc`\u00b4", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d", "-"),
    **dict.fromkeys("\u2044\u2215\u00f7", "/"),
    "\N{MULTIPLICATION SIGN}": "x",
}
"""Where a plain form is not Unicode's own, or costs less: one curly quote makes a text UCS-2."""

_FRACTION_SLASH = "\N{FRACTION SLASH}"


def is_ordinary(character: str) -> bool:
    """Whether it is a letter, a mark of one, a decimal digit, a space or ordinary punctuation."""
    kind = category(character)
    return kind[0] in "LMP" or kind == "Nd" or character in f" +{JOINERS}"


def ordinary(text: str) -> str:
    """The text in ordinary characters, with single spaces.

    A mark or joiner stays only behind the letter or digit that it belongs to, so that nothing of
    an emoji (variation selectors, skin tones, joiners) is left of it. A Latin letter and its accent
    become one character, which may be in GSM-7. A small or circled digit stays apart from the one
    before it: 10² is not 102.
    """
    kept = ""
    for character in text:
        if character in _INSTEAD:
            kept += _INSTEAD[character]
        elif category(character)[0] == "M" or character in JOINERS:
            kept = _with_mark(kept, character)
        else:
            plain = _plain(character)
            apart = category(character) == "No" and kept[-1:].isdigit() and plain[:1].isdigit()
            kept += f" {plain}" if apart else plain
    return " ".join(kept.split())


def _with_mark(kept: str, mark: str) -> str:
    if not _belongs(mark, kept[-1:]):
        return kept
    one = normalize("NFC", kept[-1:] + mark)
    return kept[:-1] + one if kept[-1:].isascii() and len(one) == 1 else kept + mark


def _belongs(mark: str, before: str) -> bool:
    """Whether a mark or joiner is written on what stands before it."""
    if not before or category(mark) == "Me" or _selects_variation(mark):
        return False
    kind = category(before)
    if mark in JOINERS:
        return kind[0] in "LM" and not before.isascii()
    return kind[0] in "LM" or kind == "Nd" or before in JOINERS


def _selects_variation(mark: str) -> bool:
    return (
        "\ufe00" <= mark <= "\ufe0f"
        or "\u180b" <= mark <= "\u180f"
        or "\U000e0100" <= mark <= "\U000e01ef"
    )


def _plain(character: str) -> str:
    """A character itself, its plain form, or a space."""
    if not decomposition(character).startswith("<"):
        return character if is_ordinary(character) else " "
    plain = normalize("NFKD", character)
    if category(character)[0] == "L" and not plain.isascii():
        return character  # a letter of its own script
    if _FRACTION_SLASH in plain:
        return f" {plain.replace(_FRACTION_SLASH, '/')}"  # 2½ is not 21/2
    letters = (one for one in plain if is_ordinary(one) and category(one)[0] != "M")
    return "".join(letters) or " "
