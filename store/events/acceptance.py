"""Accepting events: the row, its sequence, and its place in the outbox, in one transaction.

The row is the promise. Committed means that the event will be delivered, whatever dies.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session

from contracts.access.audit import AuditAction
from contracts.delivery.states import DeliveryState, EventState, SkipReason
from contracts.errors import Conflict, Invalid, NotFound
from contracts.ids import IdKind, new_id
from contracts.partners import TIERS, Tier
from contracts.payload.event_age import fault_of_age
from contracts.payload.events import EventType, TrackingEvent
from store.access.audit import record
from store.db.bulk_insert import BulkInsert
from store.encryption.columns import EVENT_BODY
from store.encryption.sealing import body_digest, phone_index, seal
from store.events.outbox import put_in, reopen
from store.events.search_terms import put_terms, terms_of
from store.events.sequences import next_sequences, repeated_sequences
from store.tables import DeliveryRow, EventRow

_KNOWN = """
    SELECT event_id, body_digest, state, NULL FROM events WHERE event_id = ANY(%(event_ids)s)
    UNION ALL
    SELECT id, NULL, NULL, tier FROM partners WHERE id = ANY(%(partner_ids)s)
"""
_INSERT = BulkInsert(
    EventRow,
    (
        *("event_id", "partner_id", "order_id", "awb_number", "event_type", "sequence", "is_test"),
        *("occurred_at", "accepted_at", "body", "body_digest", "otp_until"),
        *("customer_phone_index", "state", "planned_at", "delivery_count", "traceparent"),
        *("reason_category", "return_type"),
    ),
)
_ANOTHER_BODY = "event {} was accepted with another body: a new fact needs a new id"


@dataclass(frozen=True)
class Accepted:
    """What the sender is told: the event is ours now. `duplicate`: it already was.
    `repeats_sequence`: another event of its order has the sequence that the sender gave it."""

    event_id: str
    state: EventState
    duplicate: bool
    repeats_sequence: bool = False


@dataclass(frozen=True)
class Refused:
    """An event that was not taken, and the error that says why. Nothing of it was stored."""

    event_id: str
    error: Invalid | Conflict


def accept(session: Session, event: TrackingEvent, now: datetime) -> Accepted:
    """Take one event. The same id with the same body is taken again without effect.

    Invalid for an unknown partner or an impossible time; Conflict when the id belongs to a
    different event.
    """
    outcome = accept_all(session, [event], now)[0]
    if isinstance(outcome, Refused):
        raise outcome.error
    return outcome


def accept_all(
    session: Session,
    events: Sequence[TrackingEvent],
    now: datetime,
    traceparents: Mapping[str, str] | None = None,
) -> list[Accepted | Refused]:
    """Take many events in one transaction; each is taken, a duplicate, or refused by itself.

    `traceparents` are what the traces of events go on from, by event id.
    """
    known, partners = _known(session, events)
    outcomes: list[Accepted | Refused] = []
    fresh: list[tuple[TrackingEvent, str, str]] = []
    for event in events:
        body = event.model_dump_json()  # as it is kept
        digest = body_digest(session, canonical(event))
        outcome = _judge(event, digest, known, partners, now)
        if isinstance(outcome, Accepted) and not outcome.duplicate:
            known[event.event_id] = (digest, outcome.state)
            fresh.append((event, body, digest))
        outcomes.append(outcome)
    if fresh:
        _insert(session, fresh, partners, now, traceparents or {})
    return _mark_repeated(session, events, _open_again(session, outcomes, now))


def start_again(session: Session, event_id: str, now: datetime, *, actor: str) -> EventState:
    """Put a failed event back into the outbox; any other stays as it is. Gives its state. NotFound
    when there is none."""
    event = session.get(EventRow, event_id)
    if event is None:
        raise NotFound(f"no event {event_id}")
    if reopen(session, [event_id], now):
        record(
            session,
            actor=actor,
            action=AuditAction.EVENT_REOPENED,
            object_id=event_id,
            partner_id=event.partner_id,
            now=now,
        )
    session.refresh(event)
    return event.state


def canonical(event: TrackingEvent) -> str:
    """What two posts of one event have in common: no nulls, no defaults, sorted. So a field that is
    added later, and that a sender does not fill, changes nothing."""
    said = event.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    return json.dumps(said, sort_keys=True, separators=(",", ":"))


def _known(
    session: Session, events: Sequence[TrackingEvent]
) -> tuple[dict[str, tuple[str, EventState]], dict[str, int]]:
    """Of these events those that were taken before, each with its digest and state, and of their
    partners those that exist, each with its priority."""
    values = {
        "event_ids": [event.event_id for event in events],
        "partner_ids": sorted({event.partner_id for event in events}),
    }
    known: dict[str, tuple[str, EventState]] = {}
    priorities: dict[str, int] = {}
    for name, digest, state, tier in session.connection().exec_driver_sql(_KNOWN, values).all():
        if tier is not None:
            priorities[name] = TIERS[Tier(tier)].priority
        else:
            known[name] = (digest, EventState(state))
    return known, priorities


def _judge(
    event: TrackingEvent,
    digest: str,
    known: Mapping[str, tuple[str, EventState]],
    partners: Mapping[str, int],
    now: datetime,
) -> Accepted | Refused:
    """Whether an event is taken, was taken before, or cannot be."""
    if event.event_id in known:
        known_digest, state = known[event.event_id]
        if known_digest == digest:
            return Accepted(event.event_id, state, duplicate=True)
        return Refused(event.event_id, Conflict(_ANOTHER_BODY.format(event.event_id)))
    if event.partner_id not in partners:
        unknown = f"no partner {event.partner_id}: create it first"
        return Refused(event.event_id, Invalid(unknown, field="partner_id"))
    if (fault := fault_of_age(event, now)) is not None:
        return Refused(event.event_id, Invalid(fault, field="occurred_at"))
    state = EventState.ACCEPTED if event.notify else EventState.PLANNED
    return Accepted(event.event_id, state, duplicate=False)


def _open_again(
    session: Session, outcomes: Sequence[Accepted | Refused], now: datetime
) -> list[Accepted | Refused]:
    """A failed event that is sent once more goes back into the outbox."""
    failed = [
        one.event_id
        for one in outcomes
        if isinstance(one, Accepted) and one.state is EventState.FAILED
    ]
    again = set(reopen(session, failed, now)) if failed else set()
    return [
        Accepted(one.event_id, EventState.ACCEPTED, duplicate=True)
        if one.event_id in again
        else one
        for one in outcomes
    ]


def _mark_repeated(
    session: Session, events: Sequence[TrackingEvent], outcomes: Sequence[Accepted | Refused]
) -> list[Accepted | Refused]:
    """Say of each that was taken whether its sequence is another event's, too."""
    repeated = repeated_sequences(session, events)
    return [
        replace(one, repeats_sequence=True)
        if isinstance(one, Accepted) and one.event_id in repeated
        else one
        for one in outcomes
    ]


def _insert(
    session: Session,
    fresh: Sequence[tuple[TrackingEvent, str, str]],
    priorities: Mapping[str, int],
    now: datetime,
    traceparents: Mapping[str, str],
) -> None:
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
