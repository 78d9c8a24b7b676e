"""Orders by what people know of them: a number, a phone or its end, a name."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, tuple_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from contracts.payload.events import EventType
from contracts.payload.search_terms import SearchText
from store.events.order_facts import OrderFacts, facts_of
from store.events.order_lookups import FoundRow, Match, look_up
from store.events.sequences import OrderKey
from store.tables import EventRow

MOST_SHOWN, MOST_FILTERED = 40, 100
"""Orders on a page, and those that events are filtered by, of all partners together."""


@dataclass(frozen=True)
class FoundOrder:
    """An order that was found, and by what. `last_type` and `last_at` are its latest event's, of
    test events only where there is no other; None where it has none any more. `facts` are gone
    with the customer's data."""

    partner_id: str
    order_id: str
    matches: tuple[Match, ...]
    first_at: datetime
    last_type: EventType | None = None
    last_at: datetime | None = None
    facts: OrderFacts | None = None

    @property
    def key(self) -> OrderKey:
        """Whose order it is, and its id."""
        return self.partner_id, self.order_id


@dataclass(frozen=True)
class FoundOrders:
    """What was found, the newest first, exact ones before those that are not; `more`: the partners
    that have more than is shown, at least one more."""

    orders: Sequence[FoundOrder]
    more: frozenset[str] = frozenset()

    @property
    def the_one(self) -> FoundOrder | None:
        """The only order that was meant, where what was typed names one and nothing else."""
        whole = [one for one in self.orders if not all(match.is_part for match in one.matches)]
        is_one = len(whole) == 1 and any(match.is_exact for match in whole[0].matches)
        return whole[0] if is_one else None


def search_orders(
    session: Session, asked: SearchText, *, owner: str | None, most: int
) -> FoundOrders:
    """The orders that somebody means, of an owner's where there is one: so many of each partner."""
    found = _Collected(most, MOST_SHOWN)
    for match, rows in look_up(session, asked, owner=owner, most=most + 1):
        found.add(match, rows)
    return _with_latest(session, found.orders())


def orders_of(
    session: Session, asked: SearchText, kinds: Container[Match], *, owner: str | None
) -> set[OrderKey]:
    """The orders that have one of these, of an owner's where there is one: the newest."""
    found = _Collected(MOST_FILTERED, MOST_FILTERED)
    for match, rows in look_up(session, asked, owner=owner, most=MOST_FILTERED):
        if match in kinds:
            found.add(match, rows)
    return {one.key for one in found.orders().orders}


class _Collected:
    """Collects orders, each once, however it was found: the most of a partner, and of all."""

    def __init__(self, most: int, most_of_all: int) -> None:
        self._most, self._most_of_all = most, most_of_all
        self._orders: dict[OrderKey, FoundOrder] = {}

    def add(self, match: Match, rows: Iterable[FoundRow]) -> None:
        """These orders have it."""
        for partner_id, order_id, first_at in rows:
            key = (partner_id, order_id)
            known = self._orders.get(key, FoundOrder(partner_id, order_id, (), first_at))
            if match not in known.matches:
                known = replace(known, matches=(*known.matches, match))
            self._orders[key] = replace(known, first_at=min(known.first_at, first_at))

    def orders(self) -> FoundOrders:
        """What is to be shown of them."""
        by_partner: dict[str, list[FoundOrder]] = {}
        for one in sorted(self._orders.values(), key=_rank):
            by_partner.setdefault(one.partner_id, []).append(one)
        some = [one for orders in by_partner.values() for one in orders[: self._most]]
        shown = sorted(some, key=_rank)[: self._most_of_all]
        counted = Counter(one.partner_id for one in shown)
        more = {name for name, orders in by_partner.items() if len(orders) > counted[name]}
        return FoundOrders(shown, frozenset(more))


def _rank(one: FoundOrder) -> tuple[bool, float]:
    """Exact ones first, then the newest."""
    return not any(match.is_exact for match in one.matches), -one.first_at.timestamp()


def _with_latest(session: Session, found: FoundOrders) -> FoundOrders:
    """Each with its latest event."""
    if not found.orders:
        return found
    key = tuple_(col(EventRow.partner_id), col(EventRow.order_id))
    place = func.row_number().over(
        partition_by=(col(EventRow.partner_id), col(EventRow.order_id)),
        order_by=(
            col(EventRow.is_test),
            col(EventRow.occurred_at).desc(),
            col(EventRow.sequence).desc(),
        ),
    )
    places = (
        select_columns(col(EventRow.event_id), place.label("place"))
        .where(
            key.in_([one.key for one in found.orders]),
            col(EventRow.order_id).in_({one.order_id for one in found.orders}),
        )
        .subquery()
    )
    last = select(EventRow).join(places, places.c.event_id == col(EventRow.event_id))
    rows = session.exec(last.where(places.c.place == 1)).all()
    facts = facts_of(session, rows)
    latest = {(row.partner_id, row.order_id): row for row in rows}
    orders = [_with_event(one, latest.get(one.key), facts) for one in found.orders]
    return replace(found, orders=orders)


def _with_event(
    order: FoundOrder, row: EventRow | None, facts: Mapping[str, OrderFacts]
) -> FoundOrder:
    if row is None:
        return order
    return replace(
        order,
        last_type=row.event_type,
        last_at=row.occurred_at,
        facts=facts.get(row.event_id),
    )
