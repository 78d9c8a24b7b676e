"""What orders are found by: numbers and names in the one form in which they are compared, and what
somebody may mean who types into a search field.

Only letters and digits count, in small letters: `#ORD-B 012` is `ordb012`.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from contracts.payload.phones import read_phone

LONGEST_TERM = 64
"""Of a number, or a word of a name: what follows is not compared. It keeps index entries small."""
MOST_WORDS = 6
"""Of a name that are kept to be found by."""
MOST_WORDS_ASKED = 3
SHORTEST_PART = 3
"""Of a number of which only the beginning is typed."""

_LONGEST_TYPED = 300
_NOT_SEEN = ("Cc", "Cf", "Cs")
_NOT_PLAIN = re.compile(r"[^a-z0-9]")
_EVENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LAST_FOUR = re.compile(r"(?:[+0-9 -]{0,6}[.*xX\u2022\u25cf\u00b7]+[ -]*)?([0-9]{4})")
"""Alone, or behind what stands for the others: `*3210`, `…3210`, `+91 xxxxx x3210`."""
_OPEN = re.compile(r"#?(?=[^a-zA-Z]*[a-zA-Z])(?=[^0-9]*[0-9])[A-Za-z0-9._/-]{1,64}")
_LONG_DIGITS = re.compile(r"[0-9]{10}")


class NumberKind(StrEnum):
    """Whose number of an order it is."""

    ORDER = "order"
    REF = "ref"
    AWB = "awb"


@dataclass(frozen=True)
class SearchText:
    """What a text may mean, each None where it cannot mean that. `number` is in its compared form,
    `words` are those of a name, the longest first."""

    number: str | None = None
    event_id: str | None = None
    phone: str | None = None
    last_four: str | None = None
    words: tuple[str, ...] = ()

    @property
    def means_nothing(self) -> bool:
        """Whether there is nothing to look for."""
        return self == SearchText()

    @property
    def part(self) -> str | None:
        """The number, where it is long enough to be the beginning of one."""
        return self.number if self.number and len(self.number) >= SHORTEST_PART else None


def plain_number(number: str) -> str:
    """The form in which numbers are compared. What has neither letter nor digit stays as it is."""
    if number.isascii():
        plain = _NOT_PLAIN.sub("", number.lower())
    else:
        kept = "".join(one for one in _folded(number) if unicodedata.category(one)[0] in "LNM")
        plain = _folded(kept)  # a mark may have come beside a letter
    return (plain or visible(_folded(number)))[:LONGEST_TERM]


def name_words(name: str) -> list[str]:
    """The words of a name that it is found by; a single letter is none."""
    parted = "".join(one if unicodedata.category(one)[0] in "LNM" else " " for one in _folded(name))
    words = dict.fromkeys(word[:LONGEST_TERM] for word in parted.split() if len(word) > 1)
    return list(words)[:MOST_WORDS]


def last_four(phone: str) -> str:
    """The last four digits of a number (E.164)."""
    return phone[-4:]


def read_search(typed: str) -> SearchText:
    """What somebody may mean who types this."""
    text = visible(_composed(typed[:_LONGEST_TYPED]))
    ends_in = _LAST_FOUR.fullmatch(text)
    words = () if re.search(r"\d", text) else name_words(text)
    return SearchText(
        number=plain_number(text) or None,
        event_id=text if _EVENT_ID.fullmatch(text) else None,
        phone=read_phone(text),
        last_four=ends_in[1] if ends_in else None,
        words=tuple(sorted(words, key=len, reverse=True)[:MOST_WORDS_ASKED]),
    )


def may_stand_in_addresses(typed: str) -> bool:
    """Whether what was typed is nobody's name or phone for certain: a number of an order, letters
    and digits in one word. Digits alone may be a phone."""
    return bool(_OPEN.fullmatch(typed)) and not _LONG_DIGITS.search(typed)


def visible(text: str) -> str:
    """The text on one line, without control characters and marks that cannot be seen."""
    kept = (" " if unicodedata.category(one) in _NOT_SEEN else one for one in text)
    return " ".join("".join(kept).split())


def _folded(text: str) -> str:
    return _composed(_composed(text).casefold())


def _composed(text: str) -> str:
    """One way of writing each letter, and the digits of all scripts as those of ASCII."""
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(one, one)) for one in composed)
