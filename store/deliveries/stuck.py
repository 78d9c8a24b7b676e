"""Rows that are open too long: what the reconciler looks at."""

from datetime import datetime

from sqlalchemy import Subquery, or_, union
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import OPEN_STATES, DeadLetterReason, EventState
from store.deliveries.dead_lettering import record_dead_letter
from store.events.outbox import Startable, startables
from store.tables import DeliveryRow, EventRow, OutboxRow


def overdue(session: Session, *, before: datetime, limit: int, after: str = "") -> list[Startable]:
    """Events to which nothing happened since `before` although something should have.

    They have left the outbox and were never planned, or have a delivery on its way that has no
    attempt to wait for. A page of them: those whose ids come after `after`.
    """
    ids = _overdue(before).c.event_id
    rows = session.execute(select_columns(ids).where(ids > after).order_by(ids).limit(limit))
    return startables(session, [row[0] for row in rows])


def is_overdue(session: Session, event_id: str, *, before: datetime) -> bool:
    """Whether one event is among them."""
    ids = _overdue(before).c.event_id
    return session.execute(select_columns(ids).where(ids == event_id)).first() is not None


def dead_letter_open(session: Session, event_id: str, now: datetime) -> int:
    """End what is open of an event whose workflow ops cancelled; gives how much that was.

    An event that was cancelled before it was planned is failed, with that reason.
    """
    event = session.get_one(EventRow, event_id)
    if event.state is EventState.ACCEPTED:
        event.state = EventState.FAILED
        event.failure_reason = "cancelled by ops before it was planned"
        return 1
    query = select(DeliveryRow.id).where(
        col(DeliveryRow.event_id) == event_id, col(DeliveryRow.state).in_(OPEN_STATES)
    )
    open_ids = list(session.exec(query))
    for delivery_id in open_ids:
        dead_letter = RecordDeadLetter(delivery_id, DeadLetterReason.CANCELLED_BY_OPS)
        record_dead_letter(session, dead_letter, now)
    return len(open_ids)


def _overdue(before: datetime) -> Subquery:
    waits = select(OutboxRow.event_id).where(col(OutboxRow.event_id) == col(EventRow.event_id))
    unplanned = select(EventRow.event_id).where(
        col(EventRow.state) == EventState.ACCEPTED,
        col(EventRow.accepted_at) < before,
        ~waits.exists(),
    )
    stuck = select(DeliveryRow.event_id).where(
        col(DeliveryRow.state).in_(OPEN_STATES),
        col(DeliveryRow.changed_at) < before,
        or_(
            col(DeliveryRow.next_attempt_at).is_(None),
            col(DeliveryRow.next_attempt_at) < before,
        ),
    )
    return union(unplanned, stuck).subquery()
