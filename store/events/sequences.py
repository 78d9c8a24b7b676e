"""The count of each order's events: from 1, without gaps or repeats, under any concurrency.

The counter's row is locked by the very statement that moves it, so two requests for one order
stand in line, and a rolled-back request gives its numbers back.
"""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, select
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
    counted = Counter(order_key(event) for event in events if event.sequence is None)
    own = {order_key(event): 0 for event in events if event.sequence is not None}
    for event in events:
        if event.sequence is not None:
            own[order_key(event)] = max(own[order_key(event)], event.sequence)
    if own:
        _raise_to(session, own)
    following = _count_up(session, counted) if counted else {}
    numbers = []
    for event in events:
        if event.sequence is not None:
            numbers.append(event.sequence)
        else:
            numbers.append(following[order_key(event)])
            following[order_key(event)] += 1
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


def _count_up(session: Session, counted: "Counter[OrderKey]") -> dict[OrderKey, int]:
    """Take as many numbers for each order as it has events; gives the first of each."""
    statement = insert(_TABLE)
    upsert = statement.on_conflict_do_update(
        index_elements=["partner_id", "order_id"],
        set_={"last": _TABLE.c.last + statement.excluded.last},
    ).returning(_TABLE.c.partner_id, _TABLE.c.order_id, _TABLE.c.last)
    rows = session.connection().execute(
        upsert,
        [
            {"partner_id": partner_id, "order_id": order_id, "last": count}
            for (partner_id, order_id), count in sorted(counted.items())
        ],
    )
    return {
        (partner_id, order_id): last - counted[partner_id, order_id] + 1
        for partner_id, order_id, last in rows
    }


def _raise_to(session: Session, own: dict[OrderKey, int]) -> None:
    """Move the count of each order up to the sender's own number, never down."""
    for (partner_id, order_id), last in sorted(own.items()):
        statement = insert(OrderSequenceRow).values(
            partner_id=partner_id, order_id=order_id, last=last
        )
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["partner_id", "order_id"],
                set_={"last": func.greatest(col(OrderSequenceRow.last), statement.excluded.last)},
            )
        )
