"""The parts of `make bench`, each on a rig of its own, each runnable alone."""

from collections.abc import Callable, Container
from dataclasses import dataclass, field, replace
from enum import StrEnum

from benchmarks import (
    burst,
    dashboard_pages,
    ingest,
    log_pages,
    machine,
    overload,
    run,
    totals,
    tracking,
)
from benchmarks.burst import Burst
from benchmarks.engine.engine import EngineFactory
from benchmarks.events import PARTNER
from benchmarks.ingest import Ingest, IngestPlan
from benchmarks.layout import FLOOR, Setup
from benchmarks.neighbours import measure as neighbours
from benchmarks.neighbours.measure import Neighbours
from benchmarks.neighbours.plan import LOADS, NeighbourPlan
from benchmarks.overload import Overload, OverloadPlan
from benchmarks.pages import Pages, PagesPlan
from benchmarks.rig import open_rig
from benchmarks.run import Plan, Results
from benchmarks.saturation import Saturation
from benchmarks.soak import measure as soak
from benchmarks.soak.measure import Soak, SoakPlan
from benchmarks.totals import Count
from benchmarks.tracking import Tracking, TrackingPlan

Say = Callable[[str], None]
_WARM_UP_S = 3.0


class Part(StrEnum):
    """What can be measured alone."""

    ENGINE = "engine"
    BURST = "burst"
    OVERLOAD = "overload"
    INGEST = "ingest"
    LOG = "log"
    PAGES = "pages"
    TRACKING = "tracking"
    NEIGHBOURS = "neighbours"
    SOAK = "soak"


EVERY_PART = frozenset(Part) - {Part.SOAK}
"""What is measured when nothing is named: half an hour of soak is asked for by name."""


@dataclass(frozen=True)
class Sizes:
    """How much of everything."""

    engine: Plan
    burst_events: int = burst.FULL
    overload: OverloadPlan = field(default_factory=OverloadPlan)
    ingest: IngestPlan = field(default_factory=IngestPlan)
    log: PagesPlan = field(default_factory=PagesPlan)
    pages: PagesPlan = field(default_factory=lambda: PagesPlan(requests=100))
    tracking: TrackingPlan = field(default_factory=TrackingPlan)
    neighbours: NeighbourPlan = field(default_factory=NeighbourPlan)
    soak: SoakPlan = field(default_factory=SoakPlan)

    @classmethod
    def quick(cls) -> "Sizes":
        """Enough to see that everything works; too little for figures to quote."""
        return cls(
            Plan.quick(),
            burst.QUICK,
            OverloadPlan.quick(),
            IngestPlan.quick(),
            PagesPlan.quick(),
            PagesPlan.quick(),
            TrackingPlan.quick(),
            NeighbourPlan.quick(),
            SoakPlan.quick(),
        )


@dataclass(frozen=True)
class Measured:
    """Everything that was measured; what was not asked for is None."""

    machine: dict[str, str]
    engine: Results | None = None
    burst: Burst | None = None
    burst_count: Count | None = None
    overload: Overload | None = None
    ingest: Ingest | None = None
    log: Pages | None = None
    pages: Pages | None = None
    tracking: Tracking | None = None
    neighbours: Neighbours | None = None
    loads: list[Neighbours] = field(default_factory=list)
    soak: Soak | None = None

    @property
    def faults(self) -> list[str]:
        """What makes the run worthless or must never be, in words."""
        parts = [self.engine, self.overload]
        counts = [self.burst_count, *(one.count for one in parts if one)]
        lost = [fault for count in counts if count for fault in count.faults]
        others = [self.log, self.neighbours, self.soak, *self.loads]
        return lost + [fault for one in others if one for fault in one.faults]


async def measure(
    parts: Container[Part], sizes: Sizes, say: Say, engine: EngineFactory
) -> Measured:
    """Measure these parts, one after the other. Raises when the run is invalid."""
    measured = Measured(machine.describe())
    if Part.ENGINE in parts:
        measured = replace(measured, engine=await run.run(sizes.engine, say, engine))
    if Part.BURST in parts:
        say(f"draining {sizes.burst_events} events, and as many empty workflows")
        drained, counted = await _burst(sizes.burst_events, engine)
        measured = replace(measured, burst=drained, burst_count=counted)
    if Part.OVERLOAD in parts:
        say(f"{sizes.overload.times:g} times what can be carried, {sizes.overload.seconds:g} s")
        async with open_rig(sizes.overload.setup, engine) as rig:
            measured = replace(measured, overload=await overload.measure(rig, sizes.overload))
    if Part.INGEST in parts:
        say("batches, then single posts while the engine is saturated")
        measured = replace(measured, ingest=await ingest.measure(sizes.ingest, engine))
    if Part.LOG in parts:
        say(f"the event log with {sizes.log.events} events")
        measured = replace(measured, log=await log_pages.measure(sizes.log, engine))
    if Part.PAGES in parts:
        say(f"the dashboard's pages with {sizes.pages.events} events")
        measured = replace(measured, pages=await dashboard_pages.measure(sizes.pages, engine))
    if Part.TRACKING in parts:
        say(f"{sizes.tracking.reads} tracking pages beside {tracking.RATE} events/s")
        measured = replace(measured, tracking=await tracking.measure(sizes.tracking, engine))
    if Part.NEIGHBOURS in parts:
        loads = []
        for load in LOADS:
            say(f"what the others feel of {load}")
            loads.append(await neighbours.measure(sizes.neighbours.under(load), engine))
        say("well endpoints while others hang, refuse and reset")
        ill = await neighbours.measure(sizes.neighbours, engine)
        measured = replace(measured, neighbours=ill, loads=loads)
    if Part.SOAK in parts:
        say(f"mixed load with faults for {sizes.soak.minutes:g} minutes")
        measured = replace(measured, soak=await soak.measure(sizes.soak, say, engine))
    return measured


async def _burst(events: int, engine: EngineFactory) -> tuple[Burst, Count]:
    async with open_rig(Setup.of_one_merchant(PARTNER, FLOOR), engine) as rig:
        await Saturation(rig, in_flight=15).warm_up(_WARM_UP_S)
        return await burst.measure(rig, events), await totals.count(rig)
