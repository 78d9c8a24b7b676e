"""Drops events whose rows were kept long enough, each with all that hangs on it, children first.

An event goes when it is older than its partner's rows are kept, was erased, and has ended; the real
ones of an order only when nothing younger happened to it, so that an order that goes on keeps its
whole story. What has not ended by then is an error to be seen: it stays, and is counted.

Whoever is at one of these orders just now has it: its rows are passed over, nobody waits.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import DateTime, Row, func, literal, true
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from store.db.keyset import Position, oldest_first
from store.retention.dropping import drop_events
from store.retention.standing import goes_on, is_open
from store.tables import DroppedEventsRow, EventRow, OrderSequenceRow, PartnerRow


@dataclass(frozen=True)
class OldEvents:
    """A partner that has events older than `until`, which is how long its rows are kept."""

    partner_id: str
    until: datetime


@dataclass(frozen=True)
class Dropped:
    """What came of a batch: how many events are gone, how many of them are kept because they have
    not ended, and where the next batch begins; None: there is none."""

    events: int
    kept: int
    goes_on_after: Position | None


def partners_with_old_events(
    session: Session, kept_for: timedelta, now: datetime
) -> list[OldEvents]:
    """The partners whose oldest events are older than rows are kept. Where a partner's personal
    data is kept for longer, so are its rows."""
    own = func.make_interval(0, 0, 0, func.coalesce(col(PartnerRow.retention_days), 0))
    until = literal(now, DateTime(timezone=True)) - func.greatest(own, kept_for)
    oldest = (
        select_columns(col(EventRow.accepted_at))
        .where(col(EventRow.partner_id) == col(PartnerRow.id), col(EventRow.accepted_at) < until)
        .order_by(col(EventRow.accepted_at))
        .limit(1)
        .correlate(PartnerRow)
        .lateral("oldest")
    )
    query = select_columns(col(PartnerRow.id), until).join(oldest, true())
    return [OldEvents(*row) for row in session.execute(query.order_by(col(PartnerRow.id)))]


def drop_next(session: Session, old: OldEvents, *, after: Position | None, limit: int) -> Dropped:
    """Drop the next old events of a partner, the oldest first."""
    found = _next(session, old, after, limit)
    places = [Position(row.accepted_at, row.event_id) for row in found]
    orders = _free_orders(session, old.partner_id, {row.order_id for row in found})
    event_ids = _free_events(session, [one.event_id for one in found if one.order_id in orders])
    ended, kept = _judged(session, old, event_ids)
    dropped = 0
    if ended:
        _note_dropped(session, old)
        dropped = drop_events(session, old.partner_id, ended, sorted(orders))
        kept += len(ended) - dropped
    return Dropped(dropped, kept, places[-1] if len(found) == limit else None)


def _next(
    session: Session, old: OldEvents, after: Position | None, limit: int
) -> Sequence[Row[Any]]:
    at, event_id = col(EventRow.accepted_at), col(EventRow.event_id)
    query = select_columns(event_id, col(EventRow.order_id), at).where(
        col(EventRow.partner_id) == old.partner_id, at < old.until
    )
    return session.execute(oldest_first(query, at, event_id, after).limit(limit)).all()


def _free_orders(session: Session, partner_id: str, order_ids: Collection[str]) -> set[str]:
    """Those of the orders whose count nobody holds, locked: until the commit nothing more happens
    to them. An order without a count is nobody's."""
    query = select(OrderSequenceRow.order_id).where(
        col(OrderSequenceRow.partner_id) == partner_id,
        col(OrderSequenceRow.order_id).in_(order_ids),
    )
    counted = set(session.exec(query))
    free = set(session.exec(query.with_for_update(skip_locked=True, key_share=True)))
    return set(order_ids) - (counted - free)


def _free_events(session: Session, event_ids: Sequence[str]) -> list[str]:
    query = select(EventRow.event_id).where(col(EventRow.event_id).in_(event_ids))
    return list(session.exec(query.with_for_update(skip_locked=True, key_share=True)))


def _judged(session: Session, old: OldEvents, event_ids: Sequence[str]) -> tuple[list[str], int]:
    """The events that may go, and how many have not ended, of those whose orders have."""
    query = select_columns(col(EventRow.event_id), is_open()).where(
        col(EventRow.event_id).in_(event_ids), ~goes_on(old.until)
    )
    judged = [(event_id, open_) for event_id, open_ in session.execute(query)]
    ended = sorted(event_id for event_id, open_ in judged if not open_)
    return ended, len(judged) - len(ended)


def _note_dropped(session: Session, old: OldEvents) -> None:
    """Say that from now on events that old may be gone, before any is."""
    noted = insert(DroppedEventsRow).values(partner_id=old.partner_id, until=old.until)
    later = func.greatest(col(DroppedEventsRow.until), noted.excluded.until)
    session.execute(
        noted.on_conflict_do_update(index_elements=["partner_id"], set_={"until": later})
    )
