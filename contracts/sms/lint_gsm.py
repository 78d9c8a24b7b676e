"""The linter's advice on the few characters that make an otherwise GSM-7 text UCS-2."""

from collections.abc import Mapping
from unicodedata import category, name, normalize

from contracts.sms.parts import outside_gsm, parts_of
from contracts.sms.rendering import rendered

_MOST_DEAD_LETTERS = 3
"""A text with more letters outside GSM-7 is written in another script, and meant to be."""

_INSTEAD: Mapping[str, str] = {
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{GRAVE ACCENT}": "'",
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{BULLET}": "-",
    "\N{INDIAN RUPEE SIGN}": "Rs",
    "\N{HORIZONTAL ELLIPSIS}": "...",
    "\N{NO-BREAK SPACE}": " ",
    "\N{DEVANAGARI DANDA}": ".",
}


def gsm_advice(text: str, usual: Mapping[str, str]) -> str | None:
    """Which characters make a template UCS-2, what that costs with usual values, and what to write
    instead; None for a GSM-7 template and for one in another script."""
    outside = outside_gsm(text)
    letters = [character for character in outside if category(character)[0] in "LM"]
    if not outside or len(letters) > _MOST_DEAD_LETTERS:
        return None
    plain = text.translate({ord(character): _instead(character) for character in outside})
    now, then = (parts_of(rendered(one, usual)).count for one in (text, plain))
    named = ", ".join(_named(character) for character in outside)
    return (
        f"{named}: outside GSM-7, which makes the whole text UCS-2; with usual values it takes "
        f"{_counted(now)} now and {_counted(then)} once that is changed"
    )


def _instead(character: str) -> str:
    """What GSM-7 has in its place: a sign like it, a letter without its accent, or nothing."""
    plain = normalize("NFKD", character)[:1]
    return _INSTEAD.get(character, plain if plain.isascii() and plain.isalpha() else "")


def _named(character: str) -> str:
    instead = _instead(character)
    advice = (
        f"write {'a plain space' if instead == ' ' else instead}" if instead else "leave it out"
    )
    known_as = f"{name(character, 'without a name')}, U+{ord(character):04X}"
    seen = category(character)[0] not in "CZ"
    return f"{character} ({known_as}: {advice})" if seen else f"{known_as} ({advice})"


def _counted(parts: int) -> str:
    return "1 part" if parts == 1 else f"{parts} parts"
