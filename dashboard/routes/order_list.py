"""The list of orders, and the same as a file. The route of the list is that of one order, too."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from sqlmodel import Session

from api.cursors import read_cursor, write_cursor
from contracts.payload.events import EventType
from dashboard.csv_files import ROWS_AT_ONCE, CsvRow, csv_file, moment_cell
from dashboard.date_ranges import NotADay, Reversed
from dashboard.delivery_views import endpoint_name
from dashboard.order_list import PROBLEMS, OrderLine, OrderSearch, line_of, parcel_said
from dashboard.page_context import PartnerContext, PartnerPage
from dashboard.relative_times import ago_shown
from store.db.keyset import Position
from store.events.orders import LOOKED_THROUGH, OrderFilter, OrdersPage, list_orders
from store.events.timeline import endpoints_of

router = APIRouter()

_ON_A_PAGE = 50
MOST_IN_A_FILE = 20_000
"""Lines of a file; whoever needs more chooses fewer days at once."""


async def order_list(context: PartnerContext, search: OrderSearch) -> Response:
    """The orders, the one with the newest update first."""
    try:
        wanted = search.wanted(context.zone)
    except (NotADay, Reversed) as error:
        return _page(context, search, [], None, fault=_fault(context, error))
    after = read_cursor(search.cursor)
    lines, following = await _read(context, wanted, after, _ON_A_PAGE)
    return _page(context, search, lines, following)


@router.get("/p/{partner_id}/orders.csv")
async def order_file(context: PartnerPage, search: Annotated[OrderSearch, Query()]) -> Response:
    """The orders that the list shows, in one file."""
    try:
        wanted = search.wanted(context.zone)
    except (NotADay, Reversed) as error:
        return _page(context, search, [], None, fault=_fault(context, error))
    t = context.words
    header = [
        t(f"orders-{name}")
        for name in ("order", "shop-number", "awb", "customer", "parcel", "updated-csv")
    ]
    header += [t("channel-sms"), t("channel-webhook"), t("order-test")]
    return csv_file("orders", header, _rows(context, wanted))


def _fault(context: PartnerContext, error: ValueError) -> str:
    return context.words("dates-reversed" if isinstance(error, Reversed) else "dates-bad-day")


def _page(
    context: PartnerContext,
    search: OrderSearch,
    lines: Sequence[OrderLine],
    following: Position | None,
    *,
    fault: str | None = None,
) -> Response:
    t, now = context.words, context.now()
    return context.page(
        "orders",
        422 if fault else 200,
        search=search,
        lines=lines,
        fault=fault,
        next_cursor=write_cursor(following) if following else None,
        looked_through=LOOKED_THROUGH,
        parcels=[(one.value, parcel_said(t, one).word) for one in EventType],
        problems=[(one, t(f"orders-problem-{one}")) for one in PROBLEMS],
        ago=lambda moment: ago_shown(moment, now, context.zone, t.language),
    )


async def _read(
    context: PartnerContext, wanted: OrderFilter, after: Position | None, limit: int
) -> tuple[list[OrderLine], Position | None]:
    page, names = await context.read(_named, wanted, context.owner, after, limit)
    return [line_of(context.words, one, names) for one in page.orders], page.next_place


def _named(
    session: Session, wanted: OrderFilter, owner: str, after: Position | None, limit: int
) -> tuple[OrdersPage, Mapping[str, str]]:
    """A page of the list, and what its endpoints are called."""
    page = list_orders(session, wanted, owner=owner, after=after, limit=limit)
    ids = {delivery.endpoint_id for one in page.orders for delivery in one.deliveries}
    endpoints = endpoints_of(session, ids)
    return page, {one.id: endpoint_name(one) for one in endpoints.values()}


async def _rows(context: PartnerContext, wanted: OrderFilter) -> AsyncIterator[Sequence[CsvRow]]:
    after: Position | None = None
    left = MOST_IN_A_FILE
    while left > 0:
        lines, after = await _read(context, wanted, after, min(left, ROWS_AT_ONCE))
        yield [_row(context, one) for one in lines]
        left -= len(lines)
        if after is None:
            return
    yield [[context.words("orders-csv-more", count=MOST_IN_A_FILE)]]


def _row(context: PartnerContext, line: OrderLine) -> CsvRow:
    row, facts = line.row, line.row.facts
    webhooks = [
        context.words("orders-endpoint", name=name, said=one.word) for name, one in line.webhooks
    ]
    return [
        row.order_id,
        facts.shop_number if facts else None,
        row.awb_number,
        line.customer,
        line.parcel.word,
        moment_cell(row.accepted_at, context.zone),
        line.sms.word if line.sms else None,
        "; ".join(webhooks),
        context.words("order-test") if row.is_test else None,
    ]
