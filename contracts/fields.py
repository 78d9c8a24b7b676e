"""The scalar types of the contract: times, phones, pin codes, money.

Each one normalises what the order-management system sends into the one form that partners see.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    StringConstraints,
    WithJsonSchema,
)

_INDIAN_LOCAL = re.compile(r"(?:(?:\+|00)?91)?0?([6-9][0-9]{9})")
_SEPARATORS = re.compile(r"[\s().-]")
_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_AMOUNT = r"^(0|[1-9][0-9]{0,9})\.[0-9]{2}$"
_AMOUNT_IN = r"^[0-9]{1,10}(\.[0-9]{1,2})?$"


def to_utc(moment: datetime) -> datetime:
    """Express a moment in UTC, so that it is written with `Z`."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("send a time between the years 1 and 9999") from None


def _a_written_time(value: object) -> object:
    """Refuse Unix times, as numbers or in a string: nobody can see whether they count seconds."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise ValueError("send an RFC 3339 time with its offset, such as 2026-11-23T15:04:05+05:30")
    return value


def normalise_phone(value: object) -> object:
    """Turn a ten-digit Indian mobile number, with or without 0, 91, 0091 or +91, into E.164.

    Anything else passes through unchanged for the pattern to judge.
    """
    if not isinstance(value, str):
        return value
    compact = _SEPARATORS.sub("", value)
    indian = _INDIAN_LOCAL.fullmatch(compact)
    return f"+91{indian.group(1)}" if indian else compact


def mask_phone(phone: str) -> str:
    """Keep the country code's start and the last two digits: `+91********10`."""
    return f"{phone[:3]}{'*' * (len(phone) - 5)}{phone[-2:]}"


def _not_a_float(value: object) -> object:
    """Refuse floats: 0.1 + 0.2 is no amount of money."""
    if isinstance(value, float):
        raise ValueError("send money as a decimal string such as '499.00'")
    return value


UtcDatetime = Annotated[
    AwareDatetime,
    BeforeValidator(_a_written_time),
    AfterValidator(to_utc),
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

Phone = Annotated[
    str,
    BeforeValidator(normalise_phone),
    StringConstraints(pattern=r"^\+[1-9][0-9]{6,14}$"),
]
"""E.164; ten-digit Indian input is normalised."""

Pincode = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{5}$")]
"""An Indian postal index number: six digits, the first not 0."""

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
"""ISO 4217."""

Amount = Annotated[
    Decimal,
    BeforeValidator(_not_a_float),
    Field(ge=0, max_digits=12, decimal_places=2),
    AfterValidator(lambda amount: abs(amount).quantize(Decimal("0.01"))),  # -0 is no amount
    WithJsonSchema(
        {"type": "string", "pattern": _AMOUNT, "examples": ["499.00"]}, mode="serialization"
    ),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": _AMOUNT_IN, "examples": ["499.00"]},
                {"type": "integer", "minimum": 0, "maximum": 9_999_999_999},
            ]
        },
        mode="validation",
    ),
]
"""A decimal string with two places, such as `499.00`."""

Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00]*$"),
]
"""A short human text or identifier: never empty, and without NUL, which PostgreSQL cannot keep."""

Url = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^https?://\S+$", max_length=2000),
]
"""An absolute link that customers or partners open."""

Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]

Flag = Annotated[bool, Field(strict=True)]
"""true or false; not 1, "yes" or "off", which somebody may have meant otherwise."""
