"""The scalar types of the contract: times, pin codes, codes; those of the neighbours by one name.

Each one normalises what the order-management system sends into the one form that partners see.
"""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    StringConstraints,
    WithJsonSchema,
)

from contracts.payload.links import Url
from contracts.payload.numbers import Amount, Count, Flag, Latitude, Longitude, Ordinal
from contracts.payload.phones import EventPhone, MaskedPhone, Phone, mask_phone
from contracts.payload.text import OrderId, Text, digits_together

__all__ = [
    "Amount",
    "Count",
    "Country",
    "Currency",
    "EventPhone",
    "EventTime",
    "Flag",
    "Latitude",
    "Longitude",
    "MaskedPhone",
    "OrderId",
    "Ordinal",
    "OtpCode",
    "Phone",
    "Pincode",
    "Text",
    "Url",
    "UtcDatetime",
    "mask_phone",
    "to_utc",
]

_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_LONGEST_DIGITS = 40
_AS_A_NUMBER = re.compile(r"([1-9][0-9]{0,9})\.0+")
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_LATEST = datetime(9999, 1, 1, tzinfo=UTC)
"""Between them every time zone can show a time; beyond stand zero times (year 1) and "never"."""
_BETWEEN = "send a time between the years 1900 and 9998, or null where there is none"
_NO_YEAR = re.compile(
    r"(?:0000|-[0-9]{4,}|\+?[1-9][0-9]{4,})-[0-9]{2}-[0-9]{2}"
    r"(?:[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?)?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})?"
)
"""The zero dates of MySQL and PHP, and the last moments of JavaScript and Java."""


class _OffTheCalendar(ValueError):
    """A time that is well written and that not every time zone can show."""


def to_utc(moment: datetime) -> datetime:
    """Express a moment in UTC, so that it is written with `Z`."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise _OffTheCalendar(_BETWEEN) from None


def _on_every_calendar(moment: datetime) -> datetime:
    if not _EARLIEST <= moment < _LATEST:
        raise _OffTheCalendar(_BETWEEN)
    return moment


def _none_off_the_calendar(value: object) -> object:
    """Null for a well-written time that no calendar has: a zero time, or one that means "never"."""
    if isinstance(value, str) and _NO_YEAR.fullmatch(value):
        return None
    try:
        _on_every_calendar(to_utc(datetime.fromisoformat(str(_a_written_time(value)).upper())))
    except _OffTheCalendar:
        return None
    except ValueError:
        return value
    return value


def _a_written_time(value: object) -> object:
    """Refuse Unix times, as numbers or in a string: nobody can see whether they count seconds."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise ValueError("send an RFC 3339 time with its offset, such as 2026-11-23T15:04:05+05:30")
    return value


def _digits_together(value: object) -> object:
    """Digits as people write them, `411 001` or `411-001`, and in other scripts, as ASCII digits.
    A whole number is its digits; anything else passes through for the pattern to judge."""
    value = _as_whole_number(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if 0 < value < 10**6 else value
    if not isinstance(value, str) or len(value) > _LONGEST_DIGITS:
        return value
    return digits_together(value)


def _as_whole_number(value: object) -> object:
    """What a spreadsheet has made a number of, `411004.0`, as the whole number that it is."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    written = _AS_A_NUMBER.fullmatch(value) if isinstance(value, str) else None
    return int(written[1]) if written else value


def _code_or_null(value: object) -> object:
    """A code sent as a number has lost the zeros before it, if it had any: what has fewer digits
    than a code can have is not guessed."""
    value = _as_whole_number(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if 10**5 <= value < 10**6 else None
    return _digits_together(value)


def _capitals(value: object) -> object:
    """Of ASCII only: other letters become what nobody meant, a sharp s SS, say."""
    text = value.strip() if isinstance(value, str) else ""
    return text.upper() if text and text.isascii() else value


UtcDatetime = Annotated[
    AwareDatetime,
    BeforeValidator(_a_written_time),
    AfterValidator(to_utc),
    AfterValidator(_on_every_calendar),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-time",
            "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z$",
            "examples": ["2026-11-23T09:34:05Z"],
        },
        mode="serialization",
    ),
]
"""RFC 3339 with an offset on input, always `Z` on output."""

EventTime = Annotated[UtcDatetime | None, BeforeValidator(_none_off_the_calendar)]
"""A time that an event may lack: null where a zero time or "never" was sent."""

Pincode = Annotated[
    str,
    StringConstraints(pattern=r"^[1-9][0-9]{5}$"),
    BeforeValidator(_digits_together),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "examples": ["411004", "411 004"]},
                {"type": "integer", "minimum": 100_000, "maximum": 999_999},
            ]
        },
        mode="validation",
    ),
]
"""An Indian postal index number: six digits, the first not 0."""

OtpCode = Annotated[
    Annotated[str, StringConstraints(pattern=r"^[0-9]{4,6}$")] | None,
    BeforeValidator(_code_or_null),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "examples": ["483920"]},
                {"type": "integer"},
                {"type": "null"},
            ],
        },
        mode="validation",
    ),
]
"""Null where it cannot be known: a number with fewer than six digits."""

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), BeforeValidator(_capitals)]
"""ISO 4217."""

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$"), BeforeValidator(_capitals)]
"""ISO 3166-1, two letters."""
