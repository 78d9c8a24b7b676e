"""The event log with a million events: how long its pages take, and that none reads a whole table.

Pages are asked for over HTTP from the product's own API process, one after the other, each with
another partner, order or place. Nothing else runs: this is about the store.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlmodel import Session

from api.cursors import read_cursor, write_cursor
from api.routes.events import EventQuery
from benchmarks.figures import Spread, spread
from benchmarks.layout import Setup
from benchmarks.log_fill import PARTNERS, Filled, fill, partner
from benchmarks.plans import StatementPlan, explain
from benchmarks.rig import open_rig
from benchmarks.wire import Wire
from store import event_list
from store.database import Database
from store.positions import Position

FIRST, PARTNER, DEEP, ORDER = "first page", "a partner's first page", "deep page", "one order"
AIM_P99_MS = 50.0
_HTTP_OK = 200
READING = Setup(workers=0)
"""An empty store and the API over it; Temporal is not needed for reading."""

Query = Mapping[str, str]


@dataclass(frozen=True)
class LogPlan:
    """How many events there are, and how often each page is asked for."""

    events: int = 1_000_000
    requests: int = 300

    @classmethod
    def quick(cls) -> "LogPlan":
        """Seconds; nothing to quote."""
        return cls(events=20_000, requests=20)


@dataclass(frozen=True)
class Page:
    """One kind of page: milliseconds over HTTP, and the plans of its statements."""

    kind: str
    took: Spread
    plans: list[StatementPlan]

    @property
    def indexes(self) -> list[str]:
        """The indexes that its statements use."""
        return sorted({name for plan in self.plans for name in plan.indexes})

    @property
    def faults(self) -> list[str]:
        """The plans that read a whole table, in words."""
        return [
            f"{self.kind}: a whole table is read: {' | '.join(plan.plan.splitlines())}"
            for plan in self.plans
            if plan.reads_a_whole_table
        ]


@dataclass(frozen=True)
class LogPages:
    """All of its pages."""

    events: int
    filled_in_s: float
    pages: list[Page]

    @property
    def faults(self) -> list[str]:
        """What is wrong with its plans."""
        return [fault for page in self.pages for fault in page.faults]


async def measure(plan: LogPlan) -> LogPages:
    """Fill a store of our own and measure its pages."""
    async with open_rig(READING) as rig:
        database, wire = rig.database, rig.poster.wire
        begun = time.perf_counter()
        filled = await asyncio.to_thread(fill, database.engine, plan.events)
        filled_in_s = time.perf_counter() - begun
        pages = [
            await _measure_page(database, wire, kind, query_of, plan.requests)
            for kind, query_of in queries(filled).items()
        ]
        return LogPages(plan.events, filled_in_s, pages)


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
    database: Database, wire: Wire, kind: str, query_of: Callable[[int], Query], requests: int
) -> Page:
    await _ask(wire, query_of(requests))  # connections and statements cost nothing later
    took = []
    for number in range(requests):
        begun = time.perf_counter()
        await _ask(wire, query_of(number))
        took.append((time.perf_counter() - begun) * 1000)
    plans = await database.read(_plans, query_of(0))
    return Page(kind, spread(took), plans)


def _plans(session: Session, query: Query) -> list[StatementPlan]:
    """The plans of what the route does."""
    asked = EventQuery.model_validate(query)

    def page(inside: Session) -> object:
        after = read_cursor(asked.cursor)
        limit = asked.limit + 1
        return event_list.list_events(inside, asked.as_filter(), after=after, limit=limit)

    return explain(session, page)


async def _ask(wire: Wire, query: Query) -> None:
    answer = await wire.ask("GET", f"/v1/events?{urlencode(query)}")
    if answer.status != _HTTP_OK or b'"event_id"' not in answer.body:
        raise RuntimeError(f"the log did not answer with events: {answer.words}")
