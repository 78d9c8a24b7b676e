"""What several groups of data are made of: money, places, evidence, and the base of all of them.

The docstring below a field is its meaning: in the published schema, in the API's document, in the
tables for merchants and for the order-management system. It says after "; null" when it is null.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from contracts.payload.fields import Amount, Currency, Latitude, Longitude, Text, Url, UtcDatetime


class Group(BaseModel):
    """Base of everything inside `data`: unknown fields refused, inputs never shown in errors."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        json_schema_serialization_defaults_required=True,
        use_attribute_docstrings=True,
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
