"""The list of orders: of each the last update, which says how the parcel stands, the newest first.

There is no table of orders: nothing is written for the list when an event is accepted. An order's
last update is the event after which nothing happened to it; real events and test events of one
number are two orders. A page looks through so many of the partner's newest events at the most, and
says where the next one goes on; a problem that few deliveries have is found from those instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    Subquery,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from contracts.delivery.states import DeliveryState, EventState
from contracts.payload.events import EventType
from store.db.keyset import Position, newest_first
from store.events.order_facts import OrderFacts, facts_of
from store.events.search import ListedDelivery, deliveries_of, is_unasked
from store.tables import DeliveryRow, EventRow

LOOKED_THROUGH = 5_000
"""Events of a partner that one page looks through."""
MOST_RARE = 2_000
"""Up to so many deliveries have a problem that is looked for from them."""


@dataclass(frozen=True)
class OrderFilter:
    """Which orders to show. Nothing set shows all: `event_type` is how the parcel stands,
    `problem` how a delivery of the last update does; `since` is inclusive, `until` is not."""

    event_type: EventType | None = None
    problem: DeliveryState | None = None
    without_tests: bool = False
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class ListedOrder:
    """One line: an order by its last update. `facts` is None once the customer's data is erased,
    or where they cannot be opened."""

    event_id: str
    order_id: str
    awb_number: str | None
    event_type: EventType
    is_test: bool
    state: EventState
    accepted_at: datetime
    deliveries: Sequence[ListedDelivery]
    facts: OrderFacts | None = field(repr=False)


@dataclass(frozen=True)
class OrdersPage:
    """Lines, and where the next page begins: None at the end of the list."""

    orders: Sequence[ListedOrder]
    next_place: Position | None


def list_orders(
    session: Session,
    wanted: OrderFilter,
    *,
    owner: str,
    after: Position | None,
    limit: int,
) -> OrdersPage:
    """A page of an owner's orders. It may have fewer lines than `limit` and not be the last."""
    events, is_rare = _events(wanted, owner, after), _is_rare(session, wanted, owner)
    if is_rare:
        with_it = select(col(DeliveryRow.event_id)).where(*_of_problem(wanted, owner))
        looked = events.where(col(EventRow.event_id).in_(with_it))
    else:
        looked = events.limit(LOOKED_THROUGH)
    found = session.execute(_last_updates(looked, wanted, owner, limit + 1))
    places = [Position(*row) for row in found]
    if len(places) > limit:
        following: Position | None = places[limit - 1]
    else:
        following = _end_of(session, events, has_all=is_rare)
    return OrdersPage(_lines(session, [one.id for one in places[:limit]]), following)


def _is_rare(session: Session, wanted: OrderFilter, owner: str) -> bool:
    if wanted.problem is None:
        return False
    some = select(literal(1)).where(*_of_problem(wanted, owner)).limit(MOST_RARE + 1).subquery()
    count: int = session.execute(select(func.count()).select_from(some)).scalar_one()
    return count <= MOST_RARE


def _of_problem(wanted: OrderFilter, owner: str) -> list[ColumnElement[bool]]:
    return [col(DeliveryRow.partner_id) == owner, col(DeliveryRow.state) == wanted.problem]


def _events(wanted: OrderFilter, owner: str, after: Position | None) -> Select[*tuple[Any, ...]]:
    """The owner's events behind a place, the newest first."""
    at, event_id = col(EventRow.accepted_at), col(EventRow.event_id)
    query: Select[*tuple[Any, ...]] = select(
        at,
        event_id,
        col(EventRow.order_id),
        col(EventRow.event_type),
        col(EventRow.is_test),
        col(EventRow.occurred_at),
        col(EventRow.sequence),
    ).where(col(EventRow.partner_id) == owner)
    if wanted.since is not None:
        query = query.where(at >= wanted.since)
    if wanted.until is not None:
        query = query.where(at < wanted.until)
    return newest_first(query, at, event_id, after)


def _last_updates(
    events: Select[*tuple[Any, ...]], wanted: OrderFilter, owner: str, limit: int
) -> Select[*tuple[Any, ...]]:
    """Those of the events that are the last update of an order, with what is asked for."""
    seen = events.subquery("seen")
    return (
        select(seen.c.accepted_at, seen.c.event_id)
        .where(*_conditions(seen, wanted), _happened_later(seen, owner).is_(None))
        .order_by(seen.c.accepted_at.desc(), seen.c.event_id.desc())
        .limit(limit)
    )


def _conditions(seen: Subquery, wanted: OrderFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.event_type is not None:
        conditions.append(seen.c.event_type == wanted.event_type)
    if wanted.without_tests:
        conditions.append(~seen.c.is_test)
    if wanted.problem is not None:
        has_it = select(literal(1)).where(
            col(DeliveryRow.event_id) == seen.c.event_id,
            col(DeliveryRow.state) == wanted.problem,
            ~is_unasked(),
        )
        conditions.append(has_it.limit(1).scalar_subquery().is_not(None))
    return conditions


def _happened_later(seen: Subquery, owner: str) -> ScalarSelect[int]:
    """A later event of the same order, looked up for each: a join over all of the partner's events
    is never worth it for a page."""
    later = aliased(EventRow)
    moment = (col(later.occurred_at), col(later.sequence), col(later.event_id))
    return (
        select(literal(1))
        .where(
            col(later.order_id) == seen.c.order_id,
            col(later.partner_id) == owner,
            col(later.is_test) == seen.c.is_test,
            tuple_(*moment) > tuple_(seen.c.occurred_at, seen.c.sequence, seen.c.event_id),
        )
        .limit(1)
        .scalar_subquery()
    )


def _end_of(
    session: Session, events: Select[*tuple[Any, ...]], *, has_all: bool
) -> Position | None:
    """The last event that was looked through, where older ones were not."""
    if has_all:
        return None
    last = session.execute(events.limit(1).offset(LOOKED_THROUGH - 1)).first()
    return Position(last[0], last[1]) if last else None


def _lines(session: Session, event_ids: Sequence[str]) -> list[ListedOrder]:
    rows = {
        row.event_id: row
        for row in session.exec(select_rows(EventRow).where(col(EventRow.event_id).in_(event_ids)))
    }
    deliveries = deliveries_of(session, event_ids)
    facts = facts_of(session, list(rows.values()))
    return [_line(rows[one], deliveries.get(one, ()), facts.get(one)) for one in event_ids]


def _line(
    row: EventRow, deliveries: Sequence[ListedDelivery], facts: OrderFacts | None
) -> ListedOrder:
    return ListedOrder(
        event_id=row.event_id,
        order_id=row.order_id,
        awb_number=row.awb_number,
        event_type=row.event_type,
        is_test=row.is_test,
        state=row.state,
        accepted_at=row.accepted_at,
        deliveries=[one for one in deliveries if not one.is_unasked],
        facts=facts,
    )
