"""What orders are found by, for a store that `log_fill` has filled: a shop's own number, a phone of
its own and one of ten thousand names for each order, as the product's own keys have them.

The database cannot make keyed digests: they are made here, and copied in.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from benchmarks.log_fill import Filled, lift_limits
from contracts.payload.search_terms import plain_number
from store.events.search_terms import name_terms, phone_terms

_FIRST = "Asha Meena Ravi Imran Lakshmi Sunita Vikram Priya Arjun Fatima"
_LAST = "Rao Kulkarni Iyer Khan Sharma Patel Singh Nair Das Reddy"
_NUMBERS = "COPY order_numbers (partner_id, order_id, kind, number, first_at) FROM STDIN"
_AT_ONCE = 10_000
_TERMS = "COPY customer_terms (partner_id, order_id, term, first_at) FROM STDIN"


def phone_of(order: int) -> str:
    """The phone of an order's customer."""
    return f"+9198{order * 7919 % 10**8:08}"


def name_of(order: int) -> str:
    """The customer's name: one in ten is called so, and one in a hundred has both words."""
    first, last = _FIRST.split(), _LAST.split()
    return f"{first[order % len(first)]} {last[order // 10 % len(last)]}"


def ref_of(order: int) -> str:
    """The shop's own number."""
    return f"#{100_000 + order}"


def fill_search(session: Session, filled: Filled) -> None:
    """Fill both tables, and let the database look at them."""
    lift_limits(session.connection())
    _copy(session, _NUMBERS, _numbers(filled))
    for first in range(0, filled.orders, _AT_ONCE):
        orders = range(first, min(first + _AT_ONCE, filled.orders))
        # made before they are copied: a digest may read its key again, on the same connection
        _copy(session, _TERMS, [*_terms(session, filled, orders)])
    session.execute(text("ANALYZE order_numbers, customer_terms"))


def _copy(session: Session, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    connection: Any = session.connection().connection.driver_connection
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _numbers(filled: Filled) -> Iterator[tuple[str, str, str, str, datetime]]:
    for order in range(filled.orders):
        key, at = (filled.partner_of(order), f"ORD-{order}"), filled.accepted_at(order)
        numbers = {"order": f"ORD-{order}", "ref": ref_of(order), "awb": f"AWB-{order}"}
        for kind, number in numbers.items():
            yield (*key, kind, plain_number(number), at)


def _terms(
    session: Session, filled: Filled, orders: Iterable[int]
) -> Iterator[tuple[str, str, str, datetime]]:
    for order in orders:
        shop, at = filled.partner_of(order), filled.accepted_at(order)
        words = name_terms(session, shop, name_of(order))
        for term in words | phone_terms(session, shop, phone_of(order)):
            yield (shop, f"ORD-{order}", term, at)
