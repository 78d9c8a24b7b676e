"""The parts of `make bench`, each on a rig of its own, each runnable alone."""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from benchmarks import books, burst, dashboard_pages, ingest, log_pages, machine, run
from benchmarks.books import Count
from benchmarks.burst import Burst
from benchmarks.dashboard_pages import DashboardPages, PagesPlan
from benchmarks.ingest import Ingest, IngestPlan
from benchmarks.ledger.options import Store
from benchmarks.log_pages import LogPages, LogPlan
from benchmarks.neighbours import measure as neighbours
from benchmarks.neighbours.measure import Neighbours
from benchmarks.neighbours.plan import NeighbourPlan
from benchmarks.rig import open_rig
from benchmarks.run import Plan, Results
from benchmarks.saturation import Saturation
from benchmarks.stores import STORES

Say = Callable[[str], None]
_WARM_UP_S = 3.0


class Part(StrEnum):
    """What can be measured alone."""

    ENGINE = "engine"
    BURST = "burst"
    INGEST = "ingest"
    LOG = "log"
    PAGES = "pages"
    NEIGHBOURS = "neighbours"


@dataclass(frozen=True)
class Sizes:
    """How much of everything."""

    engine: Plan
    burst_events: int = burst.FULL
    ingest: IngestPlan = field(default_factory=IngestPlan)
    log: LogPlan = field(default_factory=LogPlan)
    pages: PagesPlan = field(default_factory=PagesPlan)
    neighbours: NeighbourPlan = field(default_factory=NeighbourPlan)

    @classmethod
    def quick(cls) -> "Sizes":
        """Enough to see that everything works; too little for figures to quote."""
        return cls(
            Plan.quick(),
            burst.QUICK,
            IngestPlan.quick(),
            LogPlan.quick(),
            PagesPlan.quick(),
            NeighbourPlan.quick(),
        )


@dataclass(frozen=True)
class Measured:
    """Everything that was measured; what was not asked for is None or empty."""

    machine: dict[str, str]
    engine: Results | None = None
    burst: Burst | None = None
    burst_count: Count | None = None
    ingest: list[Ingest] = field(default_factory=list)
    log: list[LogPages] = field(default_factory=list)
    pages: list[DashboardPages] = field(default_factory=list)
    neighbours: list[Neighbours] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """What makes the run worthless or must never be, in words."""
        counts = [self.engine.count if self.engine else None, self.burst_count]
        lost = [fault for count in counts if count for fault in count.faults]
        lost += [fault for pages in self.log for fault in pages.faults]
        return lost + [fault for one in self.neighbours for fault in one.faults]


async def measure(
    parts: Container[Part], sizes: Sizes, say: Say, stores: Sequence[Store] = STORES
) -> Measured:
    """Measure these parts, one after the other, those of the store on each of these stores.

    Raises when the run is invalid.
    """
    described = machine.describe()
    engine = await run.run(sizes.engine, say) if Part.ENGINE in parts else None
    drained, counted = None, None
    if Part.BURST in parts:
        say(f"a burst of {sizes.burst_events} events, and as many empty workflows")
        drained, counted = await _burst(sizes.burst_events)
    ingested, logs, dashboards, streets = [], [], [], []
    for store in stores:
        if Part.INGEST in parts:
            say(f"{store.value}: batches, then single posts while the engine is saturated")
            ingested.append(await ingest.measure(store, sizes.ingest))
        if Part.LOG in parts:
            say(f"{store.value}: the event log with {sizes.log.events} events")
            logs.append(await log_pages.measure(store, sizes.log))
        if Part.PAGES in parts:
            say(f"{store.value}: the dashboard's pages with {sizes.pages.events} events")
            dashboards.append(await dashboard_pages.measure(store, sizes.pages))
        if Part.NEIGHBOURS in parts:
            say(f"{store.value}: well endpoints while others hang, refuse and reset")
            streets.append(await neighbours.measure(store, sizes.neighbours))
    return Measured(described, engine, drained, counted, ingested, logs, dashboards, streets)


async def _burst(events: int) -> tuple[Burst, Count]:
    async with open_rig() as rig:
        await Saturation(rig, in_flight=15).warm_up(_WARM_UP_S)
        return await burst.measure(rig, events), await books.count(rig)
