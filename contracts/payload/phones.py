"""Phones as people write them, read into E.164.

Numbers come out of address books, spreadsheets and web forms: with marks of direction that cannot
be seen, with dashes of all kinds, in the digits of other scripts, as numbers, two in one field.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StringConstraints, WithJsonSchema

from contracts.refusals import UnusableValue

E_164 = r"^\+[1-9][0-9]{6,14}$"

_LONGEST = 100
_INDIAN_MOBILE = re.compile(r"(?:(?:\+|00)?91)*0?([6-9][0-9]{9})")
_FOREIGN = re.compile(r"(?:\+|00)([1-9][0-9]{6,14})")
_INDIAN = re.compile(r"91[0-9]{10}")
_SCHEME = re.compile(r"(?:tel|phone|mob|mobile|ph)\s*[:.]\s*", re.IGNORECASE)
_EXTENSION = re.compile(r"\s*(?:;.*|(?:extension|extn|ext|x)[\s.:]*[0-9]{1,6})$", re.IGNORECASE)
_AS_A_NUMBER = re.compile(r"(\+?[0-9]{7,15})\.0+")
_BETWEEN_TWO = re.compile(r"[/,|&\\]|\s+or\s+")
_SEPARATORS = re.compile(r"[\s().'\u2018\u2019`\u00b7-]")
_NOBODY = frozenset({"", "na", "n/a", "nil", "none", "null", "nan", "undefined", "unknown", "0"})
_MASK_SIGNS = frozenset("xX*•●·#")
_MASKED = re.compile(r"[0-9+ ().xX*•●·#-]{4,32}")
_LEAST_HIDDEN = 4
UNKNOWN_MASKED = "*" * 10
"""What stands for the mask of a phone that nobody knows."""


def says_nobody(value: object) -> bool:
    """Whether a sender writes like this that there is no phone."""
    if not isinstance(value, str):
        return value is None or (value == 0 and not isinstance(value, bool))
    plain = _plain(value[:_LONGEST]).lower().replace(".", "")
    return plain in _NOBODY or not plain.strip("-_. ")


def read_phone(value: object) -> str | None:
    """The number in E.164: of several the first mobile of India, or else the first that can be
    read. None where none can."""
    text = _as_text(value)
    if text is None or len(text) > _LONGEST:
        return None
    read = [number for number in _numbers(_plain(text)) if number]
    mobiles = [one for one in read if re.fullmatch(r"\+91[6-9][0-9]{9}", one)]
    return next(iter([*mobiles, *read]), None)


def mask_phone(phone: str) -> str:
    """Keep the country code's start and the last two digits: `+91********10`."""
    return f"{phone[:3]}{'*' * (len(phone) - 5)}{phone[-2:]}"


def _as_text(value: object) -> str | None:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if 0 < value < 10**15 else None
    return value if isinstance(value, str) else None


def _plain(text: str) -> str:
    """Without what cannot be seen, every dash a hyphen, every digit one of ASCII."""
    composed = unicodedata.normalize("NFKC", text)
    return "".join(map(_plain_character, composed)).strip()


def _plain_character(one: str) -> str:
    category = unicodedata.category(one)
    if category == "Nd":
        return str(unicodedata.decimal(one))
    if category == "Cf":
        return ""
    return "-" if category == "Pd" or one == "\u2212" else one


def _numbers(plain: str) -> Iterator[str | None]:
    """What each of the numbers in a field reads as."""
    for part in _BETWEEN_TWO.split(plain):
        number = _SCHEME.sub("", part.strip().lstrip("'"), count=1)
        yield _in_e_164(_EXTENSION.sub("", number))


def _in_e_164(number: str) -> str | None:
    whole = _AS_A_NUMBER.fullmatch(number)
    compact = _SEPARATORS.sub("", whole.group(1) if whole else number)
    doubled = re.sub(r"^(\+91)\+91", r"\1", compact)
    mobile = _INDIAN_MOBILE.fullmatch(doubled)
    if mobile:
        return f"+91{mobile.group(1)}"
    foreign = _FOREIGN.fullmatch(doubled)
    if foreign is None or (foreign[1].startswith("91") and not _INDIAN.fullmatch(foreign[1])):
        return None
    return f"+{foreign[1]}"


def _phone(value: object) -> str:
    number = read_phone(value)
    if number is None:
        raise UnusableValue(
            "send a phone number: ten digits of India, or + with its country code", cause="phone"
        )
    return number


def _phone_or_nobody(value: object) -> object:
    """A phone that nobody can read is nobody's: the event is worth more than it."""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return read_phone(value)
    return value


def _masked(mask: str) -> str:
    """A mask as it was made, or made here where it hides too little."""
    if not _MASKED.fullmatch(mask):
        raise ValueError("send digits with * or X for those that are hidden, at most 32 characters")
    if sum(one in _MASK_SIGNS for one in mask) >= _LEAST_HIDDEN:
        return mask
    return mask_phone(read_phone(mask) or re.sub(r"[^0-9+]", "", mask).rjust(7, "*"))


Phone = Annotated[
    str,
    StringConstraints(pattern=E_164),
    BeforeValidator(_phone),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string"}, {"type": "integer"}],
            "description": "as people write it; ten digits are of India",
            "examples": ["98123 45678", "+919812345678"],
        },
        mode="validation",
    ),
]
"""E.164, read from what people write; where a person waits for the answer, else refused."""

EventPhone = Annotated[
    Phone | None,
    BeforeValidator(_phone_or_nobody),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string"}, {"type": "number"}, {"type": "null"}],
            "examples": ["+919876543210", "98765 43210"],
        },
        mode="validation",
    ),
]
"""The same in an event, which is not refused for it: null where nobody can read it."""

MaskedPhone = Annotated[str, StringConstraints(max_length=32), AfterValidator(_masked)]
"""A phone of which at most the ends are shown, such as `+91********10` or `98XXXXXX10`."""
