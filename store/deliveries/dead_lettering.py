"""Deliveries that become dead letters, and dead letters whose time is over."""

from datetime import datetime

from sqlmodel import Session, col, select

from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import DeadLetterResolution, DeliveryState
from contracts.delivery.transitions import Command
from contracts.errors import NotFound
from store.db.row_locks import TO_CHANGE
from store.dead_letters.record import open_dead_letter, resolve
from store.deliveries.state_changes import change_state
from store.endpoints.ordering import wake_later
from store.tables import DeadLetterRow, DeliveryRow


def record_dead_letter(
    session: Session, dead_letter: RecordDeadLetter, now: datetime
) -> DeliveryState:
    """Make a delivery a dead letter, once. Gives the state it ended in.

    One that was delivered before, however long ago, is delivered; one that was given up or erased
    meanwhile stays what it is.
    """
    delivery = session.get(DeliveryRow, dead_letter.delivery_id, with_for_update=TO_CHANGE)
    if delivery is None:
        raise NotFound(f"no delivery {dead_letter.delivery_id}")
    if change_state(session, delivery, Command.DEAD_LETTER, now):
        wake_later(session, delivery, now)
        if delivery.state is DeliveryState.DEAD_LETTERED:
            open_dead_letter(session, delivery, dead_letter.reason, dead_letter.code, now)
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
        if not change_state(session, delivery, Command.EXPIRE, now):
            resolve(session, delivery_id, DeadLetterResolution.EXPIRED, now)
    return len(delivery_ids)
