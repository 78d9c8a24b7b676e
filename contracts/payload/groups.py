"""The groups of data that an event may carry, field by field (design, section 6), with those of the
neighbours by one name.

One model serves both directions. On input a nullable field may be left out and reads as null;
on output every field is there, null or not. pydantic's two JSON Schema modes tell exactly that:
`validation` is what the order-management system may send, `serialization` what partners receive.
"""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from contracts.payload.fields import (
    Count,
    EventPhone,
    EventTime,
    Flag,
    MaskedPhone,
    Ordinal,
    OtpCode,
    Pincode,
    Text,
    UtcDatetime,
    mask_phone,
)
from contracts.payload.group_parts import (
    CollectedMoney,
    Evidence,
    Group,
    Money,
    Place,
    TimedPlace,
)
from contracts.payload.order_group import Order
from contracts.payload.phones import UNKNOWN_MASKED, read_phone, says_nobody
from contracts.payload.reason_codes import KNOWN_REASON_CODES

__all__ = [
    "KNOWN_REASON_CODES",
    "Delivery",
    "Failure",
    "Group",
    "Money",
    "Order",
    "Otp",
    "Return",
    "Rider",
]


class Rider(Group):
    """Who carries the parcel. `phone_masked` is made from `phone` where it is not sent."""

    rider_id: Text
    """the carrier's id of the rider"""
    name: Text
    """the rider's name"""
    phone: EventPhone = None
    """E.164 as it goes out, taken as people write it; null where there is none or nobody can
    read it"""
    phone_masked: MaskedPhone = Field(default="", validate_default=False)
    """the phone with its middle hidden, to be shown: stars only where none is known; made of
    `phone` where it is not sent, and one of the two is needed"""
    vehicle_type: (
        Literal["two_wheeler", "three_wheeler", "four_wheeler", "truck", "other"] | None
    ) = None
    """what the rider drives; null where that is not noted"""
    vehicle_number: Text | None = None
    """the registration on its plate; null where that is not noted"""
    location: TimedPlace | None = None
    """where the rider was; null where nobody knows"""
    eta_at: EventTime = None
    """when the rider is expected at the door; null where nobody knows, and once it is over"""

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
    """4 to 6 digits, as a string: a number loses the zeros before it; null once there are no more
    than 20 s until `valid_until`, and where it could not be read"""
    purpose: Literal["delivery"] = "delivery"
    """what the code is for"""
    valid_from: UtcDatetime
    """from when the rider takes the code"""
    valid_until: UtcDatetime
    """until when the rider takes the code: delete it then; later than `valid_from`"""

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.valid_until <= self.valid_from:
            raise ValueError("valid_until must be later than valid_from")
        return self


class Failure(Group):
    """Why an attempt at the door failed: the non-delivery report."""

    reason_code: Text = Field(examples=["customer_unavailable", "otp_mismatch"])
    """why, of an open list: take one that is not known as `other`"""
    reason_category: Literal["customer", "address", "payment", "verification", "carrier", "other"]
    """whom or what it lay with, of a closed list"""
    reason_text: Text
    """the reason in words, for people"""
    carrier_code: Text | None = None
    """the carrier's own code of the reason; null where it has none"""
    attempt_number: Ordinal
    """which attempt failed, counted from 1"""
    max_attempts: Ordinal
    """after how many attempts the parcel goes back"""
    attempted_at: UtcDatetime
    """when the attempt was made"""
    location: Place | None = None
    """where the rider was; null where nobody knows"""
    evidence: list[Evidence] = Field(default_factory=list, max_length=20)
    """photos and the like of the attempt; empty where there are none"""
    next_action: Literal["reattempt", "reschedule", "hold", "rto", "none"]
    """what is planned: brought again, brought on another day, kept, sent back, nothing yet"""
    next_attempt_at: EventTime = None
    """when it is brought again; null where it is not, or nobody knows"""


class Destination(Group):
    """Where a return goes."""

    name: Text
    """the warehouse or shop"""
    city: Text
    """its city"""
    pincode: Pincode
    """its postal index number: six digits, as a string"""


class Return(Group):
    """A parcel on its way back: return to origin, or the customer's own return."""

    return_id: Text
    """the order system's id of the return: join on this with the merchant's returns"""
    return_type: Literal["rto", "customer_return"]
    """`rto`: never delivered, goes back to where it came from; `customer_return`: was delivered,
    and the customer sends it back"""
    reason_code: Text
    """why, of the same open list as that of a failure"""
    reason_text: Text
    """the reason in words, for people"""
    initiated_at: UtcDatetime
    """when the return was decided"""
    initiated_by: Literal["customer", "partner", "carrier", "system"]
    """who decided it"""
    return_awb_number: Text | None = None
    """the air waybill number of the way back; null until one is given"""
    destination: Destination | None = None
    """where the return goes; null where the order system does not give it"""
    expected_return_at: EventTime = None
    """when it is expected there; null where nobody knows"""
    attempts_made: Count
    """how many times delivery had been attempted"""
    disposition: Text | None = None
    """what is to become of the goods, in the order system's words; null while that is open"""


class Delivery(Group):
    """The proof of delivery."""

    delivered_at: UtcDatetime
    """when the parcel was handed over"""
    received_by: Text | None = None
    """the name of who took it; null where it is not noted"""
    recipient_type: (
        Literal["customer", "family", "neighbour", "security", "reception", "mailroom", "other"]
        | None
    ) = None
    """who that is to the customer; null where it is not noted"""
    verification_method: Literal["otp", "qr", "signature", "photo", "none"]
    """how the recipient was verified"""
    otp_verified: Flag
    """whether the customer's OTP was told and right; false also where none was asked for"""
    proof: list[Evidence] = Field(default_factory=list, max_length=20)
    """photos, signatures and the like; empty where there are none"""
    location: Place | None = None
    """where it was handed over; null where nobody knows"""
    cod_collected: CollectedMoney | None = None
    """what was paid at the door; null where nothing was, or it is not noted"""
