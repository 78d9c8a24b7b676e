"""Dead letters: deliveries kept for a person or a recovery, with the reason."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from contracts.delivery.dead_letter_stream import QueueChange
from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import DeadLetterResolution, DeliveryState
from contracts.errors import NotFound
from contracts.ids import IdKind, new_id
from store.db.row_locks import TO_CHANGE
from store.dead_letters.stream_outbox import note_change
from store.endpoints.ordering import wake_later
from store.tables import DeadLetterRow, DeliveryRow

KEPT_FOR = timedelta(days=14)


def record_dead_letter(
    session: Session, dead_letter: RecordDeadLetter, now: datetime
) -> DeliveryState:
    """Make a delivery a dead letter, once. Gives the state it ended in.

    A delivery that was delivered or erased meanwhile stays what it is.
    """
    delivery = session.get(DeliveryRow, dead_letter.delivery_id, with_for_update=TO_CHANGE)
    if delivery is None:
        raise NotFound(f"no delivery {dead_letter.delivery_id}")
    if delivery.state in (DeliveryState.DELIVERED, DeliveryState.SKIPPED):
        return delivery.state
    delivery.state, delivery.next_attempt_at = DeliveryState.DEAD_LETTERED, None
    wake_later(session, delivery, now)
    if _unresolved(session, delivery.id) is None:
        kept = DeadLetterRow(
            id=new_id(IdKind.DEAD_LETTER),
            delivery_id=delivery.id,
            partner_id=delivery.partner_id,
            reason=dead_letter.reason,
            code=dead_letter.code,
            created_at=now,
            expires_at=now + KEPT_FOR,
        )
        session.add(kept)
        note_change(session, kept.id, QueueChange.ENTERED, now)
    return delivery.state


def expire_dead_letters(session: Session, now: datetime, *, limit: int) -> int:
    """Close the next dead letters whose time is over; gives how many. Their deliveries expire."""
    query = (
        select(DeadLetterRow.delivery_id)
        .where(col(DeadLetterRow.resolved_at).is_(None), col(DeadLetterRow.expires_at) <= now)
        .order_by(col(DeadLetterRow.expires_at))
        .limit(limit)
    )
    delivery_ids = list(session.exec(query))
    for delivery_id in delivery_ids:
        delivery = session.get_one(DeliveryRow, delivery_id, with_for_update=TO_CHANGE)
        if delivery.state is DeliveryState.DEAD_LETTERED:
            delivery.state, delivery.changed_at = DeliveryState.EXPIRED, now
            session.add(delivery)
        resolve(session, delivery_id, DeadLetterResolution.EXPIRED, now)
    return len(delivery_ids)


def resolve(
    session: Session, delivery_id: str, resolution: DeadLetterResolution, now: datetime
) -> None:
    """Close the unresolved dead letter of a delivery, if it has one."""
    closed = session.execute(
        update(DeadLetterRow)
        .where(col(DeadLetterRow.delivery_id) == delivery_id)
        .where(col(DeadLetterRow.resolved_at).is_(None))
        .values(resolved_at=now, resolution=resolution)
        .returning(col(DeadLetterRow.id))
    )
    for dead_letter_id in closed.scalars().all():
        note_change(session, dead_letter_id, QueueChange.LEFT, now)


def _unresolved(session: Session, delivery_id: str) -> DeadLetterRow | None:
    query = (
        select(DeadLetterRow)
        .where(col(DeadLetterRow.delivery_id) == delivery_id)
        .where(col(DeadLetterRow.resolved_at).is_(None))
    )
    return session.exec(query).first()
