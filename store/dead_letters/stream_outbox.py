"""The moves of dead letters, from the transaction that makes them to their place in Redis.

The row is the promise, as in the outbox: committed means that the mirror will write it. Rows that
are in the stream stay for a day, so that what a Redis forgets in a crash can be written again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, tuple_, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from contracts.delivery.dead_letter_stream import (
    SCHEMA,
    QueueChange,
    StreamEntry,
    StreamId,
    change_id,
    written_time,
)
from store.tables import DeadLetterRow, DeliveryRow, EventRow, QueueChangeRow

REMEMBERED_FOR = timedelta(days=1)
"""How long a move stays known that is in the stream."""

KEPT_WITHOUT_A_MIRROR = timedelta(hours=1)
"""How long a move waits where there is no Redis: while workers are replaced, some may have one."""


@dataclass(frozen=True)
class WaitingChange:
    """A move that the stream does not have yet, by its number, and its entry."""

    number: int
    entry: StreamEntry


@dataclass(frozen=True)
class Backlog:
    """Moves that wait for the mirror, and since when the oldest does."""

    changes: int = 0
    oldest_at: datetime | None = None


def note_change(
    session: Session, dead_letter_id: str, change: QueueChange, changed_at: datetime
) -> None:
    """Write a move down, in the transaction that makes it."""
    session.flush()  # the dead letter first: the move points to it
    session.add(QueueChangeRow(dead_letter_id=dead_letter_id, change=change, changed_at=changed_at))


def waiting_changes(session: Session, *, limit: int) -> list[WaitingChange]:
    """The next moves that the stream does not have, in their order."""
    query = (
        select(QueueChangeRow, DeadLetterRow, DeliveryRow, EventRow.event_type)
        .join(DeadLetterRow, col(DeadLetterRow.id) == col(QueueChangeRow.dead_letter_id))
        .join(DeliveryRow, col(DeliveryRow.id) == col(DeadLetterRow.delivery_id))
        .join(EventRow, col(EventRow.event_id) == col(DeliveryRow.event_id))
        .where(_waits())
        .order_by(col(QueueChangeRow.number))
        .limit(limit)
    )
    return [
        WaitingChange(row.number or 0, _entry(row, dead_letter, delivery, event_type))
        for row, dead_letter, delivery, event_type in session.exec(query)
    ]


def mark_in_stream(session: Session, places: Mapping[int, StreamId]) -> None:
    """Say of moves that they are in the stream, and where; but not while one before them waits.

    Then another mirror has taken back what Redis has lost meanwhile, maybe these as well: they are
    looked for in the stream once more.
    """
    before = select(QueueChangeRow.number).where(_waits(), col(QueueChangeRow.number) < min(places))
    if session.exec(before.limit(1)).first() is not None:
        return
    for number, place in sorted(places.items()):
        session.execute(
            update(QueueChangeRow)
            .where(col(QueueChangeRow.number) == number, _waits())
            .values(stream_ms=place.ms, stream_seq=place.seq)
        )


def changes_to_add(session: Session, last: StreamId, *, limit: int) -> list[WaitingChange] | None:
    """The next moves for a stream that ends at `last`; None when the stream is said to have moves
    behind that: Redis has lost them, and they are to be taken back first.

    Both are of one moment. Between two, another mirror may take moves back, which then are among
    neither, and an exit would be added before its entry.
    """
    return None if _behind(session, last, limit=1) else waiting_changes(session, limit=limit)


def take_back(session: Session, last: StreamId, *, limit: int) -> int:
    """Let moves that Redis has lost wait once more; gives how many. 0: none is left."""
    numbers = _behind(session, last, limit=limit)
    session.execute(
        update(QueueChangeRow)
        .where(col(QueueChangeRow.number).in_(numbers))
        .values(stream_ms=None, stream_seq=None)
    )
    return len(numbers)


def drop_old_changes(session: Session, now: datetime, *, mirrored: bool, limit: int) -> int:
    """Drop the next moves that nobody needs any more; gives how many. 0: none is left.

    `mirrored`: there is a Redis, and what still waits for it is kept.
    """
    long_there = int((now - REMEMBERED_FOR).timestamp() * 1000)
    query = select(QueueChangeRow.number).where(col(QueueChangeRow.stream_ms) < long_there)
    numbers = list(session.exec(query.order_by(col(QueueChangeRow.stream_ms)).limit(limit)))
    if not mirrored:
        too_old = col(QueueChangeRow.changed_at) < now - KEPT_WITHOUT_A_MIRROR
        waiting = select(QueueChangeRow.number).where(_waits(), too_old)
        numbers += session.exec(waiting.order_by(col(QueueChangeRow.number)).limit(limit)).all()
    if numbers:
        of_these = col(QueueChangeRow.number).in_(numbers)
        session.execute(delete(QueueChangeRow).where(of_these))
    return len(numbers)


def backlog(session: Session) -> Backlog:
    """How much waits for the mirror."""
    changed_at = col(QueueChangeRow.changed_at)
    count, oldest_at = session.execute(
        select_columns(func.count(), func.min(changed_at)).where(_waits())
    ).one()
    return Backlog(count, oldest_at)


def _waits() -> ColumnElement[bool]:
    return col(QueueChangeRow.stream_ms).is_(None)


def _behind(session: Session, last: StreamId, *, limit: int) -> Sequence[int | None]:
    """The numbers of moves whose place in the stream comes after `last`."""
    place = tuple_(col(QueueChangeRow.stream_ms), col(QueueChangeRow.stream_seq))
    query = select(QueueChangeRow.number).where(~_waits(), place > (last.ms, last.seq))
    return session.exec(query.limit(limit)).all()


def _entry(
    row: QueueChangeRow, dead_letter: DeadLetterRow, delivery: DeliveryRow, event_type: str
) -> StreamEntry:
    left = row.change is QueueChange.LEFT
    return StreamEntry(
        schema=SCHEMA,
        change_id=change_id(dead_letter.id, row.change),
        change=row.change,
        changed_at=written_time(row.changed_at),
        dead_letter_id=dead_letter.id,
        delivery_id=delivery.id,
        event_id=delivery.event_id,
        event_type=event_type,
        partner_id=dead_letter.partner_id,
        endpoint_id=delivery.endpoint_id or "",
        channel=delivery.channel or "",
        reason=dead_letter.reason,
        code=dead_letter.code or "",
        expires_at=written_time(dead_letter.expires_at),
        resolution=dead_letter.resolution or "" if left else "",
    )
