"""Test events that play an order's whole life: one order from its confirmation on, nobody real."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from contracts.payload.events import GROUP_MATRIX, EventType, TrackingEvent
from contracts.payload.samples import NOBODY, STATUS

_APART = timedelta(minutes=30)
_OTP_LASTS = timedelta(hours=2)
_AMOUNT = {"amount": "1249.00", "currency": "INR"}
_CITY = {"city": "Testpur", "pincode": "400001"}
_REASONS = (
    ("customer_unavailable", "customer", "a test: nobody opened"),
    ("payment_not_ready", "payment", "a test: the customer had no money there"),
)


class Scenario(StrEnum):
    """What becomes of an order in a rehearsal."""

    DELIVERED = "delivered"
    CASH_ON_DELIVERY = "cash_on_delivery"
    FAILED_THEN_DELIVERED = "failed_then_delivered"
    RETURNED_TO_ORIGIN = "returned_to_origin"
    CUSTOMER_RETURN = "customer_return"


_OUT, _DELIVERED = EventType.OUT_FOR_DELIVERY, EventType.DELIVERED
_FAILED, _RETURN = EventType.DELIVERY_FAILED, EventType.RETURN_INITIATED

COURSES: Mapping[Scenario, tuple[EventType, ...]] = {
    Scenario.DELIVERED: (_OUT, _DELIVERED),
    Scenario.CASH_ON_DELIVERY: (_OUT, _DELIVERED),
    Scenario.FAILED_THEN_DELIVERED: (_OUT, _FAILED, _OUT, _DELIVERED),
    Scenario.RETURNED_TO_ORIGIN: (_OUT, _FAILED, _OUT, _FAILED, _RETURN),
    Scenario.CUSTOMER_RETURN: (_OUT, _DELIVERED, _RETURN),
}
"""What follows the confirmation, event by event."""

_WITH_COD = frozenset({Scenario.CASH_ON_DELIVERY, Scenario.RETURNED_TO_ORIGIN})


@dataclass(frozen=True)
class _Step:
    """One event of the order. `attempts` are the delivery attempts so far, of `most`."""

    type: EventType
    before: EventType | None
    at: datetime
    now: datetime
    attempts: int
    most: int
    with_cod: bool


def scenario_events(
    scenario: Scenario, *, partner_id: str, now: datetime, make_id: Callable[[], str]
) -> list[TrackingEvent]:
    """The events of one order: the last happens now, each one before it half an hour earlier."""
    ids = [make_id() for _ in range(1 + len(COURSES[scenario]))]
    return [
        TrackingEvent.model_validate(
            {
                "event_id": event_id,
                "type": step.type,
                "partner_id": partner_id,
                "occurred_at": step.at,
                "sequence": sequence,
                "is_test": True,
                "data": _groups(step, f"TEST-{ids[0]}"),
            }
        )
        for sequence, (event_id, step) in enumerate(
            zip(ids, _steps(scenario, now), strict=True), start=1
        )
    ]


def _steps(scenario: Scenario, now: datetime) -> list[_Step]:
    types = (EventType.ORDER_CONFIRMED, *COURSES[scenario])
    return [
        _Step(
            type=kind,
            before=types[place - 1] if place else None,
            at=now - _APART * (len(types) - 1 - place),
            now=now,
            attempts=types[: place + 1].count(_OUT),
            most=types.count(_OUT),
            with_cod=scenario in _WITH_COD,
        )
        for place, kind in enumerate(types)
    ]


def _groups(step: _Step, order_id: str) -> dict[str, Any]:
    """Those that the event's type carries."""
    made = {
        "order": _order(step, order_id),
        "rider": {
            "rider_id": f"TEST-RIDER-{step.attempts}",
            "name": "Test Rider",
            "phone": "+910000000002",
            "vehicle_type": "two_wheeler",
            "vehicle_number": "MH01TE0001",
        },
        "otp": {
            "code": f"00000{step.attempts}",
            "valid_from": step.at,
            "valid_until": step.now + _OTP_LASTS,
        },
        "failure": _failure(step),
        "return": _return(step, order_id),
        "delivery": _delivery(step),
    }
    return {name: made[name] for name in made if name in GROUP_MATRIX[step.type]}


def _order(step: _Step, order_id: str) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "partner_order_ref": f"#{order_id}",
        "shipment_id": f"SHP-{order_id}",
        "awb_number": f"AWB-{order_id}",
        "source": "api",
        "status": STATUS[step.type],
        "previous_status": STATUS[step.before] if step.before else None,
        "service_type": "intercity",
        "payment_mode": "cod" if step.with_cod else "prepaid",
        "cod_amount": _AMOUNT if step.with_cod else None,
        "customer": {"name": "Test Customer", "phone": NOBODY},
        "delivery_address": {"line1": "1 Test Street", "state": "Maharashtra", **_CITY},
        "pickup_location": {"id": "TEST-WH", "name": "Test Warehouse", "city": "Testpur"},
        "weight_grams": 640,
        "ordered_at": step.now - timedelta(days=1),
        "promised_at": step.now + timedelta(days=1),
        "estimated_delivery_at": step.now + timedelta(hours=1),
        "attempt_number": step.attempts,
    }


def _failure(step: _Step) -> dict[str, Any]:
    code, category, text = _REASONS[(step.attempts - 1) % len(_REASONS)]
    is_last = step.attempts == step.most
    return {
        "reason_code": code,
        "reason_category": category,
        "reason_text": text,
        "carrier_code": f"NDR-0{step.attempts}",
        "attempt_number": step.attempts,
        "max_attempts": step.most,
        "attempted_at": step.at,
        "evidence": [_photo("door", step.at)],
        "next_action": "rto" if is_last else "reattempt",
        "next_attempt_at": None if is_last else step.at + _APART,
    }


def _return(step: _Step, order_id: str) -> dict[str, Any]:
    by_customer = step.before is _DELIVERED
    return {
        "return_id": f"RET-{order_id}",
        "return_type": "customer_return" if by_customer else "rto",
        "reason_code": "other" if by_customer else "payment_not_ready",
        "reason_text": "a test: the parcel goes back",
        "initiated_at": step.at,
        "initiated_by": "customer" if by_customer else "carrier",
        "return_awb_number": f"RTO-{order_id}",
        "destination": {"name": "Test Warehouse", **_CITY},
        "expected_return_at": step.at + timedelta(days=3),
        "attempts_made": step.attempts,
    }


def _delivery(step: _Step) -> dict[str, Any]:
    return {
        "delivered_at": step.at,
        "received_by": "Test Customer",
        "recipient_type": "customer",
        "verification_method": "otp",
        "otp_verified": True,
        "proof": [_photo("parcel", step.at)],
        "cod_collected": {**_AMOUNT, "mode": "upi"} if step.with_cod else None,
    }


def _photo(what: str, at: datetime) -> dict[str, Any]:
    return {"type": "photo", "url": f"https://proof.example/{what}.jpg", "captured_at": at}
