"""What several groups of data are made of: money, places, evidence, and the base of all of them.

The docstring below a field is its meaning: in the published schema, in the API's document, in the
tables for merchants and for the order-management system. It says after "; null" when it is null.
"""

from functools import cache
from types import NoneType
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, model_validator

from contracts.payload.fields import Amount, Currency, Latitude, Longitude, Text, Url, UtcDatetime


def is_blank(value: object) -> bool:
    """Whether a sender writes like this that there is nothing: many systems know no null."""
    return isinstance(value, str) and (not value or value.isspace())


class Group(BaseModel):
    """Base of everything inside `data`: unknown fields refused, inputs never shown in errors, and
    blanks taken as null wherever a field may be null."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        json_schema_serialization_defaults_required=True,
        use_attribute_docstrings=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _take_blanks_as_null(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        blank = [name for name, one in value.items() if is_blank(one) and name in _nullable(cls)]
        return {**value, **dict.fromkeys(blank)} if blank else value


@cache
def _nullable(group: type[Group]) -> frozenset[str]:
    """The fields of a group that may be null, by their names on the wire."""
    fields = group.model_fields.items()
    return frozenset(
        field.alias or name for name, field in fields if NoneType in get_args(field.annotation)
    )


class Money(Group):
    """An amount and its currency."""

    amount: Amount
    """a decimal string with two places: read it as a decimal, never as a float"""
    currency: Currency = "INR"
    """ISO 4217"""


class CollectedMoney(Money):
    """Cash on delivery as it was really collected."""

    mode: Literal["cash", "upi", "card", "other"] | None = None
    """how it was paid; null where the rider did not note it"""


class Place(Group):
    """A point on the map."""

    latitude: Latitude
    """degrees north, WGS 84"""
    longitude: Longitude
    """degrees east, WGS 84"""


class TimedPlace(Place):
    """A point and when somebody was there."""

    recorded_at: UtcDatetime
    """when the position was taken"""


class Evidence(Group):
    """A photo, signature or document: where it lies and when it was made."""

    type: Text
    """what it is, such as `photo` or `signature`; an open list"""
    url: Url
    """where it can be fetched; it belongs to the carrier and may stop working"""
    captured_at: UtcDatetime
    """when it was made"""
