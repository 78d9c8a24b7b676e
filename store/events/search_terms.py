"""What an order is found by, kept beside its events: put there when an event is taken, taken away
when no event that says it is left.

Whoever does either holds the order's count (`sequences.py`), so that the two never meet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any

from sqlalchemy import tuple_
from sqlmodel import Session, col, select

from contracts.payload.events import TrackingEvent
from contracts.payload.search_terms import NumberKind, last_four, name_words, plain_number
from store.encryption.sealing import customer_term, phone_index
from store.events.order_facts import OrderFacts, facts_of
from store.events.sequences import OrderKey
from store.tables import EventRow

LAST_FOUR, NAME = "last four", "name"

_PUT = """
    WITH numbers AS (
        INSERT INTO order_numbers (partner_id, order_id, kind, number, first_at)
        SELECT *, %(now)s::timestamptz FROM unnest(%(number_partners)s::text[],
            %(number_orders)s::text[], %(kinds)s::text[], %(numbers)s::text[])
        ON CONFLICT DO NOTHING
    )
    INSERT INTO customer_terms (partner_id, order_id, term, first_at)
    SELECT *, %(now)s::timestamptz FROM unnest(%(term_partners)s::text[],
        %(term_orders)s::text[], %(terms)s::text[])
    ON CONFLICT DO NOTHING
"""
_KEEP_NUMBERS = """
    DELETE FROM order_numbers AS known
    USING unnest(%(partners)s::text[], %(orders)s::text[]) AS one(partner_id, order_id)
    WHERE known.partner_id = one.partner_id AND known.order_id = one.order_id
        AND known.kind <> 'order' AND NOT EXISTS (
            SELECT FROM unnest(%(number_partners)s::text[], %(number_orders)s::text[],
                %(kinds)s::text[], %(numbers)s::text[]) AS kept(partner_id, order_id, kind, number)
            WHERE (kept.partner_id, kept.order_id, kept.kind, kept.number)
                = (known.partner_id, known.order_id, known.kind, known.number)
        )
"""
_KEEP_TERMS = """
    DELETE FROM customer_terms AS known
    USING unnest(%(partners)s::text[], %(orders)s::text[]) AS one(partner_id, order_id)
    WHERE known.partner_id = one.partner_id AND known.order_id = one.order_id
        AND NOT EXISTS (
            SELECT FROM unnest(%(term_partners)s::text[], %(term_orders)s::text[],
                %(terms)s::text[]) AS kept(partner_id, order_id, term)
            WHERE (kept.partner_id, kept.order_id, kept.term)
                = (known.partner_id, known.order_id, known.term)
        )
"""


@dataclass(frozen=True)
class OrderTerms:
    """What one event says of what its order is found by; `terms` are keyed digests."""

    order: OrderKey
    numbers: frozenset[tuple[NumberKind, str]]
    terms: frozenset[str]


def terms_of(session: Session, event: TrackingEvent) -> OrderTerms:
    """What an event's order is found by."""
    order = event.data.order
    customer = order.customer
    return _terms(
        session,
        (event.partner_id, order.order_id),
        {NumberKind.REF: order.partner_order_ref, NumberKind.AWB: order.awb_number},
        name=customer.name if customer else None,
        phone=customer.phone if customer else None,
    )


def phone_terms(session: Session, partner_id: str, phone: str) -> frozenset[str]:
    """By what an order is found that has this phone."""
    ends = customer_term(session, partner_id, LAST_FOUR, last_four(phone))
    return frozenset({phone_index(session, phone), ends})


def name_terms(session: Session, partner_id: str, name: str) -> frozenset[str]:
    """By what an order is found whose customer is called so: each word, and each two of them, for
    in a large shop thousands have the one and thousands the other."""
    words = name_words(name)
    said = (*words, *(pair_of(*two) for two in combinations(words, 2)))
    return frozenset(customer_term(session, partner_id, NAME, one) for one in said)


def pair_of(one: str, other: str) -> str:
    """Two words of a name as one term, whichever comes first."""
    return " ".join(sorted((one, other)))


def put_terms(session: Session, found: Iterable[OrderTerms], now: datetime) -> None:
    """Put in what is new of it."""
    session.connection().exec_driver_sql(_PUT, {**_parameters(found), "now": now})


def keep_terms(session: Session, orders: Sequence[OrderKey]) -> None:
    """Take away of these orders what none of their events says that are not erased, but for the
    orders' own ids."""
    values = {
        **_parameters(_left(session, orders)),
        "partners": [partner_id for partner_id, _ in orders],
        "orders": [order_id for _, order_id in orders],
    }
    for statement in (_KEEP_NUMBERS, _KEEP_TERMS):
        session.connection().exec_driver_sql(statement, values)


def _left(session: Session, orders: Sequence[OrderKey]) -> list[OrderTerms]:
    of_these = tuple_(col(EventRow.partner_id), col(EventRow.order_id)).in_(orders)
    query = select(EventRow).where(of_these, col(EventRow.erased_at).is_(None))
    rows = session.exec(query).all()
    facts = facts_of(session, rows)
    return [_terms_of_row(session, row, facts.get(row.event_id)) for row in rows]


def _terms_of_row(session: Session, row: EventRow, facts: OrderFacts | None) -> OrderTerms:
    """Of a stored event. One that does not open is found by what stands beside its body."""
    key = (row.partner_id, row.order_id)
    awb = {NumberKind.AWB: row.awb_number}
    if facts is None:
        bare = _terms(session, key, awb, name=None, phone=None)
        index = row.customer_phone_index
        return OrderTerms(key, bare.numbers, frozenset({index} if index else ()))
    numbers = {NumberKind.REF: facts.shop_number, **awb}
    return _terms(session, key, numbers, name=facts.name, phone=facts.phone)


def _terms(
    session: Session,
    key: OrderKey,
    numbers: dict[NumberKind, str | None],
    *,
    name: str | None,
    phone: str | None,
) -> OrderTerms:
    partner_id, order_id = key
    said = {NumberKind.ORDER: order_id, **numbers}
    words = name_terms(session, partner_id, name or "")
    return OrderTerms(
        key,
        frozenset((kind, plain_number(number)) for kind, number in said.items() if number),
        words | (phone_terms(session, partner_id, phone) if phone else frozenset()),
    )


def _parameters(found: Iterable[OrderTerms]) -> dict[str, Any]:
    """A list for each column, each row once."""
    orders = list(found)
    numbers = sorted({(*one.order, *number) for one in orders for number in one.numbers})
    terms = sorted({(*one.order, term) for one in orders for term in one.terms})
    return {
        "number_partners": [row[0] for row in numbers],
        "number_orders": [row[1] for row in numbers],
        "kinds": [row[2].value for row in numbers],
        "numbers": [row[3] for row in numbers],
        "term_partners": [row[0] for row in terms],
        "term_orders": [row[1] for row in terms],
        "terms": [row[2] for row in terms],
    }
