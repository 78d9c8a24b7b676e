"""Events for tests: every field has a sensible default, a test names only what matters."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

_numbers = count(1)


def make_order(**fields: Any) -> dict[str, Any]:
    """The order group of an event."""
    return {
        "order_id": "ORD-1",
        "shipment_id": "SHP-1",
        "status": "confirmed",
        "payment_mode": "prepaid",
        "customer": {"name": "Asha Kulkarni", "phone": "+919876543210"},
        "delivery_address": {
            "line1": "14 Lakshmi Nivas",
            "city": "Pune",
            "state": "Maharashtra",
            "pincode": "411004",
        },
        "ordered_at": _moment(-60),
        **fields,
    }


def make_groups(**groups: Any) -> dict[str, Any]:
    """All six groups, complete enough for every event type."""
    return {
        "order": make_order(),
        "rider": {"rider_id": "RDR-7", "name": "Imran Shaikh", "phone": "+919812345678"},
        "otp": {"code": "483920", "valid_from": _moment(-1), "valid_until": _moment(120)},
        "failure": {
            "reason_code": "customer_unavailable",
            "reason_category": "customer",
            "reason_text": "nobody opened",
            "attempt_number": 1,
            "max_attempts": 3,
            "attempted_at": _moment(-1),
            "next_action": "reattempt",
        },
        "return": {
            "return_id": "RET-1",
            "return_type": "rto",
            "reason_code": "customer_refused",
            "reason_text": "the customer did not want it",
            "initiated_at": _moment(-1),
            "initiated_by": "carrier",
            "attempts_made": 3,
        },
        "delivery": {
            "delivered_at": _moment(-1),
            "received_by": "Sunita Kulkarni",
            "verification_method": "otp",
            "otp_verified": True,
        },
        **groups,
    }


def make_event(event_type: str = "order_confirmed", **fields: Any) -> dict[str, Any]:
    """An event as the order-management system sends it, with an id of its own."""
    return {
        "event_id": f"evt-{next(_numbers)}",
        "type": event_type,
        "partner_id": "shop",
        "occurred_at": _moment(0),
        "data": make_groups(),
        **fields,
    }


def _moment(minutes: float) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()
