"""What the sender of events feels: single posts beside a bare handler, and batches.

On a rig of its own. Batches are posted while the worker sleeps; they are the
backlog under which single posts are measured afterwards, with the engine saturated. The backlog is
thrown away with the rig, once every 202 was found as a row.
"""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session

from benchmarks import bare_api
from benchmarks.engine.engine import EngineFactory
from benchmarks.events import PARTNER, EventMaker
from benchmarks.figures import NotEnough, Spread, spread
from benchmarks.layout import API, BARE_API, WORKER, Setup
from benchmarks.open_loop import at_their_times, evenly
from benchmarks.posts import EventPoster, Refused
from benchmarks.proc import CpuTime
from benchmarks.rig import Rig, open_rig
from store.tables import EventRow, OutboxRow

PER_BATCH = 500
SENDERS = (1, 2)
PRODUCT, BARE = "product", "bare handler"
_WARM_UP_S = 2.0


class Invalid(RuntimeError):
    """What was measured is not what was meant; the run is invalid."""


@dataclass(frozen=True)
class IngestPlan:
    """Each of `windows` lasts `window_seconds`, for the product and for the bare handler."""

    rate: int = 100
    windows: int = 12
    window_seconds: float = 5.0
    batches: int = 24

    @classmethod
    def quick(cls) -> "IngestPlan":
        """Seconds; nothing to quote."""
        return cls(windows=2, window_seconds=1.0, batches=2)


@dataclass(frozen=True)
class Batches:
    """Batches of 500 by so many senders at once, each with a connection of its own."""

    senders: int
    events: int
    seconds: float
    per_batch_ms: Spread

    @property
    def rate(self) -> float:
        """Events a second, from the first byte sent to the last answer read."""
        return self.events / self.seconds


@dataclass(frozen=True)
class Ingest:
    """Milliseconds from when a post was due to its 202. `least_backlog`: events not started.

    `product_cpu` and `bare_cpu` are milliseconds on a core for each post, in their API processes.
    """

    product: Spread
    bare: Spread
    product_cpu: CpuTime
    bare_cpu: CpuTime
    least_backlog: int
    batches: list[Batches]

    @property
    def p99_ratio(self) -> float:
        """The product's p99 as a multiple of the bare handler's."""
        return self.product.p99 / self.bare.p99


async def measure(plan: IngestPlan, engine: EngineFactory) -> Ingest:
    """Measure it. Raises when the run is invalid or a 202 has no row."""
    async with open_rig(Setup.of_one_merchant(PARTNER, BARE_API), engine) as rig:
        with rig.processes[WORKER].asleep():
            batches = [await post_batches(rig, senders, plan.batches) for senders in SENDERS]
        before = {name: rig.processes[name].cpu for name in (API, BARE_API)}
        backlogs, latencies = await _windows(rig, rig.bare, plan)
        spent = {name: rig.processes[name].cpu - before[name] for name in before}
        await _every_202_is_a_row(rig, rig.bare)
        return Ingest(
            spread(latencies[PRODUCT]),
            spread(latencies[BARE]),
            spent[API].per_event_ms(len(latencies[PRODUCT]) + _warm(plan)),
            spent[BARE_API].per_event_ms(len(latencies[BARE]) + _warm(plan)),
            min(backlogs),
            batches,
        )


async def post_batches(rig: Rig, senders: int, batches: int) -> Batches:
    """Post so many batches, shared by the senders. Their JSON is made before."""
    maker = EventMaker(f"batch{senders}")
    waiting = [[maker.make()[1] for _ in range(PER_BATCH)] for _ in range(batches)]
    took: list[float] = []

    async def send() -> None:
        while waiting:
            bodies = waiting.pop()
            begun = time.perf_counter()
            await rig.poster.post_batch(bodies)
            took.append((time.perf_counter() - begun) * 1000)

    begun = time.perf_counter()
    async with asyncio.TaskGroup() as sending:
        for _ in range(senders):
            sending.create_task(send())
    seconds = time.perf_counter() - begun
    return Batches(senders, batches * PER_BATCH, seconds, spread(took))


async def _windows(
    rig: Rig, bare: EventPoster, plan: IngestPlan
) -> tuple[list[int], dict[str, list[float]]]:
    """Alternate; every other time in the opposite order. Gives the backlogs and latencies."""
    posters = {PRODUCT: rig.poster, BARE: bare}
    latencies: dict[str, list[float]] = {PRODUCT: [], BARE: []}
    backlogs = [await rig.database.read(not_started)]
    for kind in posters:  # connections and caches cost nothing later
        await _post_at_rate(
            posters[kind], f"warm-{kind[:4]}", plan.rate, _WARM_UP_S, may_fail=kind == BARE
        )
    for number in range(plan.windows):
        for kind in posters if number % 2 == 0 else reversed(posters):
            prefix = f"w{number}-{kind[:4]}"
            took = await _post_at_rate(
                posters[kind], prefix, plan.rate, plan.window_seconds, may_fail=kind == BARE
            )
            latencies[kind] += took
            backlogs.append(await rig.database.read(not_started))
            rig.check()
    if min(backlogs) == 0:
        raise NotEnough("the backlog ran out while single posts were measured")
    return backlogs, latencies


async def _post_at_rate(
    poster: EventPoster, prefix: str, rate: int, seconds: float, *, may_fail: bool
) -> list[float]:
    """Post each when it is due. Gives milliseconds from then to its answer.

    The product has to take every one. The bare handler `may_fail`: one commit for each post is
    more than a busy disk gives, and then it answers 500, or not in time.
    """
    maker = EventMaker(prefix)
    due_s = evenly(rate, seconds)
    bodies = [maker.make()[1] for _ in due_s]

    async def post(number: int) -> None:
        with suppress(*((Refused, TimeoutError) if may_fail else ())):
            await poster.post(bodies[number])

    return await at_their_times(due_s, post)


def _warm(plan: IngestPlan) -> int:
    """How many posts of each kind are not counted in the latencies."""
    return round(plan.rate * _WARM_UP_S)


def not_started(session: Session) -> int:
    """The backlog: accepted events whose workflows do not exist yet."""
    count: int = session.execute(select(func.count()).select_from(OutboxRow)).scalar_one()
    return count


def _stored(session: Session) -> int:
    rows: int = session.execute(select(func.count()).select_from(EventRow)).scalar_one()
    return rows


async def _every_202_is_a_row(rig: Rig, bare: EventPoster) -> None:
    counts = {
        PRODUCT: (rig.poster.taken, await rig.database.read(_stored)),
        BARE: (bare.taken, await rig.database.read(bare_api.stored)),
    }
    for kind, (answered, rows) in counts.items():
        late = rows > answered and kind == BARE  # stored after its sender had given up
        if answered != rows and not late:
            raise Invalid(f"{kind}: {answered} events were answered 202, the store has {rows}")
