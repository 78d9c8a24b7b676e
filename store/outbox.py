"""The outbox: accepting an event, leasing what has to be started, marking what was started.

The row is the promise. Committed means that the event will be delivered, whatever dies.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, or_, update
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, col, select

from contracts.errors import Conflict, Invalid
from contracts.events import TrackingEvent
from contracts.partners import TIERS
from contracts.states import EventState
from store.tables import EventRow, OrderSequenceRow, PartnerRow


@dataclass(frozen=True)
class Accepted:
    """What the sender is told: the event is ours now. `duplicate`: it already was."""

    event_id: str
    state: EventState
    duplicate: bool


@dataclass(frozen=True)
class Startable:
    """What it takes to start (or signal) the workflow of an event; no personal data."""

    event_id: str
    partner_id: str
    event_type: str
    order_id: str
    priority: int


def accept(session: Session, event: TrackingEvent, now: datetime) -> Accepted:
    """Take one event. The same id with the same body is taken again without effect.

    Invalid for an unknown partner; Conflict when the id belongs to a different event.
    """
    body = event.model_dump_json()
    digest = hashlib.sha256(body.encode()).hexdigest()
    known = session.get(EventRow, event.event_id)
    if known is not None:
        return _accept_again(known, digest)
    if session.get(PartnerRow, event.partner_id) is None:
        raise Invalid(f"no partner {event.partner_id}: create it first", field="partner_id")
    session.add(
        EventRow(
            event_id=event.event_id,
            partner_id=event.partner_id,
            order_id=event.data.order.order_id,
            event_type=event.type,
            sequence=_next_sequence(session, event),
            is_test=event.is_test,
            occurred_at=event.occurred_at,
            accepted_at=now,
            body=body,
            body_sha256=digest,
        )
    )
    return Accepted(event.event_id, EventState.ACCEPTED, duplicate=False)


def is_waiting(session: Session, now: datetime) -> bool:
    """Whether an event waits to be leased; cheap enough to ask many times a second."""
    return session.exec(select(EventRow.event_id).where(*_due(now)).limit(1)).first() is not None


def lease(
    session: Session, *, owner: str, limit: int, now: datetime, duration: timedelta
) -> list[Startable]:
    """Take the oldest events that nobody is starting, for `duration`; others leave them alone."""
    due = (
        select(EventRow.event_id)
        .where(*_due(now))
        .order_by(col(EventRow.accepted_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
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
            col(PartnerRow.tier),
        )
        .where(col(EventRow.event_id).in_(event_ids))
        .join(PartnerRow, col(PartnerRow.id) == col(EventRow.partner_id))
        .order_by(col(EventRow.accepted_at))
    )
    return [
        Startable(event_id, partner_id, event_type.value, order_id, TIERS[tier].priority)
        for event_id, partner_id, event_type, order_id, tier in rows
    ]


def mark_started(session: Session, event_ids: Sequence[str], now: datetime) -> None:
    """Take events out of the outbox: their workflows exist."""
    session.execute(
        update(EventRow)
        .where(col(EventRow.event_id).in_(event_ids))
        .values(started_at=now, lease_owner=None, lease_until=None)
    )


def release(session: Session, event_ids: Sequence[str]) -> None:
    """Give leased events back, so that anybody may start them at once."""
    session.execute(
        update(EventRow)
        .where(col(EventRow.event_id).in_(event_ids))
        .values(lease_owner=None, lease_until=None)
    )


def mark_failed(session: Session, event_id: str, reason: str) -> None:
    """Say of an event that it can never be started, and why."""
    session.execute(
        update(EventRow)
        .where(col(EventRow.event_id) == event_id)
        .values(state=EventState.FAILED, failure_reason=reason, lease_owner=None, lease_until=None)
    )


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """In the outbox, and leased by nobody."""
    return (
        col(EventRow.started_at).is_(None),
        col(EventRow.state) == EventState.ACCEPTED,
        or_(col(EventRow.lease_until).is_(None), col(EventRow.lease_until) < now),
    )


def _accept_again(known: EventRow, digest: str) -> Accepted:
    if known.body_sha256 != digest:
        raise Conflict(
            f"event {known.event_id} was accepted with another body: a new fact needs a new id"
        )
    return Accepted(known.event_id, known.state, duplicate=True)


def _next_sequence(session: Session, event: TrackingEvent) -> int:
    """Count an order's events from 1. A sequence of the sender's own moves the count up to it."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite_insert if is_sqlite else postgresql_insert
    last = col(OrderSequenceRow.last)
    following = (
        case((last < event.sequence, event.sequence), else_=last) if event.sequence else last + 1
    )
    upsert = (
        insert(OrderSequenceRow)
        .values(
            partner_id=event.partner_id,
            order_id=event.data.order.order_id,
            last=event.sequence or 1,
        )
        .on_conflict_do_update(index_elements=["partner_id", "order_id"], set_={"last": following})
        .returning(last)
    )
    counted = session.execute(upsert).scalar_one()
    return event.sequence or counted
