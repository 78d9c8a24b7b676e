"""Writes the course of a parcel down as the events an order-management system would post."""

import random
from datetime import datetime, timedelta
from typing import Any

from contracts.payload.events import EventType
from sandbox.parcels import Course, DeliveryAttempt, EventClock, Parcel, TimedEvent
from sandbox.people import Rider
from sandbox.reasons import REASONS, NextAction

MOST_ATTEMPTS = 2
OTP_VALID = timedelta(hours=12)
"""In real time, however fast the events are played: a code is good when it arrives."""

_STATUSES = {
    EventType.ORDER_CONFIRMED: "confirmed",
    EventType.OUT_FOR_DELIVERY: "out_for_delivery",
    EventType.DELIVERED: "delivered",
    EventType.DELIVERY_FAILED: "delivery_failed",
    EventType.RETURN_INITIATED: "return_initiated",
}


def events_of(parcel: Parcel, course: Course, clock: EventClock) -> list[TimedEvent]:
    """All events of one parcel, in the order of happening."""
    writer = _EventWriter(parcel, course, clock)
    writer.confirmed()
    for attempt in course.attempts:
        writer.out_for_delivery(attempt)
        if attempt.reason is None:
            writer.delivered(attempt)
        else:
            writer.delivery_failed(attempt, attempt.reason)
    if course.return_s is not None:
        writer.return_initiated(course.return_s)
    return writer.events


class _EventWriter:
    """Keeps the sequence, the status and the number of the attempt from event to event."""

    def __init__(self, parcel: Parcel, course: Course, clock: EventClock) -> None:
        self.events: list[TimedEvent] = []
        self._parcel, self._course, self._clock = parcel, course, clock
        self._dice = random.Random(f"{parcel.event_prefix}/details")
        self._attempt = 0
        self._status: str | None = None

    def confirmed(self) -> None:
        self._add(EventType.ORDER_CONFIRMED, self._course.confirmed_s, {})

    def out_for_delivery(self, attempt: DeliveryAttempt) -> None:
        self._attempt += 1
        now = self._now(attempt.out_s)
        otp = {
            "code": attempt.otp,
            "purpose": "delivery",
            "valid_from": _text(now),
            "valid_until": _text(now + OTP_VALID),
        }
        groups = {"rider": self._rider(attempt.rider, now, eta_s=attempt.end_s), "otp": otp}
        self._add(EventType.OUT_FOR_DELIVERY, attempt.out_s, groups)

    def delivered(self, attempt: DeliveryAttempt) -> None:
        now = self._now(attempt.end_s)
        groups = {"rider": self._rider(attempt.rider, now), "delivery": self._delivery(now)}
        self._add(EventType.DELIVERED, attempt.end_s, groups)

    def delivery_failed(self, attempt: DeliveryAttempt, reason_code: str) -> None:
        now, reason = self._now(attempt.end_s), REASONS[reason_code]
        following = self._course.attempts[self._attempt :]
        failure = {
            "reason_code": reason_code,
            "reason_category": reason.category,
            "reason_text": reason.text,
            "carrier_code": f"NDR-{list(REASONS).index(reason_code) + 1:02d}",
            "attempt_number": self._attempt,
            "max_attempts": MOST_ATTEMPTS,
            "attempted_at": _text(now),
            "location": self._place(),
            "evidence": [self._photo("doorstep", now)] if self._dice.random() < 0.5 else [],
            "next_action": self._next_action(reason.next_action),
            "next_attempt_at": _text(self._clock.at(following[0].out_s)) if following else None,
        }
        groups = {"rider": self._rider(attempt.rider, now), "failure": failure}
        self._add(EventType.DELIVERY_FAILED, attempt.end_s, groups)

    def return_initiated(self, offset_s: float) -> None:
        now, reason_code = self._now(offset_s), self._course.attempts[-1].reason or "other"
        returned = {
            "return_id": f"RTO-{self._parcel.order_id}",
            "return_type": "rto",
            "reason_code": reason_code,
            "reason_text": REASONS[reason_code].text,
            "initiated_at": _text(now),
            "initiated_by": "carrier",
            "return_awb_number": f"R{self._parcel.awb_number}",
            "destination": self._parcel.return_to,
            "expected_return_at": _text(now + timedelta(days=3)),
            "attempts_made": self._attempt,
            "disposition": None,
        }
        self._add(EventType.RETURN_INITIATED, offset_s, {"return": returned})

    def _add(self, kind: EventType, offset_s: float, groups: dict[str, Any]) -> None:
        sequence = len(self.events) + 1
        status = _STATUSES[kind]
        event = {
            "event_id": f"{self._parcel.event_prefix}_{sequence}",
            "type": kind.value,
            "partner_id": self._parcel.partner_id,
            "occurred_at": _text(self._now(offset_s)),
            "sequence": sequence,
            "is_test": False,
            "data": {"order": self._order(status), **groups},
        }
        self.events.append(TimedEvent(self._clock.wait(offset_s), event))
        self._status = status

    def _now(self, offset_s: float) -> datetime:
        """When the next event happens; a millisecond each keeps fast stories in order."""
        return self._clock.at(offset_s) + timedelta(milliseconds=len(self.events))

    def _order(self, status: str) -> dict[str, Any]:
        parcel, cod = self._parcel, self._parcel.payment_mode == "cod"
        return {
            "order_id": parcel.order_id,
            "partner_order_ref": parcel.partner_order_ref,
            "shipment_id": f"SHP-{parcel.order_id}",
            "awb_number": parcel.awb_number,
            "source": parcel.source,
            "status": status,
            "previous_status": self._status,
            "service_type": parcel.service_type,
            "payment_mode": parcel.payment_mode,
            "cod_amount": {"amount": parcel.amount, "currency": "INR"} if cod else None,
            "customer": {"name": parcel.customer.name, "phone": parcel.customer.phone},
            "delivery_address": parcel.address,
            "pickup_location": parcel.pickup,
            "package_count": parcel.package_count,
            "weight_grams": parcel.weight_grams,
            "ordered_at": _text(self._clock.at(parcel.ordered_s)),
            "promised_at": _text(self._clock.at(parcel.promised_s)),
            "estimated_delivery_at": self._estimate(),
            "attempt_number": self._attempt,
            "tracking_url": self._tracking_url(),
        }

    def _tracking_url(self) -> str | None:
        """Carriers between cities have pages of their own; those within one have none."""
        if self._parcel.service_type != "intercity":
            return None
        return f"https://track.example/{self._parcel.awb_number}"

    def _estimate(self) -> str | None:
        """The end of the attempt that is under way or comes first."""
        if self._status not in {None, "confirmed", "delivery_failed"}:
            return None
        current = self._course.attempts[max(0, self._attempt - 1)]
        return _text(self._clock.at(current.end_s))

    def _rider(self, rider: Rider, now: datetime, *, eta_s: float | None = None) -> dict[str, Any]:
        place = self._place()
        return {
            "rider_id": rider.rider_id,
            "name": rider.person.name,
            "phone": rider.person.phone,
            "vehicle_type": rider.vehicle_type,
            "vehicle_number": rider.vehicle_number,
            "location": {**place, "recorded_at": _text(now)} if place else None,
            "eta_at": _text(self._clock.at(eta_s)) if eta_s is not None else None,
        }

    def _delivery(self, now: datetime) -> dict[str, Any]:
        parcel, dice = self._parcel, self._dice
        recipient = dice.choices(["customer", "family", "security"], weights=[80, 14, 6])[0]
        method = dice.choices(["otp", "photo", "signature"], weights=[86, 9, 5])[0]
        collected = {"amount": parcel.amount, "currency": "INR", "mode": dice.choice(_COD_MODES)}
        return {
            "delivered_at": _text(now),
            "received_by": parcel.customer.name if recipient == "customer" else None,
            "recipient_type": recipient,
            "verification_method": method,
            "otp_verified": method == "otp",
            "proof": [self._photo("photo", now)] if method == "photo" else [],
            "location": self._place(),
            "cod_collected": collected if parcel.payment_mode == "cod" else None,
        }

    def _next_action(self, usual: NextAction) -> NextAction:
        if self._course.return_s is not None and self._attempt == len(self._course.attempts):
            return "rto"
        return usual

    def _photo(self, kind: str, now: datetime) -> dict[str, Any]:
        name = f"{self._parcel.event_prefix}_{len(self.events) + 1}"
        return {
            "type": kind,
            "url": f"https://proof.example/{name}.jpg",
            "captured_at": _text(now),
        }

    def _place(self) -> dict[str, Any] | None:
        address = self._parcel.address
        if address["latitude"] is None:
            return None
        return {"latitude": address["latitude"], "longitude": address["longitude"]}


_COD_MODES = ("cash", "cash", "upi")


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
