"""Customers read tracking pages while events go out: how long a page takes, and what that does to
the events.

Open loop on both sides: events are posted and pages are asked for at their times. Each reader has
an address of their own, as a proxy in front names it, so that nobody's limit is reached.
"""

import asyncio
from dataclasses import dataclass

from benchmarks import propagation
from benchmarks.engine.engine import EngineFactory
from benchmarks.events import PARTNER, EventMaker
from benchmarks.figures import Spread, percentile, spread
from benchmarks.layout import FLOOR, Setup
from benchmarks.open_loop import at_their_times, evenly
from benchmarks.propagation import Propagation
from benchmarks.rig import Rig, open_rig
from contracts.clock import utc_now
from contracts.partners import PartnerChange
from store.partners.partners import change_partner
from store.tracking.links import LinkedOrder, link_tokens

RATE = 10
"""Events a second."""
AIM_P95_MS = 100.0
AIM_P99_RATIO = 1.2
EVENTS_OF_AN_ORDER = 5

_HTTP_OK = 200
_BATCH = 250


@dataclass(frozen=True)
class TrackingPlan:
    """So many pages in so many seconds, of so many orders."""

    reads: int = 10_000
    seconds: float = 100.0
    orders: int = 100

    @classmethod
    def quick(cls) -> "TrackingPlan":
        """Seconds; nothing to quote."""
        return cls(reads=400, seconds=4, orders=10)


@dataclass(frozen=True)
class Tracking:
    """Pages, in milliseconds from when each was due; events without readers and beside them."""

    plan: TrackingPlan
    pages: Spread
    pages_p95: float
    page_bytes: int
    alone: Propagation
    beside: Propagation

    @property
    def p99_ratio(self) -> float:
        """Of the events' slowest hundredth beside the readers to that without them."""
        return self.beside.from_acceptance.p99 / self.alone.from_acceptance.p99


async def measure(plan: TrackingPlan, engine: EngineFactory) -> Tracking:
    """Measure on a rig of our own."""
    setup = Setup.of_one_merchant(PARTNER, FLOOR)
    async with open_rig(Setup(setup.partners, setup.merchants), engine) as rig:
        tokens = await _orders(rig, plan.orders)
        alone = await propagation.measure(rig, RATE, plan.seconds)
        readers = asyncio.create_task(_read(rig, tokens, plan))
        beside = await propagation.measure(rig, RATE, plan.seconds)
        took, size = await readers
        return Tracking(plan, spread(took), percentile(took, 0.95), size, alone, beside)


async def _orders(rig: Rig, orders: int) -> list[str]:
    """Orders that all five things have happened to, and the tokens of their links."""
    on = PartnerChange(tracking_enabled=True)
    await rig.database.write(change_partner, PARTNER, on, utc_now(), actor="bench")
    maker = EventMaker("track")
    bodies = [maker.make()[1] for _ in range(orders * EVENTS_OF_AN_ORDER)]
    for start in range(0, len(bodies), _BATCH):
        await rig.poster.post_batch(bodies[start : start + _BATCH])
    await rig.quiet()
    linked = [LinkedOrder(PARTNER, f"ORD-track-{number}") for number in range(orders)]
    tokens = await rig.database.write(link_tokens, linked, utc_now())
    return list(tokens.values())


async def _read(rig: Rig, tokens: list[str], plan: TrackingPlan) -> tuple[list[float], int]:
    """Ask for pages at their times; milliseconds of each from when it was due, and the size of the
    last."""
    sizes: list[int] = []

    async def read(number: int) -> None:
        client = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        path = f"/t/{tokens[number % len(tokens)]}"
        answer = await rig.poster.wire.ask("GET", path, client=client)
        if answer.status != _HTTP_OK or b"</html>" not in answer.body:
            raise RuntimeError(f"that is no page: {answer.words}")
        sizes.append(len(answer.body))

    took = await at_their_times(evenly(plan.reads / plan.seconds, plan.seconds), read)
    return took, sizes[-1]
