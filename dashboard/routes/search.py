"""`/p/{partner_id}/search` and `/ops/search`: an order by whatever somebody knows of it.

The form is posted, because a phone or a name in an address stays in places that nobody erases; the
answer is an address that gives neither away (`search_links.py`). Where one order was meant, it is
shown at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session, col, select

from contracts.payload.search_terms import SearchText, may_stand_in_addresses, read_search, visible
from dashboard.customers import customer_shown
from dashboard.forms import Form
from dashboard.order_list import parcel_said
from dashboard.page_context import HOME, OpsPage, PageContext, PartnerPage
from dashboard.search_links import opened, query_of
from store.events.order_search import FoundOrder, FoundOrders, search_orders
from store.tables import PartnerRow

router = APIRouter()

_OF_A_SHOP, _OF_EACH = 25, 5
"""Orders on the page of one partner, and of each partner on that of all."""
_LONGEST = 300
_MOST_PARTNERS = 10
Typed = Annotated[str, Query()]
Sealed = Annotated[str, Query()]


@dataclass(frozen=True)
class _Shop:
    """What was found of one partner."""

    id: str
    name: str
    orders: Sequence[FoundOrder]
    has_more: bool


@router.get("/p/{partner_id}/search")
async def search(context: PartnerPage, q: Typed = "", s: Sealed = "") -> Response:
    """The partner's orders that somebody may mean."""
    return await _answer(context, q, s, owner=context.owner)


@router.post("/p/{partner_id}/search")
async def start_search(context: PartnerPage, fields: Form) -> Response:
    """Look for what was typed."""
    return await _begin(context, fields.text("q"), owner=context.owner)


@router.get("/ops/search")
async def search_all(context: OpsPage, q: Typed = "", s: Sealed = "") -> Response:
    """The orders of all partners that somebody may mean."""
    return await _answer(context, q, s, owner=None)


@router.post("/ops/search")
async def start_search_of_all(context: OpsPage, fields: Form) -> Response:
    """Look for what was typed."""
    return await _begin(context, fields.text("q"), owner=None)


async def _begin(context: PageContext, typed: str, *, owner: str | None) -> Response:
    """To the order, where one is meant; else to what was found."""
    typed = visible(typed[:_LONGEST])
    found = await _found(context, read_search(typed), owner)
    return _to_the_one(found) or context.go_to("/search", **query_of(context, typed))


async def _answer(context: PageContext, q: str, s: str, *, owner: str | None) -> Response:
    typed = opened(context, s) if s and not q else visible(q[:_LONGEST])
    if typed is None:
        return _page(context, "", FoundOrders([]), {}, forgotten=True)
    if q and typed and not may_stand_in_addresses(typed):
        return context.go_to("/search", **query_of(context, typed))
    found = await _found(context, read_search(typed), owner)
    if the_one := _to_the_one(found):
        return the_one
    names = await context.read(_names) if owner is None else {}
    return _page(context, typed, found, names)


async def _found(context: PageContext, asked: SearchText, owner: str | None) -> FoundOrders:
    most = _OF_EACH if owner is None else _OF_A_SHOP
    return await context.read(search_orders, asked, owner=owner, most=most)


def _to_the_one(found: FoundOrders) -> RedirectResponse | None:
    if found.the_one is None:
        return None
    return RedirectResponse(address_of(found.the_one), status_code=303)


def address_of(order: FoundOrder) -> str:
    """The page of an order."""
    return f"{HOME}/p/{order.partner_id}/orders?{urlencode({'order_id': order.order_id})}"


def _page(
    context: PageContext,
    typed: str,
    found: FoundOrders,
    names: Mapping[str, str],
    *,
    forgotten: bool = False,
) -> Response:
    query = urlencode(query_of(context, typed)) if typed else ""
    return context.page(
        "search",
        typed=typed,
        shops=_by_shop(found, names),
        partners=_named(names, typed) if typed else {},
        address_of=address_of,
        more_of=lambda shop: f"{HOME}/p/{shop.id}/search?{query}",
        parcel_said=lambda kind: parcel_said(context.words, kind),
        customer_of=lambda order: _customer(context, order),
        forgotten=forgotten,
    )


def _customer(context: PageContext, order: FoundOrder) -> str | None:
    """Who it is for, masked."""
    facts = order.facts
    return customer_shown(context.words, facts.name, facts.phone) if facts else None


def _by_shop(found: FoundOrders, names: Mapping[str, str]) -> list[_Shop]:
    """Shop by shop, the one with the best match first."""
    shops: dict[str, list[FoundOrder]] = {}
    for one in found.orders:
        shops.setdefault(one.partner_id, []).append(one)
    return [
        _Shop(shop, names.get(shop, shop), orders, shop in found.more)
        for shop, orders in shops.items()
    ]


def _named(names: Mapping[str, str], typed: str) -> dict[str, str]:
    """The partners that are called so, or have such an id."""
    words = typed.casefold()
    called = [one for one in names.items() if any(words in said.casefold() for said in one)]
    return dict(called[:_MOST_PARTNERS])


def _names(session: Session) -> dict[str, str]:
    """The names of all partners, by their ids."""
    query = select(PartnerRow.id, PartnerRow.name).order_by(col(PartnerRow.name))
    return dict(session.exec(query).all())
