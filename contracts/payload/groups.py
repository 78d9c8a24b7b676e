"""The six groups of data that an event may carry, field by field (design, section 6).

One model serves both directions. On input a nullable field may be left out and reads as null;
on output every field is there, null or not. pydantic's two JSON Schema modes tell exactly that:
`validation` is what the order-management system may send, `serialization` what partners receive.
"""

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.payload.fields import (
    Amount,
    Count,
    Country,
    Currency,
    EventPhone,
    EventTime,
    Flag,
    Latitude,
    Longitude,
    MaskedPhone,
    OrderId,
    Ordinal,
    OtpCode,
    Pincode,
    Text,
    Url,
    UtcDatetime,
    mask_phone,
)
from contracts.payload.phones import UNKNOWN_MASKED, read_phone, says_nobody


class Group(BaseModel):
    """Base of everything inside `data`: unknown fields refused, inputs never shown in errors."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        json_schema_serialization_defaults_required=True,
    )


class Money(Group):
    """An amount and its currency."""

    amount: Amount
    currency: Currency = "INR"


class CollectedMoney(Money):
    """Cash on delivery as it was really collected."""

    mode: Literal["cash", "upi", "card", "other"] | None = None


class Place(Group):
    """A point on the map."""

    latitude: Latitude
    longitude: Longitude


class TimedPlace(Place):
    """A point and when somebody was there."""

    recorded_at: UtcDatetime


class Evidence(Group):
    """A photo, signature or document: where it lies and when it was made."""

    type: Text
    url: Url
    captured_at: UtcDatetime


class Customer(Group):
    """Who receives the parcel."""

    name: Text | None = None
    phone: EventPhone = None


class Address(Group):
    """Where the parcel goes."""

    line1: Text | None = None
    line2: Text | None = None
    city: Text
    state: Text
    pincode: Pincode
    country: Country = "IN"
    latitude: Latitude | None = None
    longitude: Longitude | None = None


class PickupLocation(Group):
    """Where the parcel comes from."""

    id: Text | None = None
    name: Text | None = None
    city: Text | None = None


class Destination(Group):
    """Where a return goes."""

    name: Text
    city: Text
    pincode: Pincode


class Order(Group):
    """The order, its shipment and its customer; part of every event."""

    order_id: OrderId
    partner_order_ref: Text | None = None
    shipment_id: Text
    awb_number: Text | None = None
    source: Literal["shopify", "ondc", "api", "manual"] | None = None
    status: Text
    previous_status: Text | None = None
    service_type: Literal["hyperlocal", "intercity"] | None = None
    payment_mode: Literal["prepaid", "cod"]
    cod_amount: Money | None = None
    customer: Customer | None = None
    delivery_address: Address
    pickup_location: PickupLocation | None = None
    package_count: Ordinal = 1
    weight_grams: Count | None = None
    ordered_at: UtcDatetime
    promised_at: EventTime = None
    estimated_delivery_at: EventTime = None
    attempt_number: Count = Field(default=0, description="0 before the first attempt")
    tracking_url: Url | None = None


class Rider(Group):
    """Who carries the parcel. `phone_masked` is made from `phone` where it is not sent."""

    rider_id: Text
    name: Text
    phone: EventPhone = None
    phone_masked: MaskedPhone = Field(default="", validate_default=False)
    vehicle_type: (
        Literal["two_wheeler", "three_wheeler", "four_wheeler", "truck", "other"] | None
    ) = None
    vehicle_number: Text | None = None
    location: TimedPlace | None = None
    eta_at: EventTime = None

    @model_validator(mode="before")
    @classmethod
    def _take_an_unknown_phone(cls, value: Any) -> Any:
        """A phone that was sent and says nothing takes no rider, and no event, with it."""
        if not isinstance(value, dict):
            return value
        phone, mask = value.get("phone"), value.get("phone_masked")
        masked = None if says_nobody(mask) else mask
        sent = isinstance(phone, str | int | float) and not isinstance(phone, bool)
        if masked is None and sent and read_phone(phone) is None:
            masked = UNKNOWN_MASKED
        others = {name: one for name, one in value.items() if name != "phone_masked"}
        return others if masked is None else {**others, "phone_masked": masked}

    @model_validator(mode="after")
    def _mask_the_phone(self) -> Self:
        if not self.phone_masked and self.phone is None:
            raise ValueError("send phone, phone_masked or both")
        if not self.phone_masked and self.phone is not None:
            object.__setattr__(self, "phone_masked", mask_phone(self.phone))
        return self


class Otp(Group):
    """The one-time code that the customer tells the rider; null once `valid_until` has passed."""

    code: OtpCode = None
    purpose: Literal["delivery"] = "delivery"
    valid_from: UtcDatetime
    valid_until: UtcDatetime

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.valid_until <= self.valid_from:
            raise ValueError("valid_until must be later than valid_from")
        return self


class Failure(Group):
    """Why an attempt at the door failed: the non-delivery report."""

    reason_code: Text = Field(examples=["customer_unavailable", "otp_mismatch"])
    reason_category: Literal["customer", "address", "payment", "verification", "carrier", "other"]
    reason_text: Text
    carrier_code: Text | None = None
    attempt_number: Ordinal
    max_attempts: Ordinal
    attempted_at: UtcDatetime
    location: Place | None = None
    evidence: list[Evidence] = Field(default_factory=list, max_length=20)
    next_action: Literal["reattempt", "reschedule", "hold", "rto", "none"]
    next_attempt_at: EventTime = None


class Return(Group):
    """A parcel on its way back: return to origin, or the customer's own return."""

    return_id: Text
    return_type: Literal["rto", "customer_return"]
    reason_code: Text
    reason_text: Text
    initiated_at: UtcDatetime
    initiated_by: Literal["customer", "partner", "carrier", "system"]
    return_awb_number: Text | None = None
    destination: Destination | None = None
    expected_return_at: EventTime = None
    attempts_made: Count
    disposition: Text | None = None


class Delivery(Group):
    """The proof of delivery."""

    delivered_at: UtcDatetime
    received_by: Text | None = None
    recipient_type: (
        Literal["customer", "family", "neighbour", "security", "reception", "mailroom", "other"]
        | None
    ) = None
    verification_method: Literal["otp", "qr", "signature", "photo", "none"]
    otp_verified: Flag
    proof: list[Evidence] = Field(default_factory=list, max_length=20)
    location: Place | None = None
    cod_collected: CollectedMoney | None = None


KNOWN_REASON_CODES: tuple[str, ...] = (
    "customer_unavailable",
    "customer_unreachable",
    "customer_refused",
    "customer_cancelled",
    "reschedule_requested",
    "address_incorrect",
    "customer_moved",
    "access_restricted",
    "premises_closed",
    "out_of_delivery_area",
    "payment_not_ready",
    "otp_unavailable",
    "otp_mismatch",
    "not_attempted",
    "vehicle_issue",
    "weather_delay",
    "shipment_damaged",
    "shipment_lost",
    "other",
)
"""Published as examples; `reason_code` is an open string."""
