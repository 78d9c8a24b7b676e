"""The loads of the neighbour test: what one shop, or its readers, do while the others are measured.

Each is there in full when the measuring begins, and for as long as it lasts.
"""

import asyncio
import contextlib
import statistics
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, suppress

import httpx
from sqlalchemy import create_engine, text
from sqlmodel import Session, col, func, select

from benchmarks.dashboard_pages import COOKIE, signed_in
from benchmarks.events import EventMaker
from benchmarks.ingest import PER_BATCH, not_started
from benchmarks.neighbours.plan import NeighbourPlan, Phase, Shop
from benchmarks.rig import Rig
from benchmarks.waiting import until
from contracts.delivery.states import HoldReason
from store.tables import DeliveryRow

_PREPARED_WITHIN_S = 900.0
_PER_ORDER = 2
_SENDERS = 2


def under_load(rig: Rig, plan: NeighbourPlan, said: list[str]) -> AbstractAsyncContextManager[None]:
    """The plan's load. It says what it came to."""
    [shop] = [one for one in plan.shops if one.falls_ill]
    match plan.load:
        case Phase.LOCKED:
            return _locked(rig, f"SELECT FROM endpoints WHERE partner_id = '{shop.id}' FOR UPDATE")
        case Phase.READS:
            return _reads(rig, plan.readers, said)
        case Phase.ORDERED:
            return _ordered(rig, plan.waiting_orders, shop, said)
        case _:
            return _import(rig, plan.imported, shop, said)


async def behave(rig: Rig, shops: Sequence[Shop], behaviour: str) -> None:
    """Have the endpoints of these shops do this from their next request on."""
    async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
        origins = [rig.layout.origins[shop.id] for shop in shops]
        puts = [client.put(f"{one}/_sandbox/behaviour", content=behaviour) for one in origins]
        for answer in await asyncio.gather(*puts):
            answer.raise_for_status()


@contextlib.asynccontextmanager
async def _locked(rig: Rig, statement: str) -> AsyncIterator[None]:
    """Somebody else's session holds a lock for the whole span."""
    engine = create_engine(rig.settings.store_url)
    with engine.begin() as connection:
        connection.execute(text(statement))
        yield
    engine.dispose()


@contextlib.asynccontextmanager
async def _reads(rig: Rig, readers: int, said: list[str]) -> AsyncIterator[None]:
    """So many people read a page over and over whose table the database does not give, until the
    database ends each read at its limit."""
    cookie, took_s = f"{COOKIE}={await signed_in(rig.database)}", list[float]()

    async def page() -> None:
        await rig.poster.wire.ask("GET", "/dashboard/ops/audit", cookie=cookie)

    async def read() -> None:
        while True:
            begun = time.monotonic()
            with suppress(TimeoutError):  # too long in line for the few connections of readers
                await page()
            took_s.append(time.monotonic() - begun)

    await page()  # the first one after the API's start takes it a second to make

    lock = "LOCK TABLE audit_entries IN ACCESS EXCLUSIVE MODE"
    async with _locked(rig, lock), _beside(*(read() for _ in range(readers))):
        yield
    waits = f", {statistics.median(took_s):.1f} s each" if took_s else ""
    said.append(f"{readers} readers, {len(took_s)} reads ended{waits}")


@contextlib.asynccontextmanager
async def _ordered(rig: Rig, orders: int, shop: Shop, said: list[str]) -> AsyncIterator[None]:
    """The endpoint hangs; of each order one event is on its way and one waits for it."""
    await behave(rig, [shop], "hang")
    events = (orders + 1) * _PER_ORDER  # the first order and the last may have one alone
    await _post(rig, _batches(f"order-{shop.id}", shop, events, _PER_ORDER))

    async def all_wait() -> bool:
        rig.check()
        return await rig.database.read(_in_line) >= orders

    await until(all_wait, _PREPARED_WITHIN_S, every_s=1.0)
    yield
    said.append(f"{await rig.database.read(_in_line)} deliveries wait for an earlier one")


@contextlib.asynccontextmanager
async def _import(rig: Rig, events: int, shop: Shop, said: list[str]) -> AsyncIterator[None]:
    """Batches as fast as they are taken, from the first moment on."""
    batches, begun = _batches(f"import-{shop.id}", shop, events), time.monotonic()

    async def post() -> None:
        await _post(rig, batches)
        said.append(f"{events} taken in {time.monotonic() - begun:.0f} s")

    async with _beside(post()):
        yield
        said.append(f"{await rig.database.read(not_started)} still in the outbox at the end")


def _batches(
    prefix: str, shop: Shop, events: int, per_order: int | None = None
) -> list[list[bytes]]:
    maker = EventMaker(prefix, shop.id, per_order)
    bodies = [maker.make()[1] for _ in range(events)]
    return [bodies[start : start + PER_BATCH] for start in range(0, events, PER_BATCH)]


async def _post(rig: Rig, batches: list[list[bytes]]) -> None:
    async def send() -> None:
        while batches:
            await rig.poster.post_batch(batches.pop(0))

    await asyncio.gather(*(send() for _ in range(_SENDERS)))


def _in_line(session: Session) -> int:
    """How many deliveries wait for an earlier event of their order."""
    query = select(func.count()).where(col(DeliveryRow.hold_reason) == HoldReason.EARLIER_EVENT)
    return session.exec(query).one()


@contextlib.asynccontextmanager
async def _beside(*running: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Run these meanwhile; what still runs at the end is stopped, an error of one is raised."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one) for one in running]
        yield
        for task in tasks:
            task.cancel()
