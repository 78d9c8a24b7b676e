"""What a partner's re-deliveries and texts cost, in rupees: inputs that are not ours."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from contracts.payload.numbers import Amount

_PART_PRICE = r"^[0-9]{1,4}(\.[0-9]{1,4})?$"
_WRITTEN_PART_PRICE = re.compile(_PART_PRICE[1:-1])


@dataclass(frozen=True)
class Prices:
    """Of one partner, as they are today; None: nobody has said."""

    redelivery: Decimal | None = None
    sms_part: Decimal | None = None


def _written_price(value: object) -> object:
    """A string, as money is everywhere: a float is no amount."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str) and _WRITTEN_PART_PRICE.fullmatch(value):
        return value
    raise ValueError("send a price as a decimal string such as '0.1725'")


RedeliveryCost = Annotated[
    Amount | None,
    Field(
        description="what driving a parcel around once more costs, in rupees; null: nobody has "
        "said, and no saving is told",
        examples=["80.00"],
    ),
]

SmsPartPrice = Annotated[
    Annotated[
        Decimal,
        BeforeValidator(_written_price),
        Field(ge=0, max_digits=8, decimal_places=4),
        AfterValidator(lambda price: abs(price).quantize(Decimal("0.0001"))),
        WithJsonSchema({"type": "string", "pattern": _PART_PRICE, "examples": ["0.1725"]}),
    ]
    | None,
    Field(description="what one part of a text costs, in rupees; null: nobody has said"),
]
