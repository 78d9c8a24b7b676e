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

from contracts.dead_letter_stream import (
    SCHEMA,
    DeadLetterMove,
    StreamEntry,
    StreamId,
    move_id,
    written_time,
)
from store.tables import DeadLetterMoveRow, DeadLetterRow, DeliveryRow, EventRow

REMEMBERED_FOR = timedelta(days=1)
"""How long a move stays known that is in the stream."""

KEPT_WITHOUT_A_MIRROR = timedelta(hours=1)
"""How long a move waits where there is no Redis: while workers are replaced, some may have one."""


@dataclass(frozen=True)
class WaitingMove:
    """A move that the stream does not have yet, by its number, and its entry."""

    number: int
    entry: StreamEntry


@dataclass(frozen=True)
class Backlog:
    """Moves that wait for the mirror, and since when the oldest does."""

    moves: int = 0
    oldest_at: datetime | None = None


def note_move(
    session: Session, dead_letter_id: str, move: DeadLetterMove, moved_at: datetime
) -> None:
    """Write a move down, in the transaction that makes it."""
    session.flush()  # the dead letter first: the move points to it
    session.add(DeadLetterMoveRow(dead_letter_id=dead_letter_id, move=move, moved_at=moved_at))


def waiting_moves(session: Session, *, limit: int) -> list[WaitingMove]:
    """The next moves that the stream does not have, in their order."""
    query = (
        select(DeadLetterMoveRow, DeadLetterRow, DeliveryRow, EventRow.event_type)
        .join(DeadLetterRow, col(DeadLetterRow.id) == col(DeadLetterMoveRow.dead_letter_id))
        .join(DeliveryRow, col(DeliveryRow.id) == col(DeadLetterRow.delivery_id))
        .join(EventRow, col(EventRow.event_id) == col(DeliveryRow.event_id))
        .where(_waits())
        .order_by(col(DeadLetterMoveRow.number))
        .limit(limit)
    )
    return [
        WaitingMove(row.number or 0, _entry(row, letter, delivery, event_type))
        for row, letter, delivery, event_type in session.exec(query)
    ]


def mark_in_stream(session: Session, places: Mapping[int, StreamId]) -> None:
    """Say of moves that they are in the stream, and where; but not while one before them waits.

    Then another mirror has taken back what Redis has lost meanwhile, maybe these as well: they are
    looked for in the stream once more.
    """
    before = select(DeadLetterMoveRow.number).where(
        _waits(), col(DeadLetterMoveRow.number) < min(places)
    )
    if session.exec(before.limit(1)).first() is not None:
        return
    for number, place in sorted(places.items()):
        session.execute(
            update(DeadLetterMoveRow)
            .where(col(DeadLetterMoveRow.number) == number, _waits())
            .values(stream_ms=place.ms, stream_seq=place.seq)
        )


def moves_to_add(session: Session, last: StreamId, *, limit: int) -> list[WaitingMove] | None:
    """The next moves for a stream that ends at `last`; None when the stream is said to have moves
    behind that: Redis has lost them, and they are to be taken back first.

    Both are of one moment. Between two, another mirror may take moves back, which then are among
    neither, and an exit would be added before its entry.
    """
    return None if _behind(session, last, limit=1) else waiting_moves(session, limit=limit)


def take_back(session: Session, last: StreamId, *, limit: int) -> int:
    """Let moves that Redis has lost wait once more; gives how many. 0: none is left."""
    numbers = _behind(session, last, limit=limit)
    session.execute(
        update(DeadLetterMoveRow)
        .where(col(DeadLetterMoveRow.number).in_(numbers))
        .values(stream_ms=None, stream_seq=None)
    )
    return len(numbers)


def drop_old_moves(session: Session, now: datetime, *, mirrored: bool, limit: int) -> int:
    """Drop the next moves that nobody needs any more; gives how many. 0: none is left.

    `mirrored`: there is a Redis, and what still waits for it is kept.
    """
    long_there = int((now - REMEMBERED_FOR).timestamp() * 1000)
    query = select(DeadLetterMoveRow.number).where(col(DeadLetterMoveRow.stream_ms) < long_there)
    numbers = list(session.exec(query.order_by(col(DeadLetterMoveRow.stream_ms)).limit(limit)))
    if not mirrored:
        too_old = col(DeadLetterMoveRow.moved_at) < now - KEPT_WITHOUT_A_MIRROR
        waiting = select(DeadLetterMoveRow.number).where(_waits(), too_old)
        numbers += session.exec(waiting.order_by(col(DeadLetterMoveRow.number)).limit(limit)).all()
    if numbers:
        of_these = col(DeadLetterMoveRow.number).in_(numbers)
        session.execute(delete(DeadLetterMoveRow).where(of_these))
    return len(numbers)


def backlog(session: Session) -> Backlog:
    """How much waits for the mirror."""
    moved_at = col(DeadLetterMoveRow.moved_at)
    count, oldest_at = session.execute(
        select_columns(func.count(), func.min(moved_at)).where(_waits())
    ).one()
    return Backlog(count, oldest_at)


def _waits() -> ColumnElement[bool]:
    return col(DeadLetterMoveRow.stream_ms).is_(None)


def _behind(session: Session, last: StreamId, *, limit: int) -> Sequence[int | None]:
    """The numbers of moves whose place in the stream comes after `last`."""
    place = tuple_(col(DeadLetterMoveRow.stream_ms), col(DeadLetterMoveRow.stream_seq))
    query = select(DeadLetterMoveRow.number).where(~_waits(), place > (last.ms, last.seq))
    return session.exec(query.limit(limit)).all()


def _entry(
    row: DeadLetterMoveRow, letter: DeadLetterRow, delivery: DeliveryRow, event_type: str
) -> StreamEntry:
    left = row.move is DeadLetterMove.LEFT
    return StreamEntry(
        schema=SCHEMA,
        move_id=move_id(letter.id, row.move),
        move=row.move,
        moved_at=written_time(row.moved_at),
        dead_letter_id=letter.id,
        delivery_id=delivery.id,
        event_id=delivery.event_id,
        event_type=event_type,
        partner_id=letter.partner_id,
        endpoint_id=delivery.endpoint_id or "",
        channel=delivery.channel or "",
        reason=letter.reason,
        code=letter.code or "",
        expires_at=written_time(letter.expires_at),
        resolution=letter.resolution or "" if left else "",
    )
