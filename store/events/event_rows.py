"""The rows of accepted events: the event, its search terms, and its place in the outbox."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session

from contracts.delivery.states import DeliveryState, EventState, SkipReason
from contracts.ids import IdKind, new_id
from contracts.payload.events import EventType, TrackingEvent
from store.db.bulk_insert import BulkInsert
from store.encryption.columns import EVENT_BODY
from store.encryption.sealing import phone_index, seal
from store.events.outbox import put_in
from store.events.search_terms import put_terms, terms_of
from store.events.sequences import next_sequences
from store.tables import DeliveryRow, EventRow

_INSERT = BulkInsert(
    EventRow,
    (
        *("event_id", "partner_id", "order_id", "awb_number", "event_type", "sequence", "is_test"),
        *("occurred_at", "accepted_at", "body", "body_digest", "otp_until"),
        *("customer_phone_index", "state", "planned_at", "delivery_count", "traceparent"),
        *("reason_category", "return_type"),
    ),
)


def insert_events(
    session: Session,
    fresh: Sequence[tuple[TrackingEvent, str, str]],
    priorities: Mapping[str, int],
    now: datetime,
    traceparents: Mapping[str, str],
) -> None:
    """Write new events, each given with its body as it is kept and the digest of it, and put those
    that are to be delivered into the outbox by the `priorities` of their partners."""
    sequences = next_sequences(session, [event for event, _, _ in fresh])
    rows = [
        {
            **_row(session, event, body, digest, sequence, now),
            "traceparent": traceparents.get(event.event_id),
        }
        for (event, body, digest), sequence in zip(fresh, sequences, strict=True)
    ]
    _INSERT.run(session, rows)
    put_terms(session, [terms_of(session, event) for event, _, _ in fresh], now)
    recorded = [event for event, _, _ in fresh if not event.notify]
    if recorded:
        session.execute(insert(DeliveryRow), [_recorded_only(event, now) for event in recorded])
    waiting = [row for row in rows if row["state"] is EventState.ACCEPTED]
    put_in(session, waiting, priorities, now)


def _row(
    session: Session, event: TrackingEvent, body: str, digest: str, sequence: int, now: datetime
) -> dict[str, object]:
    customer = event.data.order.customer
    phone = customer.phone if customer else None
    planned = None if event.notify else now
    return {
        "event_id": event.event_id,
        "partner_id": event.partner_id,
        "order_id": event.data.order.order_id,
        "awb_number": event.data.order.awb_number,
        "event_type": event.type,
        "sequence": sequence,
        "is_test": event.is_test,
        "occurred_at": event.occurred_at,
        "accepted_at": now,
        "body": seal(session, EVENT_BODY, body, event.event_id),
        "body_digest": digest,
        "otp_until": _otp_until(event, now),
        "customer_phone_index": phone_index(session, phone) if phone else None,
        "state": EventState.ACCEPTED if event.notify else EventState.PLANNED,
        "planned_at": planned,
        "delivery_count": 0 if event.notify else 1,
        **_kind(event),
    }


def _kind(event: TrackingEvent) -> dict[str, str | None]:
    """What failed deliveries and returns are counted by; of other types nothing."""
    failure = event.data.failure if event.type is EventType.DELIVERY_FAILED else None
    way_back = event.data.return_ if event.type is EventType.RETURN_INITIATED else None
    return {
        "reason_category": failure.reason_category if failure else None,
        "return_type": way_back.return_type if way_back else None,
    }


def _otp_until(event: TrackingEvent, now: datetime) -> datetime | None:
    """Until when the body may hold its OTP: not at all where the event does not carry it on."""
    otp = event.data.otp
    if otp is None or otp.code is None:
        return None
    return otp.valid_until if event.type is EventType.OUT_FOR_DELIVERY else now


def _recorded_only(event: TrackingEvent, now: datetime) -> dict[str, object]:
    """History that was imported: one skipped delivery that says why nothing was sent."""
    return {
        "id": new_id(IdKind.DELIVERY),
        "event_id": event.event_id,
        "partner_id": event.partner_id,
        "target": "none",
        "state": DeliveryState.SKIPPED,
        "skip_reason": SkipReason.RECORDED_ONLY,
        "created_at": now,
        "changed_at": now,
    }
