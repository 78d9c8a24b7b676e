"""The event log: pages of events, the newest first, that stay fast with a million of them.

Pages are found by where the last one ended, never by counting rows from the start
(`event_places.py`); then the lines of a page are read by their ids.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, select
from sqlmodel import Session, col

from contracts.delivery.states import Channel, DeliveryState, EventState, SkipReason
from contracts.payload.events import EventType
from store.db.keyset import Position
from store.events.filters import EventFilter, places_of
from store.events.known_orders import with_orders
from store.tables import DeliveryRow, EventRow


@dataclass(frozen=True)
class ListedDelivery:
    """One delivery of a listed event. `is_unasked`: an SMS instead of a webhook, for a type of
    event that has none; nobody waits for it."""

    id: str
    channel: Channel | None
    state: DeliveryState
    skip_reason: SkipReason | None = None
    endpoint_id: str | None = None
    is_unasked: bool = False


@dataclass(frozen=True)
class ListedEvent:
    """One line of the log. `place` is where it stands in its list: the next page begins behind."""

    event_id: str
    place: Position
    partner_id: str
    order_id: str
    event_type: EventType
    sequence: int
    is_test: bool
    state: EventState
    occurred_at: datetime
    accepted_at: datetime
    deliveries: Sequence[ListedDelivery]


def list_events(
    session: Session,
    wanted: EventFilter,
    *,
    owner: str | None = None,
    after: Position | None,
    limit: int,
) -> list[ListedEvent]:
    """A page of the log, of one owner's events where there is an owner.

    Bodies are not read: nothing personal is in a list. Invalid for a delivery state alone.
    """
    query = places_of(with_orders(session, wanted, owner=owner), owner, after)
    places = {row[0]: Position(*row[1:]) for row in session.execute(query.limit(limit))}
    deliveries = deliveries_of(session, list(places))
    lines = {row.event_id: row for row in _lines(session, list(places))}
    return [
        ListedEvent(**lines[one]._mapping, place=place, deliveries=deliveries.get(one, ()))
        for one, place in places.items()
    ]


def named_by(session: Session, said: str, *, owner: str) -> EventFilter:
    """The owner's events that somebody means who types an id: of an event, an order, or an AWB
    number, the first that there is. Where there is none, an order that nobody has."""
    ways = (
        EventFilter(event_id=said),
        EventFilter(order_id=said),
        EventFilter(awb_number=said),
    )
    for meant in ways:
        if session.execute(places_of(meant, owner, None).limit(1)).first() is not None:
            return meant
    return EventFilter(order_id=said)


def _lines(session: Session, event_ids: Sequence[str]) -> Sequence[Row[Any]]:
    if not event_ids:
        return []
    query: Select[*tuple[Any, ...]] = select(
        col(EventRow.event_id),
        col(EventRow.partner_id),
        col(EventRow.order_id),
        col(EventRow.event_type),
        col(EventRow.sequence),
        col(EventRow.is_test),
        col(EventRow.state),
        col(EventRow.occurred_at),
        col(EventRow.accepted_at),
    )
    return session.execute(query.where(col(EventRow.event_id).in_(event_ids))).all()


def deliveries_of(
    session: Session, event_ids: Sequence[str]
) -> Mapping[str, Sequence[ListedDelivery]]:
    """The deliveries of events, by the events' ids."""
    if not event_ids:
        return {}
    rows = session.execute(
        select(
            col(DeliveryRow.event_id),
            col(DeliveryRow.id),
            col(DeliveryRow.channel),
            col(DeliveryRow.state),
            col(DeliveryRow.skip_reason),
            col(DeliveryRow.endpoint_id),
            is_unasked(),
        )
        .where(col(DeliveryRow.event_id).in_(event_ids))
        .order_by(col(DeliveryRow.event_id), col(DeliveryRow.target))
    )
    found: dict[str, list[ListedDelivery]] = {}
    for event_id, *delivery in rows:
        found.setdefault(event_id, []).append(ListedDelivery(*delivery))
    return found


def is_unasked() -> ColumnElement[bool]:
    """Whether a delivery is an SMS instead of a webhook, for a type of event that has none."""
    return and_(
        col(DeliveryRow.fallback),
        col(DeliveryRow.skip_reason).is_not_distinct_from(SkipReason.SMS_OFF_FOR_TYPE),
    )
