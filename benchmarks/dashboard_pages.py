"""The dashboard with a million events: how long each page takes until its first byte.

Somebody who is signed in asks for them. A page is sent in one piece, so what is timed is the whole
answer.
"""

import asyncio
from collections.abc import Callable, Mapping
from itertools import count

from benchmarks.dashboard_fill import fill_dashboard, fill_secrets
from benchmarks.engine.engine import EngineFactory
from benchmarks.log_fill import PARTNERS, Filled, partner
from benchmarks.pages import Page, Pages, PagesPlan, reading, time_requests
from benchmarks.search_fill import fill_search
from benchmarks.search_pages import measure_searches
from benchmarks.wire import Answer, Wire
from contracts.access.users import Invite, Role
from contracts.clock import utc_now
from store.access.invitations import invite
from store.access.sessions import accept_invitation
from store.db.database import Database

AIM_P95_MS = 100.0
_HEADING = b"</h"
"""Which a part of a page that is kept up to date has, too."""

COOKIE = "doorstep_session"


async def measure(plan: PagesPlan, engine: EngineFactory) -> Pages:
    """Fill a store of our own and measure the dashboard's pages."""
    async with reading(plan.events, engine) as (rig, filled):
        await rig.database.write(fill_search, filled)
        await asyncio.to_thread(fill_dashboard, rig.database.engine)
        await rig.database.write(fill_secrets, utc_now())
        session_of = count(1_000)

        async def sign_in() -> str:
            return f"{COOKIE}={await signed_in(rig.database, next(session_of))}"

        pages = await measure_searches(rig.poster.wire, sign_in, filled, plan.requests)
        for number, (name, path_of) in enumerate(paths(filled).items()):
            # Each page in a session of its own: one may ask for 600 pages a minute.
            cookie = f"{COOKIE}={await signed_in(rig.database, number)}"
            pages.append(await _measure_page(rig.poster.wire, name, path_of, cookie, plan.requests))
        return Pages(plan.events, pages)


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


def _act(number: int) -> str:
    """An action over fifty partners, asked first."""
    ids = "&".join(f"ids={_shop(number + one)}" for one in range(50))
    return f"/ops/act?action=retry&{ids}"


def _shop(number: int) -> str:
    return partner(number * 7 % PARTNERS)


def _of_order(filled: Filled, place: str) -> Callable[[int], str]:
    """A page of another order each time."""

    def path(number: int) -> str:
        order = number * 7919 % filled.orders
        return f"/p/{filled.partner_of(order)}/{place}=ORD-{order}"

    return path


def _of_event(filled: Filled) -> Callable[[int], str]:
    """A page of another event each time."""

    def path(number: int) -> str:
        event = filled.events - 1 - number * 7919 % (filled.events // 2)
        return f"/p/{filled.partner_of(event % filled.orders)}/events/log-{event}"

    return path


def _pages_of_partner(filled: Filled) -> Mapping[str, Callable[[int], str]]:
    return {
        "overview, the largest partner": _of_largest(),
        "overview": _of_shop(),
        "overview, 90 days": _of_largest("?days=90"),
        "outcomes, twelve weeks": _of_shop("/outcomes"),
        "outcomes, twelve weeks by day": _of_shop("/outcomes?by=day"),
        "outcomes, weekly report": _of_shop("/outcomes/report"),
        "event log, the largest partner": _of_largest("/events"),
        "event log": _of_shop("/events"),
        "event log, not delivered": _of_shop("/events?state=dead_lettered"),
        "event log, one type": _of_shop("/events?type=delivered"),
        "event log, one type, not delivered": _of_shop(
            "/events?type=delivered&state=dead_lettered"
        ),
        "event log, one order": _of_order(filled, "events?q"),
        "orders, the largest partner": _of_largest("/orders"),
        "orders": _of_shop("/orders"),
        "orders, returned": _of_shop("/orders?parcel=return_initiated"),
        "orders, last update failed": _of_shop("/orders?problem=failed"),
        "one order": _of_order(filled, "orders?order_id"),
        "one event": _of_event(filled),
        "dead letters, the largest partner": _of_largest("/dead-letters"),
        "dead letters": _of_shop("/dead-letters"),
        "dead letters, last night": _of_largest("/dead-letters?when=night"),
        "endpoints": _of_shop("/endpoints"),
        "one endpoint": _of_endpoint(),
        "one endpoint, seven days": _of_endpoint("?range=7d"),
        "one endpoint, kept up to date": _of_endpoint("/live"),
        "an endpoint's attempts": _of_endpoint("/attempts"),
        "an endpoint's attempts, refused ones": _of_endpoint("/attempts?answer=4xx"),
        "an endpoint's settings": _of_endpoint("/settings"),
        "an endpoint's secret": _of_endpoint("/secret"),
        "a recovery, counted beforehand": _of_endpoint("/recover"),
        "set-up": _of_shop("/set-up"),
        "SMS": _of_shop("/texts"),
        "SMS, their templates": _of_shop("/texts/templates"),
        "SMS, their settings": _of_shop("/texts/settings"),
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
    "ops: outcomes, twelve weeks": lambda _number: "/ops/outcomes",
    "ops: failed updates": lambda _number: "/ops/dead-letters",
    "ops: an action over fifty partners": _act,
    "ops: on hold": lambda _number: "/ops/held",
    "ops: platform": lambda _number: "/ops/platform",
    "ops: sender IDs": lambda _number: "/ops/senders",
    "ops: SMS channel": lambda _number: "/ops/texts",
    "ops: changes": lambda _number: "/ops/audit",
    "ops: people": lambda _number: "/ops/people",
}


async def _measure_page(
    wire: Wire, name: str, path_of: Callable[[int], str], cookie: str, requests: int
) -> Page:
    async def ask(number: int) -> Answer:
        return await wire.ask("GET", f"/dashboard{path_of(number)}", cookie=cookie)

    return Page.of(name, await time_requests(ask, requests, _HEADING))


async def signed_in(database: Database, number: int = 0) -> str:
    """The cookie of somebody of ops, who may see every page; another one by each number."""
    asked = Invite(email=f"ops{number}@bench.example", name="Bench", role=Role.OPS)
    _, token = await database.write(invite, asked, utc_now(), actor="bench")
    begun = await database.write(accept_invitation, token, "no password", utc_now())
    return begun.token
