"""Events as an order-management system sends them: all five types in turn, complete groups."""

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

PARTNER = "bench-shop"
_TYPES = ("order_confirmed", "out_for_delivery", "delivered", "delivery_failed", "return_initiated")


class EventMaker:
    """Makes events with ids that never repeat within a run. People and places are invented."""

    def __init__(self, prefix: str, partner_id: str = PARTNER) -> None:
        self._prefix = prefix
        self._partner_id = partner_id
        self._numbers = count(1)

    def make(self) -> tuple[str, bytes]:
        """The next event's id and its JSON."""
        number = next(self._numbers)
        event_id = f"{self._prefix}-{number}"
        event_type = _TYPES[number % len(_TYPES)]
        body = {
            "event_id": event_id,
            "type": event_type,
            "partner_id": self._partner_id,
            "occurred_at": _moment(0),
            "data": _groups(f"ORD-{self._prefix}-{number // len(_TYPES)}", event_type),
        }
        return event_id, json.dumps(body).encode()


def _groups(order_id: str, event_type: str) -> dict[str, Any]:
    groups: dict[str, Any] = {"order": _order(order_id)}
    if event_type in {"out_for_delivery", "delivered", "delivery_failed"}:
        groups["rider"] = _rider()
    if event_type == "out_for_delivery":
        groups["otp"] = {"code": "483920", "valid_from": _moment(-1), "valid_until": _moment(240)}
    if event_type == "delivered":
        groups["delivery"] = _delivery()
    if event_type == "delivery_failed":
        groups["failure"] = _failure()
    if event_type == "return_initiated":
        groups["return"] = _return()
    return groups


def _order(order_id: str) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "shipment_id": f"SHP-{order_id}",
        "awb_number": "AWB7781200345",
        "source": "shopify",
        "status": "in_transit",
        "previous_status": "confirmed",
        "service_type": "hyperlocal",
        "payment_mode": "cod",
        "cod_amount": {"amount": "1249.00", "currency": "INR"},
        "customer": {"name": "Asha Kulkarni", "phone": "+919876543210"},
        "delivery_address": {
            "line1": "14 Lakshmi Nivas",
            "line2": "Prabhat Road",
            "city": "Pune",
            "state": "Maharashtra",
            "pincode": "411004",
            "latitude": 18.5196,
            "longitude": 73.8309,
        },
        "pickup_location": {"id": "WH-2", "name": "Pune hub", "city": "Pune"},
        "package_count": 1,
        "weight_grams": 840,
        "ordered_at": _moment(-600),
        "promised_at": _moment(120),
        "tracking_url": "https://track.example.com/t/7781200345",
    }


def _rider() -> dict[str, Any]:
    return {
        "rider_id": "RDR-7",
        "name": "Imran Shaikh",
        "phone": "+919812345678",
        "vehicle_type": "two_wheeler",
        "location": {"latitude": 18.52, "longitude": 73.85, "recorded_at": _moment(-1)},
        "eta_at": _moment(25),
    }


def _delivery() -> dict[str, Any]:
    return {
        "delivered_at": _moment(-1),
        "received_by": "Sunita Kulkarni",
        "recipient_type": "family",
        "verification_method": "otp",
        "otp_verified": True,
    }


def _failure() -> dict[str, Any]:
    return {
        "reason_code": "customer_unavailable",
        "reason_category": "customer",
        "reason_text": "nobody opened",
        "attempt_number": 1,
        "max_attempts": 3,
        "attempted_at": _moment(-1),
        "next_action": "reattempt",
    }


def _return() -> dict[str, Any]:
    return {
        "return_id": "RET-1",
        "return_type": "rto",
        "reason_code": "customer_refused",
        "reason_text": "the customer did not want it",
        "initiated_at": _moment(-1),
        "initiated_by": "carrier",
        "attempts_made": 3,
    }


def _moment(minutes: float) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()
