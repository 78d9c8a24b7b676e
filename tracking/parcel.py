"""What a page says of a parcel, made of its order's events: no more of a person than a first name.

Never a phone that is whole, an address, the customer's name, the OTP, or what somebody wrote as a
reason: free text may have anything in it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.payload.events import EventType, TrackingEvent
from contracts.payload.groups import Failure, Money, Return, Rider
from contracts.payload.names import first_name
from contracts.payload.phones import UNKNOWN_MASKED
from store.tracking.orders import TrackedEvent, TrackedOrder
from translations import Words

_ENDED = frozenset({EventType.DELIVERED, EventType.RETURN_INITIATED})
_LONGEST_PLATE = 15
_CODE = re.compile(r"reason-(?!kind)[a-z_-]+")
_DIGITS_OF_NO_PLATE = re.compile(r"\d{5}")


@dataclass(frozen=True)
class RiderShown:
    """Who brings the parcel; None for what is not known, or may not be shown."""

    first_name: str | None
    vehicle_type: str | None
    vehicle_number: str | None
    phone_masked: str | None


@dataclass(frozen=True)
class Step:
    """One thing that happened. `attempt` counts the times that the parcel went out; `failure` is
    why it came back."""

    type: EventType
    at: datetime
    attempt: int
    failure: Failure | None = None


@dataclass(frozen=True)
class Parcel:
    """A parcel as it stands: `steps` are the latest first. `expected_at` is when it should arrive,
    while it may; `is_late` once that has passed."""

    order_id: str
    is_test: bool
    state: EventType
    steps: Sequence[Step]
    expected_at: datetime | None
    is_late: bool
    to_pay: Money | None
    rider: RiderShown | None
    failure: Failure | None
    turned_back: Return | None
    delivered_at: datetime | None
    recipient_type: str | None
    has_phone: bool


def parcel_of(tracked: TrackedOrder, now: datetime) -> Parcel:
    """What may be shown of an order, whose last event by when it happened says how it stands."""
    last = tracked.last
    data, delivery = last.data, last.data.delivery
    expected_at = _expected_at(last)
    return Parcel(
        order_id=tracked.order.order_id,
        is_test=tracked.order.is_test,
        state=last.type,
        steps=_steps(tracked.events)[::-1],
        expected_at=expected_at,
        is_late=expected_at is not None and expected_at <= now,
        to_pay=_to_pay(last),
        rider=_rider(data.rider) if last.type is EventType.OUT_FOR_DELIVERY else None,
        failure=data.failure if last.type is EventType.DELIVERY_FAILED else None,
        turned_back=data.return_ if last.type is EventType.RETURN_INITIATED else None,
        delivered_at=delivery.delivered_at if delivery and _is_delivered(last) else None,
        recipient_type=delivery.recipient_type if delivery and _is_delivered(last) else None,
        has_phone=customer_phone(last) is not None,
    )


def customer_phone(event: TrackingEvent) -> str | None:
    """Where an order's texts go (E.164)."""
    customer = event.data.order.customer
    return customer.phone if customer else None


def reason_message(words: Words, failure: Failure) -> str:
    """The message that says why an attempt failed: by its code, where we know it, else by its
    category. Codes are an open set; their texts are not for customers."""
    by_code = f"reason-{failure.reason_code.strip().lower()}"
    known = _CODE.fullmatch(by_code) and words.has(by_code)
    return by_code if known else f"reason-kind-{failure.reason_category}"


def _is_delivered(event: TrackingEvent) -> bool:
    return event.type is EventType.DELIVERED


def _steps(events: Sequence[TrackedEvent]) -> list[Step]:
    steps, attempt = [], 0
    for event in events:
        attempt += event.type is EventType.OUT_FOR_DELIVERY
        steps.append(Step(event.type, event.occurred_at, attempt, event.failure))
    return steps


def _expected_at(event: TrackingEvent) -> datetime | None:
    """The rider's own estimate while it is out, then the order's, then what was promised; after a
    failed attempt the next one's time, and nothing once it has arrived or turned back."""
    data = event.data
    if event.type in _ENDED:
        return None
    if event.type is EventType.DELIVERY_FAILED:
        return data.failure.next_attempt_at if data.failure else None
    out = event.type is EventType.OUT_FOR_DELIVERY
    eta = data.rider.eta_at if data.rider and out else None
    return eta or data.order.estimated_delivery_at or data.order.promised_at


def _to_pay(event: TrackingEvent) -> Money | None:
    order = event.data.order
    if order.payment_mode != "cod" or event.type in _ENDED:
        return None
    return order.cod_amount if order.cod_amount and order.cod_amount.amount else None


def _rider(rider: Rider | None) -> RiderShown | None:
    if rider is None:
        return None
    masked = rider.phone_masked
    return RiderShown(
        first_name=first_name(rider.name),
        vehicle_type=rider.vehicle_type,
        vehicle_number=_plate(rider.vehicle_number),
        phone_masked=None if masked == UNKNOWN_MASKED else masked,
    )


def _plate(number: str | None) -> str | None:
    """A vehicle's number; None for what may be a phone or a sentence."""
    if number is None or len(number) > _LONGEST_PLATE:
        return None
    together = re.sub(r"[\s.-]", "", number)
    return None if _DIGITS_OF_NO_PLATE.search(together) else number
