"""The rows of dead letters: opened with the reason, closed once, noted for the stream."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select

from contracts.delivery.dead_letter_stream import QueueChange
from contracts.delivery.states import DeadLetterReason, DeadLetterResolution
from contracts.ids import IdKind, new_id
from store.dead_letters.stream_outbox import note_change
from store.tables import DeadLetterRow, DeliveryRow, EventRow

KEPT_FOR = timedelta(days=14)


def open_dead_letter(
    session: Session,
    delivery: DeliveryRow,
    reason: DeadLetterReason,
    code: str | None,
    now: datetime,
) -> None:
    """Keep a delivery as a dead letter, unless it is one."""
    if _open_one(session, delivery.id) is not None:
        return
    is_test = select(EventRow.is_test).where(col(EventRow.event_id) == delivery.event_id)
    kept = DeadLetterRow(
        id=new_id(IdKind.DEAD_LETTER),
        delivery_id=delivery.id,
        partner_id=delivery.partner_id,
        channel=delivery.channel,
        reason=reason,
        code=code,
        is_test=session.exec(is_test).one(),
        created_at=now,
        expires_at=now + KEPT_FOR,
    )
    session.add(kept)
    note_change(session, kept.id, QueueChange.ENTERED, now)


def waits_for_somebody() -> tuple[ColumnElement[bool], ...]:
    """That a dead letter is open and not of a test."""
    return col(DeadLetterRow.resolved_at).is_(None), ~col(DeadLetterRow.is_test)


def resolve(
    session: Session, delivery_id: str, resolution: DeadLetterResolution, now: datetime
) -> None:
    """Close the open dead letter of a delivery, if it has one."""
    closed = session.execute(
        update(DeadLetterRow)
        .where(col(DeadLetterRow.delivery_id) == delivery_id)
        .where(col(DeadLetterRow.resolved_at).is_(None))
        .values(resolved_at=now, resolution=resolution)
        .returning(col(DeadLetterRow.id))
    )
    for dead_letter_id in closed.scalars().all():
        note_change(session, dead_letter_id, QueueChange.LEFT, now)


def _open_one(session: Session, delivery_id: str) -> DeadLetterRow | None:
    query = (
        select(DeadLetterRow)
        .where(col(DeadLetterRow.delivery_id) == delivery_id)
        .where(col(DeadLetterRow.resolved_at).is_(None))
    )
    return session.exec(query).first()
