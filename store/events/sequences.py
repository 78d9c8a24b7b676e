"""The count of each order's events: from 1, without gaps or repeats, under any concurrency.

The statement that increments the counter also locks its row, so that requests for one order wait
for one another, and a rolled-back request gives its numbers back.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import func, select
from sqlmodel import Session, col

from contracts.payload.events import TrackingEvent
from store.tables import EventRow

OrderKey = tuple[str, str]

_GIVEN = """
    INSERT INTO order_sequences (partner_id, order_id, last)
    SELECT * FROM unnest(%(partner_ids)s::text[], %(order_ids)s::text[], %(numbers)s::int[])
    ON CONFLICT (partner_id, order_id) DO UPDATE SET last =
"""
_LOCK = f"""{_GIVEN} order_sequences.last
    RETURNING partner_id, order_id, last"""
_MOVE_UP = f"""{_GIVEN} greatest(order_sequences.last, excluded.last)
    RETURNING partner_id, order_id, last"""
_MOVE_ON = f"""{_GIVEN} order_sequences.last + excluded.last
    RETURNING partner_id, order_id, last"""


def order_key(event: TrackingEvent) -> OrderKey:
    """What an order is counted by: its partner and its own id."""
    return event.partner_id, event.data.order.order_id


def next_sequences(session: Session, events: Sequence[TrackingEvent]) -> list[int]:
    """The sequence of each of these events, in their order.

    A sequence of the sender's own is taken as it is and moves the count up to it.
    """
    own = [event for event in events if event.sequence is not None]
    counted = [event for event in events if event.sequence is None]
    if own and counted:
        _lock(session, events)
    if own:
        _move_up(session, own)
    first = _move_on(session, counted) if counted else {}
    numbers = []
    for event in events:
        if event.sequence is not None:
            numbers.append(event.sequence)
        else:
            numbers.append(first[order_key(event)])
            first[order_key(event)] += 1
    return numbers


def repeated_sequences(session: Session, events: Sequence[TrackingEvent]) -> set[str]:
    """Which of these events have a sequence of the sender's own that another event of their order
    has, too. Costs nothing where Doorstep counts."""
    own = [event for event in events if event.sequence is not None]
    if not own:
        return set()
    order, sequence = col(EventRow.order_id), col(EventRow.sequence)
    rows = session.execute(
        select(col(EventRow.partner_id), order, sequence)
        .where(order.in_({event.data.order.order_id for event in own}))
        .group_by(col(EventRow.partner_id), order, sequence)
        .having(func.count() > 1)
    )
    taken = {tuple(row) for row in rows}
    return {event.event_id for event in own if (*order_key(event), event.sequence) in taken}


def _lock(session: Session, events: Sequence[TrackingEvent]) -> None:
    """Lock all counts in one order, those that begin too, before two statements would lock some
    each."""
    _run(session, _LOCK, dict.fromkeys(map(order_key, events), 0))


def _move_up(session: Session, events: Sequence[TrackingEvent]) -> None:
    """Move the count of each order up to the sender's own highest number, never down."""
    highest: dict[OrderKey, int] = {}
    for event in events:
        key = order_key(event)
        highest[key] = max(highest.get(key, 0), event.sequence or 0)
    _run(session, _MOVE_UP, highest)


def _move_on(session: Session, events: Sequence[TrackingEvent]) -> dict[OrderKey, int]:
    """Move the count of each order on by those that are counted; gives the first number of
    these."""
    counted = Counter(order_key(event) for event in events)
    rows = _run(session, _MOVE_ON, counted)
    return {
        (partner_id, order_id): last - counted[partner_id, order_id] + 1
        for partner_id, order_id, last in rows
    }


def _run(
    session: Session, statement: str, numbers: Mapping[OrderKey, int]
) -> Iterable[tuple[str, str, int]]:
    """All counters, locked in one sorted order: two transactions that share some never deadlock."""
    keys = sorted(numbers)
    values = {
        "partner_ids": [partner_id for partner_id, _ in keys],
        "order_ids": [order_id for _, order_id in keys],
        "numbers": [numbers[key] for key in keys],
    }
    rows = session.connection().exec_driver_sql(statement, values)
    return [(row[0], row[1], row[2]) for row in rows]
