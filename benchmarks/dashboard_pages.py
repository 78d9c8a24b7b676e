"""The dashboard with a million events: how long each page takes until its first byte.

Pages are asked for over HTTP from the product's own API process by somebody who is signed in, one
after the other. A page is sent in one piece, so what is timed is the whole answer.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.dashboard_fill import fill_dashboard
from benchmarks.figures import percentile
from benchmarks.log_fill import PARTNERS, Filled, fill, partner
from benchmarks.log_pages import READING
from benchmarks.rig import open_rig
from benchmarks.wire import Wire
from contracts.clock import utc_now
from contracts.people import Invite, Role
from store.database import Database
from store.people.sessions import accept_invitation
from store.people.users import invite

AIM_P95_MS = 100.0
_HTTP_OK = 200
_COOKIE = "doorstep_session"


@dataclass(frozen=True)
class PagesPlan:
    """How many events there are, and how often each page is asked for."""

    events: int = 1_000_000
    requests: int = 100

    @classmethod
    def quick(cls) -> "PagesPlan":
        """Seconds; nothing to quote."""
        return cls(events=20_000, requests=10)


@dataclass(frozen=True)
class DashboardPage:
    """One page: milliseconds over HTTP."""

    name: str
    requests: int
    p50: float
    p95: float
    worst: float

    @classmethod
    def of(cls, name: str, took: Sequence[float]) -> "DashboardPage":
        """A page by how long each request took."""
        return cls(name, len(took), percentile(took, 0.5), percentile(took, 0.95), max(took))


@dataclass(frozen=True)
class DashboardPages:
    """All of its pages."""

    events: int
    pages: list[DashboardPage]


async def measure(plan: PagesPlan) -> DashboardPages:
    """Fill a store of our own and measure the dashboard's pages."""
    async with open_rig(READING) as rig:
        database, wire = rig.database, rig.poster.wire
        filled = await asyncio.to_thread(fill, database.engine, plan.events)
        await asyncio.to_thread(fill_dashboard, database.engine)
        cookie = await _signed_in(database)
        pages = [
            DashboardPage.of(name, await _measure_page(wire, path_of, cookie, plan.requests))
            for name, path_of in paths(filled).items()
        ]
        return DashboardPages(plan.events, pages)


def paths(filled: Filled) -> Mapping[str, Callable[[int], str]]:
    """The pages; the number of a request gives another partner, order or event."""
    return {**_pages_of_partner(filled), **_PAGES_OF_OPS}


def _of_shop(rest: str = "") -> Callable[[int], str]:
    """A page of another partner each time."""
    return lambda number: f"/p/{_shop(number)}{rest}"


def _of_largest(rest: str = "") -> Callable[[int], str]:
    """A page of the partner with most events."""
    return lambda _number: f"/p/{partner(0)}{rest}"


def _of_endpoint(rest: str = "") -> Callable[[int], str]:
    """A page of the only endpoint of another partner each time."""
    return lambda number: f"/p/{_shop(number)}/endpoints/ep-{_shop(number)}{rest}"


def _shop(number: int) -> str:
    return partner(number * 7 % PARTNERS)


def _pages_of_partner(filled: Filled) -> Mapping[str, Callable[[int], str]]:
    def of_order(place: str) -> Callable[[int], str]:
        def path(number: int) -> str:
            order = number * 7919 % filled.orders
            return f"/p/{filled.partner_of(order)}/{place}=ORD-{order}"

        return path

    def of_event(number: int) -> str:
        event = filled.events - 1 - number * 7919 % (filled.events // 2)
        return f"/p/{filled.partner_of(event % filled.orders)}/events/log-{event}"

    return {
        "overview, the largest partner": _of_largest(),
        "overview": _of_shop(),
        "event log, the largest partner": _of_largest("/events"),
        "event log": _of_shop("/events"),
        "event log, not delivered": _of_shop("/events?state=dead_lettered"),
        "event log, one type": _of_shop("/events?type=delivered"),
        "event log, one type, not delivered": _of_shop(
            "/events?type=delivered&state=dead_lettered"
        ),
        "event log, one order": of_order("events?q"),
        "one order": of_order("orders?order_id"),
        "one event": of_event,
        "dead letters, the largest partner": _of_largest("/dead-letters"),
        "dead letters": _of_shop("/dead-letters"),
        "endpoints": _of_shop("/endpoints"),
        "one endpoint": _of_endpoint(),
        "a recovery, counted beforehand": _of_endpoint("/recover"),
        "texts": _of_shop("/texts"),
        "the words of a text": _of_shop("/texts/delivered/en"),
        "opt-outs": _of_shop("/texts/opt-outs"),
        "API keys": _of_shop("/keys"),
        "people": _of_shop("/people"),
        "changes": _of_shop("/audit"),
        "settings": _of_shop("/settings"),
        "account": lambda _number: "/account",
        "sign-in": lambda _number: "/sign-in",
    }


_PAGES_OF_OPS: Mapping[str, Callable[[int], str]] = {
    "ops: all partners": lambda _number: "/ops",
    "ops: dead letters": lambda _number: "/ops/dead-letters",
    "ops: SMS channel": lambda _number: "/ops/texts",
    "ops: changes": lambda _number: "/ops/audit",
    "ops: people": lambda _number: "/ops/people",
}


async def _measure_page(
    wire: Wire, path_of: Callable[[int], str], cookie: str, requests: int
) -> list[float]:
    await _ask(wire, path_of(0), cookie)  # templates and statements are compiled once
    took = []
    for number in range(requests):
        begun = time.perf_counter()
        await _ask(wire, path_of(number), cookie)
        took.append((time.perf_counter() - begun) * 1000)
    return took


async def _ask(wire: Wire, path: str, cookie: str) -> None:
    answer = await wire.ask("GET", f"/dashboard{path}", cookie=f"{_COOKIE}={cookie}")
    if answer.status != _HTTP_OK or b"</html>" not in answer.body:
        raise RuntimeError(f"{path} is no page: {answer.words}")


async def _signed_in(database: Database) -> str:
    """The cookie of somebody of ops, who may see every page."""
    asked = Invite(email="ops@bench.example", name="Bench", role=Role.OPS)
    _, token = await database.write(invite, asked, utc_now(), actor="bench")
    begun = await database.write(accept_invitation, token, "no password", utc_now())
    return begun.token
