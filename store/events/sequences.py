"""The count of each order's events: from 1, without gaps or repeats, under any concurrency.

The counter's row is locked by the very statement that moves it, so two requests for one order
stand in line, and a rolled-back request gives its numbers back.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, SQLModel, col

from contracts.payload.events import TrackingEvent
from store.tables import EventRow, OrderSequenceRow

OrderKey = tuple[str, str]

_TABLE = SQLModel.metadata.tables[str(OrderSequenceRow.__tablename__)]


def order_key(event: TrackingEvent) -> OrderKey:
    """What an order is counted by: its partner and its own id."""
    return event.partner_id, event.data.order.order_id


def next_sequences(session: Session, events: Sequence[TrackingEvent]) -> list[int]:
    """The sequence of each of these events, in their order.

    A sequence of the sender's own is taken as it is and moves the count up to it.
    """
    by_order: dict[OrderKey, list[TrackingEvent]] = {}
    for event in events:
        by_order.setdefault(order_key(event), []).append(event)
    first = _move_on(session, {key: _wanted(of_order) for key, of_order in by_order.items()})
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


def _wanted(events: Sequence[TrackingEvent]) -> tuple[int, int]:
    """Of one order: the sender's own highest number, and how many are counted."""
    own = [event.sequence for event in events if event.sequence is not None]
    return max(own, default=0), len(events) - len(own)


def _move_on(session: Session, wanted: Mapping[OrderKey, tuple[int, int]]) -> dict[OrderKey, int]:
    """Move the count of each order up to the sender's own number, never down, and on by those that
    are counted; gives the first number of these.

    All orders in one order: whoever takes some of the same waits, and never for each other.
    """
    at_least, more = bindparam("at_least", type_=Integer), bindparam("more", type_=Integer)
    statement = insert(_TABLE).values(last=at_least + more)
    upsert = statement.on_conflict_do_update(
        index_elements=["partner_id", "order_id"],
        set_={"last": func.greatest(_TABLE.c.last, at_least) + more},
    ).returning(_TABLE.c.partner_id, _TABLE.c.order_id, _TABLE.c.last)
    rows = session.connection().execute(
        upsert,
        [
            {"partner_id": key[0], "order_id": key[1], "at_least": own, "more": count}
            for key, (own, count) in sorted(wanted.items())
        ],
    )
    return {
        (partner_id, order_id): last - wanted[partner_id, order_id][1] + 1
        for partner_id, order_id, last in rows
    }
