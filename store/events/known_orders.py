"""The orders that a filter of the log names by what it knows of them."""

from collections.abc import Iterator
from dataclasses import replace

from sqlmodel import Session

from contracts.payload.search_terms import SearchText, name_words, plain_number
from store.events.filters import EventFilter
from store.events.order_lookups import Match
from store.events.order_search import orders_of


def with_orders(session: Session, wanted: EventFilter, *, owner: str | None) -> EventFilter:
    """The same filter with the orders that have all that is known of them, of an owner's where
    there is one: the newest."""
    owner = owner or wanted.partner_id
    found = [orders_of(session, asked, (match,), owner=owner) for match, asked in _known(wanted)]
    return (
        replace(wanted, orders=frozenset.intersection(*map(frozenset, found))) if found else wanted
    )


def _known(wanted: EventFilter) -> Iterator[tuple[Match, SearchText]]:
    if wanted.partner_order_ref is not None:
        yield Match.REF, SearchText(number=plain_number(wanted.partner_order_ref))
    if wanted.phone is not None:
        yield Match.PHONE, SearchText(phone=wanted.phone)
    if wanted.phone_last_four is not None:
        yield Match.LAST_FOUR, SearchText(last_four=wanted.phone_last_four)
    if wanted.customer_name is not None:
        yield Match.NAME, SearchText(words=tuple(name_words(wanted.customer_name)))
