"""How long a full outbox takes until it is drained, beside as many empty workflows.

The outbox is filled while no worker runs; then one starts. Drained: the merchant has every event
and no workflow runs. The floor runner starts as many empty workflows with one scheduled activity,
as many at once as the product's dispatcher has under way; they are drained when none runs.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from benchmarks.events import PARTNER, EventMaker
from benchmarks.floors import ONE_ACTIVITY
from benchmarks.ingest import PER_BATCH
from benchmarks.layout import API, FLOOR, WORKER
from benchmarks.pipeline import NeverEnded
from benchmarks.rig import Rig

QUICK, FULL = 200, 5_000
_LIMIT_S = 600.0
_LOOK_EVERY_S = 0.5
_PREFIX = "burst"


@dataclass(frozen=True)
class Burst:
    """Seconds: `accepted_s` since the first byte of the first batch, the others since the worker
    was started, or the floor was told to begin."""

    events: int
    accepted_s: float
    received_s: float
    drained_s: float
    floor_drained_s: float

    @property
    def rate(self) -> float:
        """Events a second, the worker's start included."""
        return self.events / self.drained_s

    @property
    def ratio_to_floor(self) -> float:
        """The floor's time as a share of the product's: 1 would be as fast as the engine alone."""
        return self.floor_drained_s / self.drained_s


async def measure(rig: Rig, events: int) -> Burst:
    """The product's burst, then the floor's, while the product sleeps.

    The floor does not sleep before its turn: connections go stale in so long a sleep.
    """
    await rig.quiet()
    accepted_s, received_s, drained_s = await _product(rig, events)
    with rig.processes[WORKER].asleep(), rig.processes[API].asleep():
        floor_drained_s = await _floor(rig, events)
    return Burst(events, accepted_s, received_s, drained_s, floor_drained_s)


async def _product(rig: Rig, events: int) -> tuple[float, float, float]:
    maker = EventMaker(_PREFIX)
    made = [maker.make() for _ in range(events)]
    await rig.processes[WORKER].stop()
    begun = time.monotonic()
    for start in range(0, events, PER_BATCH):
        await rig.poster.post_batch([body for _, body in made[start : start + PER_BATCH]])
    accepted_s, begun = time.monotonic() - begun, time.monotonic()
    await rig.processes[WORKER].start()
    async with _within_limit("the burst was not drained"):
        for event_id, _ in made:
            await rig.journal.arrival(event_id)
        received_s = time.monotonic() - begun
        await rig.quiet(_LIMIT_S, _LOOK_EVERY_S)
    return accepted_s, received_s, time.monotonic() - begun


async def _floor(rig: Rig, events: int) -> float:
    order = {
        "floor": ONE_ACTIVITY,
        "burst": events,
        "prefix": f"floor-{_PREFIX}",
        "partner_id": PARTNER,
    }
    begun = time.monotonic()
    started = json.loads(await rig.processes[FLOOR].ask(json.dumps(order), limit_s=_LIMIT_S))
    if started != events:
        raise NeverEnded(f"{started} of {events} empty workflows were started")
    await rig.quiet(_LIMIT_S, _LOOK_EVERY_S)
    return time.monotonic() - begun


@asynccontextmanager
async def _within_limit(words: str) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(_LIMIT_S):
            yield
    except TimeoutError:
        raise NeverEnded(words) from None
