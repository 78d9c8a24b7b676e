"""Events for trying out an endpoint: one of each type, of an order that nobody has placed."""

from datetime import datetime, timedelta
from typing import Any

from contracts.payload.events import EventType, TrackingEvent

STATUS = {
    EventType.ORDER_CONFIRMED: "confirmed",
    EventType.OUT_FOR_DELIVERY: "out_for_delivery",
    EventType.DELIVERED: "delivered",
    EventType.DELIVERY_FAILED: "delivery_failed",
    EventType.RETURN_INITIATED: "return_initiated",
}


NOBODY = "+910000000001"
"""A phone that nobody can have."""


def sample_event(
    event_type: EventType,
    *,
    event_id: str,
    partner_id: str,
    now: datetime,
    customer_phone: str = NOBODY,
    otp: str = "000000",
) -> TrackingEvent:
    """A test event with every group. Its order is its own: no real order is counted up."""
    return TrackingEvent.model_validate(
        {
            "event_id": event_id,
            "type": event_type,
            "partner_id": partner_id,
            "occurred_at": now,
            "sequence": 1,
            "is_test": True,
            "data": _groups(event_type, f"TEST-{event_id}", now, customer_phone, otp),
        }
    )


def _groups(
    event_type: EventType, order_id: str, now: datetime, customer_phone: str, otp: str
) -> dict[str, Any]:
    shortly, soon = now - timedelta(minutes=2), now + timedelta(hours=2)
    return {
        "order": {
            "order_id": order_id,
            "shipment_id": "TEST-SHIPMENT",
            "source": "api",
            "status": STATUS[event_type],
            "payment_mode": "prepaid",
            "customer": {"name": "Test Customer", "phone": customer_phone},
            "delivery_address": {
                "line1": "1 Test Street",
                "city": "Testpur",
                "state": "Maharashtra",
                "pincode": "400001",
            },
            "ordered_at": now - timedelta(days=1),
            "attempt_number": 1,
        },
        "rider": {"rider_id": "TEST-RIDER", "name": "Test Rider", "phone": "+910000000002"},
        "otp": {"code": otp, "valid_from": shortly, "valid_until": soon},
        "failure": {
            "reason_code": "customer_unavailable",
            "reason_category": "customer",
            "reason_text": "a test: nobody was there",
            "attempt_number": 1,
            "max_attempts": 3,
            "attempted_at": shortly,
            "next_action": "reattempt",
            "next_attempt_at": soon,
        },
        "return": {
            "return_id": "TEST-RETURN",
            "return_type": "rto",
            "reason_code": "customer_refused",
            "reason_text": "a test: the parcel goes back",
            "initiated_at": shortly,
            "initiated_by": "carrier",
            "attempts_made": 3,
        },
        "delivery": {
            "delivered_at": shortly,
            "received_by": "Test Customer",
            "recipient_type": "customer",
            "verification_method": "otp",
            "otp_verified": True,
        },
    }
