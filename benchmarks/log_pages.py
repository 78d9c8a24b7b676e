"""The event log with a million events: how long its pages take, and that none reads a whole table.

Each request asks for another partner, order or place.
"""

from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import urlencode

from sqlmodel import Session

from api.cursors import read_cursor, write_cursor
from api.event_queries import EventQuery
from benchmarks.engine.engine import EngineFactory
from benchmarks.log_fill import PARTNERS, Filled, partner
from benchmarks.pages import Page, Pages, PagesPlan, reading, time_requests
from benchmarks.plans import StatementPlan, explain
from benchmarks.rig import Rig
from benchmarks.wire import Answer
from store.db.keyset import Position
from store.events import search

FIRST, PARTNER, DEEP, ORDER = "first page", "a partner's first page", "deep page", "one order"
AIM_P99_MS = 50.0

Query = Mapping[str, str]


async def measure(plan: PagesPlan, engine: EngineFactory) -> Pages:
    """Fill a store of our own and measure its pages."""
    async with reading(plan.events, engine) as (rig, filled):
        pages = [
            await _measure_page(rig, kind, query_of, plan.requests)
            for kind, query_of in queries(filled).items()
        ]
        return Pages(plan.events, pages)


def queries(filled: Filled) -> dict[str, Callable[[int], Query]]:
    """The kinds of pages; the number of a request gives another partner, order or place."""

    def deep(number: int) -> Query:
        event = filled.events // 10 + number * 37 % (filled.events // 20)
        return {"cursor": write_cursor(Position(filled.accepted_at(event), f"log-{event}"))}

    return {
        FIRST: lambda _number: {},
        PARTNER: lambda number: {"partner_id": partner(number * 7 % PARTNERS)},
        DEEP: deep,
        ORDER: lambda number: {"order_id": f"ORD-{number * 7919 % filled.orders}"},
    }


async def _measure_page(
    rig: Rig, kind: str, query_of: Callable[[int], Query], requests: int
) -> Page:
    async def ask(number: int) -> Answer:
        return await rig.poster.wire.ask("GET", f"/v1/events?{urlencode(query_of(number))}")

    took = await time_requests(ask, requests, b'"event_id"')
    return Page.of(kind, took, await rig.database.read(_plans, query_of(0)))


def _plans(session: Session, query: Query) -> list[StatementPlan]:
    """The plans of what the route does."""
    asked = EventQuery.model_validate(query)
    after, limit = read_cursor(asked.cursor), asked.limit + 1
    return explain(
        session,
        partial(search.list_events, wanted=asked.as_filter(), after=after, limit=limit),
    )
