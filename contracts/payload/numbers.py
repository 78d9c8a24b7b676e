"""Numbers of the contract: numbers and nothing that reads like one, within what everybody keeps.

JavaScript keeps whole numbers up to 2**53 - 1, a typed receiver often up to 2**31 - 1, and so does
an INTEGER of PostgreSQL.
"""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, Strict, WithJsonSchema

MOST_WHOLE = 2**31 - 1

_AMOUNT = r"^(0|[1-9][0-9]{0,9})\.[0-9]{2}$"
_AMOUNT_IN = r"^[0-9]{1,10}(\.[0-9]{1,2})?$"
_WRITTEN_AMOUNT = re.compile(_AMOUNT_IN[1:-1])
_MOST_RUPEES = 9_999_999_999


def _written_amount(value: object) -> object:
    """Only what the published pattern says: Decimal itself reads 1e3, 1_0 and digits of all
    scripts, and a float is no amount of money."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_RUPEES:
        return value
    if isinstance(value, str) and _WRITTEN_AMOUNT.fullmatch(value):
        return value
    raise ValueError("send money as a decimal string such as '499.00'")


Count = Annotated[int, Strict(), Field(ge=0, le=MOST_WHOLE)]
Ordinal = Annotated[int, Strict(), Field(ge=1, le=MOST_WHOLE)]
"""Counted from 1."""

Latitude = Annotated[float, Strict(), Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Strict(), Field(ge=-180, le=180, allow_inf_nan=False)]

Amount = Annotated[
    Decimal,
    BeforeValidator(_written_amount),
    Field(ge=0, max_digits=12, decimal_places=2),
    AfterValidator(lambda amount: abs(amount).quantize(Decimal("0.01"))),  # -0 is no amount
    WithJsonSchema(
        {"type": "string", "pattern": _AMOUNT, "examples": ["499.00"]}, mode="serialization"
    ),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": _AMOUNT_IN, "examples": ["499.00"]},
                {"type": "integer", "minimum": 0, "maximum": _MOST_RUPEES},
            ]
        },
        mode="validation",
    ),
]
"""A decimal string with two places, such as `499.00`."""

Flag = Annotated[bool, Strict()]
"""true or false; not 1, "yes" or "off", which somebody may have meant otherwise."""
