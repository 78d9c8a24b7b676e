"""Dead letters: deliveries kept for a person or a recovery, with the reason."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from contracts.errors import NotFound
from contracts.ids import IdKind, new_id
from contracts.messages import RecordDeadLetter
from contracts.states import DeadLetterResolution, DeliveryState
from store.tables import DeadLetterRow, DeliveryRow

KEPT_FOR = timedelta(days=14)


def record_dead_letter(session: Session, letter: RecordDeadLetter, now: datetime) -> DeliveryState:
    """Make a delivery a dead letter, once. Gives the state it ended in.

    A delivery that was delivered meanwhile stays delivered.
    """
    delivery = session.get(DeliveryRow, letter.delivery_id, with_for_update=True)
    if delivery is None:
        raise NotFound(f"no delivery {letter.delivery_id}")
    if delivery.state is DeliveryState.DELIVERED:
        return delivery.state
    delivery.state, delivery.next_attempt_at = DeliveryState.DEAD_LETTERED, None
    if _unresolved(session, delivery.id) is None:
        session.add(
            DeadLetterRow(
                id=new_id(IdKind.DEAD_LETTER),
                delivery_id=delivery.id,
                partner_id=delivery.partner_id,
                reason=letter.reason,
                code=letter.code,
                created_at=now,
                expires_at=now + KEPT_FOR,
            )
        )
    return delivery.state


def resolve(
    session: Session, delivery_id: str, resolution: DeadLetterResolution, now: datetime
) -> None:
    """Close the unresolved dead letter of a delivery, if it has one."""
    session.execute(
        update(DeadLetterRow)
        .where(col(DeadLetterRow.delivery_id) == delivery_id)
        .where(col(DeadLetterRow.resolved_at).is_(None))
        .values(resolved_at=now, resolution=resolution)
    )


def _unresolved(session: Session, delivery_id: str) -> DeadLetterRow | None:
    query = (
        select(DeadLetterRow)
        .where(col(DeadLetterRow.delivery_id) == delivery_id)
        .where(col(DeadLetterRow.resolved_at).is_(None))
    )
    return session.exec(query).first()
