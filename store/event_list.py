"""The event log: pages of events, the newest first, that stay fast with a million of them.

Pages are found by where the last one ended (time of acceptance, then id), never by counting rows
from the start, and every filter that is offered has an index that serves it in this order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlmodel import Session, col

from contracts.events import EventType
from contracts.states import Channel, DeliveryState, EventState
from store.positions import Position
from store.tables import DeliveryRow, EventRow


@dataclass(frozen=True)
class EventFilter:
    """What to show. Nothing set shows everything; `since` is inclusive, `until` is not."""

    partner_id: str | None = None
    order_id: str | None = None
    type: EventType | None = None
    state: EventState | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class ListedDelivery:
    """One delivery of a listed event."""

    id: str
    channel: Channel | None
    state: DeliveryState


@dataclass(frozen=True)
class ListedEvent:
    """One line of the log."""

    event_id: str
    partner_id: str
    order_id: str
    type: EventType
    sequence: int
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

    Bodies are not read: nothing personal is in a list.
    """
    accepted_at, event_id = col(EventRow.accepted_at), col(EventRow.event_id)
    query: Select[*tuple[Any, ...]] = (
        select(
            event_id,
            col(EventRow.partner_id),
            col(EventRow.order_id),
            col(EventRow.event_type).label("type"),
            col(EventRow.sequence),
            col(EventRow.state),
            col(EventRow.occurred_at),
            accepted_at,
        )
        .where(*_conditions(wanted))
        .order_by(accepted_at.desc(), event_id.desc())
        .limit(limit)
    )
    if owner is not None:
        query = query.where(col(EventRow.partner_id) == owner)
    if after is not None:
        query = query.where(tuple_(accepted_at, event_id) < (after.at, after.id))
    rows = session.execute(query).all()
    deliveries = _deliveries(session, [row[0] for row in rows])
    return [
        ListedEvent(**row._mapping, deliveries=deliveries.get(row[0], ()))  # its public name
        for row in rows
    ]


def _conditions(wanted: EventFilter) -> list[ColumnElement[bool]]:
    equals = {
        EventRow.partner_id: wanted.partner_id,
        EventRow.order_id: wanted.order_id,
        EventRow.event_type: wanted.type,
        EventRow.state: wanted.state,
    }
    conditions = [col(column) == value for column, value in equals.items() if value is not None]
    if wanted.since is not None:
        conditions.append(col(EventRow.accepted_at) >= wanted.since)
    if wanted.until is not None:
        conditions.append(col(EventRow.accepted_at) < wanted.until)
    return conditions


def _deliveries(
    session: Session, event_ids: Sequence[str]
) -> Mapping[str, Sequence[ListedDelivery]]:
    if not event_ids:
        return {}
    rows = session.execute(
        select(
            col(DeliveryRow.event_id),
            col(DeliveryRow.id),
            col(DeliveryRow.channel),
            col(DeliveryRow.state),
        )
        .where(col(DeliveryRow.event_id).in_(event_ids))
        .order_by(col(DeliveryRow.event_id), col(DeliveryRow.target))
    )
    found: dict[str, list[ListedDelivery]] = {}
    for event_id, delivery_id, channel, state in rows:
        found.setdefault(event_id, []).append(ListedDelivery(delivery_id, channel, state))
    return found
