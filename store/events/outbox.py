"""The outbox: accepting an event, leasing what has to be started, marking what was started.

The row is the promise. Committed means that the event will be delivered, whatever dies.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, insert, literal, or_, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, SQLModel, col, select

from contracts.delivery.states import DeliveryState, EventState, SkipReason
from contracts.errors import Conflict, Invalid
from contracts.ids import IdKind, new_id
from contracts.partners import TIERS
from contracts.payload.event_age import fault_of_age
from contracts.payload.events import EventType, TrackingEvent
from store.encryption.columns import EVENT_BODY
from store.encryption.sealing import body_digest, known_digest, phone_index, seal
from store.events.outbox_listener import notify_dispatchers
from store.events.sequences import next_sequences, repeated_sequences
from store.tables import DeliveryRow, EventRow, PartnerRow
from store.tables.columns import Utc

_EVENTS = SQLModel.metadata.tables[str(EventRow.__tablename__)]
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


@dataclass(frozen=True)
class Startable:
    """What it takes to start (or signal) the workflow of an event; no personal data."""

    event_id: str
    partner_id: str
    event_type: str
    order_id: str
    priority: int
    traceparent: str | None = None
    """What its trace goes on from."""

    @property
    def ids(self) -> dict[str, str]:
        """What log lines about it carry as fields."""
        return {
            "event_id": self.event_id,
            "partner_id": self.partner_id,
            "order_id": self.order_id,
        }


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
    known = _known_digests(session, [event.event_id for event in events])
    partners = _known_partners(session, {event.partner_id for event in events})
    outcomes: list[Accepted | Refused] = []
    fresh: list[tuple[TrackingEvent, str, str]] = []
    for event in events:
        body = event.model_dump_json()  # as it is kept
        digest = body_digest(session, body)
        outcome = _judge(event, digest, known, partners, now)
        if isinstance(outcome, Accepted) and not outcome.duplicate:
            known[event.event_id] = (digest, outcome.state)
            fresh.append((event, body, digest))
        outcomes.append(outcome)
    if fresh:
        _insert(session, fresh, now, traceparents or {})
    return _mark_repeated(session, events, _open_again(session, outcomes))


def is_waiting(session: Session, now: datetime) -> bool:
    """Whether an event waits to be leased; cheap enough to ask many times a second."""
    return session.execute(_one_due(), {"now": now}).first() is not None


def lease(
    session: Session,
    *,
    owner: str,
    limit: int,
    now: datetime,
    duration: timedelta,
    started: Sequence[str] = (),
) -> list[Startable]:
    """Take the oldest events that nobody is starting, for `duration`; others leave them alone.

    `started` are marked in the same transaction: two commits would cost twice.
    """
    if started:
        mark_started(session, started, now)
    due = (
        select(EventRow.event_id)
        .where(*_due(now))
        .order_by(col(EventRow.accepted_at))
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    event_ids = list(session.exec(due))
    if not event_ids:
        return []
    session.execute(
        update(EventRow)
        .where(col(EventRow.event_id).in_(event_ids))
        .values(lease_owner=owner, lease_until=now + duration)
    )
    return startables(session, event_ids)


def startables(session: Session, event_ids: Sequence[str]) -> list[Startable]:
    """What it takes to start the workflows of these events, the oldest first."""
    rows = session.execute(
        select_columns(
            col(EventRow.event_id),
            col(EventRow.partner_id),
            col(EventRow.event_type),
            col(EventRow.order_id),
            col(EventRow.traceparent),
            col(PartnerRow.tier),
        )
        .where(col(EventRow.event_id).in_(event_ids))
        .join(PartnerRow, col(PartnerRow.id) == col(EventRow.partner_id))
        .order_by(col(EventRow.accepted_at))
    )
    return [
        Startable(event_id, partner_id, event_type.value, order_id, TIERS[tier].priority, trace)
        for event_id, partner_id, event_type, order_id, trace, tier in rows
    ]


def mark_started(session: Session, event_ids: Sequence[str], now: datetime) -> None:
    """Take events out of the outbox: their workflows exist."""
    session.execute(
        update(EventRow)
        .where(col(EventRow.event_id).in_(event_ids))
        .values(started_at=now, lease_owner=None, lease_until=None)
    )


def put_off(session: Session, event_id: str, *, until: datetime) -> None:
    """Let nobody start an event before `until`: Temporal did not take it just now."""
    session.execute(
        update(EventRow)
        .where(col(EventRow.event_id) == event_id)
        .values(lease_owner=None, lease_until=until)
    )


def mark_failed(session: Session, event_id: str, reason: str) -> None:
    """Say of an event that it can never be started, and why."""
    session.execute(
        update(EventRow)
        .where(col(EventRow.event_id) == event_id)
        .values(state=EventState.FAILED, failure_reason=reason, lease_owner=None, lease_until=None)
    )


@cache
def _one_due() -> Select[int]:
    """Made once: making it anew costs five times what asking it does."""
    return select_columns(literal(1)).where(*_due(bindparam("now", type_=Utc))).limit(1)


def _due(now: datetime | BindParameter[datetime]) -> tuple[ColumnElement[bool], ...]:
    """In the outbox, and leased by nobody."""
    return (
        col(EventRow.started_at).is_(None),
        col(EventRow.state) == EventState.ACCEPTED,
        or_(col(EventRow.lease_until).is_(None), col(EventRow.lease_until) < now),
    )


def _known_digests(session: Session, event_ids: Sequence[str]) -> dict[str, tuple[str, EventState]]:
    query = select(EventRow.event_id, EventRow.body_digest, EventRow.state)
    rows = session.exec(query.where(col(EventRow.event_id).in_(event_ids)))
    return {
        event_id: (known_digest(session, digest), EventState(state))
        for event_id, digest, state in rows
    }


def _known_partners(session: Session, partner_ids: set[str]) -> set[str]:
    query = select(PartnerRow.id).where(col(PartnerRow.id).in_(sorted(partner_ids)))
    return set(session.exec(query))


def _judge(
    event: TrackingEvent,
    digest: str,
    known: Mapping[str, tuple[str, EventState]],
    partners: Container[str],
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
    session: Session, outcomes: Sequence[Accepted | Refused]
) -> list[Accepted | Refused]:
    """A failed event that is sent once more goes back into the outbox."""
    failed = [
        one.event_id
        for one in outcomes
        if isinstance(one, Accepted) and one.state is EventState.FAILED
    ]
    if not failed:
        return list(outcomes)
    session.execute(
        update(EventRow)
        .where(col(EventRow.event_id).in_(failed))
        .values(state=EventState.ACCEPTED, failure_reason=None, started_at=None)
    )
    notify_dispatchers(session)
    return [
        Accepted(one.event_id, EventState.ACCEPTED, duplicate=True)
        if one.event_id in failed
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
    now: datetime,
    traceparents: Mapping[str, str],
) -> None:
    sequences = next_sequences(session, [event for event, _, _ in fresh])
    session.connection().execute(
        insert(_EVENTS),
        [
            {
                **_row(session, event, body, digest, sequence, now),
                "traceparent": traceparents.get(event.event_id),
            }
            for (event, body, digest), sequence in zip(fresh, sequences, strict=True)
        ],
    )
    recorded = [event for event, _, _ in fresh if not event.notify]
    if recorded:
        session.execute(insert(DeliveryRow), [_recorded_only(event, now) for event in recorded])
    notify_dispatchers(session)


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
