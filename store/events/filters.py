"""Where events stand in the log: the filters, and the order that a page begins and ends in.

The order is the time of acceptance, then the id; of what is asked for by the state of its
deliveries, the time when those were made. Every filter has an index that serves it in its order.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select, tuple_
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import col

from contracts.delivery.states import DeliveryState, EventState
from contracts.errors import Invalid
from contracts.payload.events import EventType
from store.db.keyset import Position, newest_first
from store.events.sequences import OrderKey
from store.tables import DeliveryRow, EventRow


@dataclass(frozen=True)
class EventFilter:
    """What to show. Nothing set shows everything; `since` is inclusive, `until` is not.

    `delivery_state` shows the events with such a delivery, each once; the two times are then those
    in which the deliveries were made. It needs a partner, or something that few events have.

    `partner_order_ref` and what is known of the customer name orders, whose events are shown:
    `orders`, once they have been looked up (`known_orders.py`).
    """

    partner_id: str | None = None
    event_id: str | None = None
    order_id: str | None = None
    awb_number: str | None = None
    partner_order_ref: str | None = None
    phone: str | None = None
    phone_last_four: str | None = None
    customer_name: str | None = None
    orders: frozenset[OrderKey] | None = None
    event_type: EventType | None = None
    state: EventState | None = None
    delivery_state: DeliveryState | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def names_few(self) -> bool:
        """Whether it names orders, a shipment or an event, which are few rows."""
        few = (self.event_id, self.order_id, self.awb_number, self.orders)
        return any(one is not None for one in few)


def places_of(
    wanted: EventFilter, owner: str | None, after: Position | None
) -> Select[*tuple[Any, ...]]:
    """The ids of the events, of an owner's where there is one, each with its time and its id there.

    Invalid for a delivery state over all partners.
    """
    if wanted.delivery_state is None:
        return _of_events(wanted, owner, after)
    return _of_deliveries(wanted, wanted.delivery_state, owner, after)


def _of_events(
    wanted: EventFilter, owner: str | None, after: Position | None
) -> Select[*tuple[Any, ...]]:
    """Event ids with their places, by the time of acceptance."""
    at, event_id = col(EventRow.accepted_at), col(EventRow.event_id)
    partners = {wanted.partner_id, owner} - {None}
    query = select(event_id, at, event_id).where(
        *(col(EventRow.partner_id) == one for one in partners),
        *_conditions(wanted),
        *_between(wanted, at),
    )
    return newest_first(query, at, event_id, after)


def _of_deliveries(
    wanted: EventFilter, state: DeliveryState, owner: str | None, after: Position | None
) -> Select[*tuple[Any, ...]]:
    """Event ids with their places, by when their newest delivery in this state was made."""
    partners = {wanted.partner_id, owner} - {None}
    if not partners and not wanted.names_few:
        raise Invalid(
            "name a partner too, or an order or AWB number: over all partners it would take long",
            field="delivery_state",
        )
    at, delivery_id = col(DeliveryRow.created_at), col(DeliveryRow.id)
    query = select(col(DeliveryRow.event_id), at, delivery_id).where(
        *(col(DeliveryRow.partner_id) == one for one in partners),
        col(DeliveryRow.state) == state,
        *_between(wanted, at),
        ~_made_later(wanted, state),
    )
    if conditions := _conditions(wanted):
        of_it = col(EventRow.event_id) == col(DeliveryRow.event_id)
        query = query.join(EventRow, of_it).where(*conditions)
    return newest_first(query, at, delivery_id, after)


def _made_later(wanted: EventFilter, state: DeliveryState) -> ColumnElement[bool]:
    """Whether the same event has another such delivery that was made later."""
    other = aliased(DeliveryRow)
    return exists().where(
        col(other.event_id) == col(DeliveryRow.event_id),
        col(other.state) == state,
        *_between(wanted, col(other.created_at)),
        tuple_(col(other.created_at), col(other.id))
        > tuple_(col(DeliveryRow.created_at), col(DeliveryRow.id)),
    )


def _conditions(wanted: EventFilter) -> list[ColumnElement[bool]]:
    """What an event has to be, but for its partner."""
    exact = {
        EventRow.event_id: wanted.event_id,
        EventRow.order_id: wanted.order_id,
        EventRow.awb_number: wanted.awb_number,
        EventRow.event_type: wanted.event_type,
        EventRow.state: wanted.state,
    }
    conditions = [col(column) == value for column, value in exact.items() if value is not None]
    return conditions if wanted.orders is None else [*conditions, *_of_orders(wanted.orders)]


def _of_orders(orders: frozenset[OrderKey]) -> list[ColumnElement[bool]]:
    """Of these orders; by their ids first, which the log has an index for."""
    order_id = col(EventRow.order_id)
    return [
        order_id.in_(sorted({one for _, one in orders})),
        tuple_(col(EventRow.partner_id), order_id).in_(sorted(orders)),
    ]


def _between(wanted: EventFilter, at: Mapped[datetime]) -> list[ColumnElement[bool]]:
    conditions = [at >= wanted.since] if wanted.since is not None else []
    return [*conditions, at < wanted.until] if wanted.until is not None else conditions
