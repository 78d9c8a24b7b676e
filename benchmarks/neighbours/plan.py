"""The plan of the neighbour test: who gets which event when, who falls ill, who is killed. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from benchmarks.kills import Planned
from benchmarks.layout import WORKER, Setup, numbered
from sandbox.partners import Endpoint, Partner

_ILL_EVERY = 5
_KILLED_AT = 0.4
"""The share of a phase after which a worker dies in it."""


class Phase(StrEnum):
    """A stretch of a run. An event belongs to the phase in which it was due.

    In `kill` all are well and a worker dies: what of the ill phases is the kill's share.
    """

    WARM_UP = "warm-up"
    BEFORE = "before"
    KILL = "kill"
    HANG = "hang"
    REFUSE = "503"
    RESET = "reset"
    AFTER = "after"
    LOCKED = "a locked endpoint row"
    READS = "slow dashboard reads"
    ORDERED = "orders waiting at an ordered endpoint"
    IMPORT = "an import at once"


LOADS = (Phase.LOCKED, Phase.READS, Phase.ORDERED, Phase.IMPORT)
"""What one partner, or its readers, do to the others. Each in a run of its own, beside a quiet time
of the same run; `load.py` does it."""

ILL: Mapping[Phase, str] = {Phase.HANG: "hang", Phase.REFUSE: "503", Phase.RESET: "reset"}
"""What the ill ones do, as the sandbox merchant words it. `hang` outlasts our time limit."""

WELL = "200"
WELL_MERCHANTS, ILL_MERCHANTS = "well merchants", "ill merchants"


@dataclass(frozen=True)
class Shop:
    """A partner with one endpoint. One in five falls ill, the others stay well throughout."""

    id: str
    falls_ill: bool


@dataclass(frozen=True)
class Window:
    """When a phase begins and ends, in seconds since the start."""

    phase: Phase
    from_s: float
    to_s: float


@dataclass(frozen=True)
class Send:
    """One event: due so many seconds after the start, whatever became of those before it."""

    due_s: float
    shop: Shop
    phase: Phase


@dataclass(frozen=True)
class NeighbourPlan:
    """How many events a second over all shops, for how long, carried by how many workers.

    The rate is well below what the machine sustains: what is looked for is what the ill ones do to
    the others, not what a full machine does to everybody. Where two cores are two threads of one,
    10 a second keep them three quarters busy, and every worker that starts is felt by everybody.
    """

    rate: int = 5
    phase_seconds: float = 75.0
    warm_up_seconds: float = 10.0
    shop_count: int = 50
    worker_count: int = 3
    load: Phase | None = None
    readers: int = 20
    waiting_orders: int = 1_000
    imported: int = 20_000

    @classmethod
    def quick(cls) -> "NeighbourPlan":
        """Enough to see that everything works; no attempt is even timed out. Nothing to quote."""
        return cls(phase_seconds=8.0, warm_up_seconds=3.0, waiting_orders=50, imported=1_000)

    def under(self, load: Phase) -> "NeighbourPlan":
        """A run with this load: one worker, and one of five shops brings it."""
        return replace(self, load=load, shop_count=_ILL_EVERY, worker_count=1)

    @property
    def acts(self) -> Sequence[Sequence[Phase]]:
        """What is played without a gap; between two of them the load is prepared."""
        if self.load is not None:
            return [[Phase.WARM_UP, Phase.BEFORE], [self.load]]
        return [[phase for phase in Phase if phase not in LOADS]]

    @property
    def shops(self) -> list[Shop]:
        """Every shop, in the order in which they get events."""
        return [
            Shop(f"shop-{number:02}", number % _ILL_EVERY == 0)
            for number in range(1, self.shop_count + 1)
        ]

    @property
    def workers(self) -> list[str]:
        """The names of the workers."""
        return numbered(WORKER, self.worker_count)

    @property
    def setup(self) -> Setup:
        """A partner and an endpoint for each shop. Two processes of merchants: what the ill ones
        make theirs work is not felt by the others."""
        ordered = self.load is Phase.ORDERED
        endpoints = {one: Endpoint(one.id, ordered=ordered and one.falls_ill) for one in self.shops}
        merchants = {
            name: [endpoint for shop, endpoint in endpoints.items() if shop.falls_ill is ill]
            for name, ill in ((WELL_MERCHANTS, False), (ILL_MERCHANTS, True))
        }
        partners = [Partner(shop.id, endpoints=[one]) for shop, one in endpoints.items()]
        return Setup(partners, merchants, workers=self.worker_count)

    def windows(self, act: Sequence[Phase]) -> list[Window]:
        """The phases of an act, one after the other without a gap."""
        found, begins = [], 0.0
        for phase in act:
            lasts = self.warm_up_seconds if phase is Phase.WARM_UP else self.phase_seconds
            found.append(Window(phase, begins, begins + lasts))
            begins += lasts
        return found

    def sends(self, act: Sequence[Phase]) -> Iterator[Send]:
        """Every event of an act: evenly in time, round the shops in their order."""
        shops, number = self.shops, 0
        for window in self.windows(act):
            while number / self.rate < window.to_s:
                yield Send(number / self.rate, shops[number % len(shops)], window.phase)
                number += 1

    def kills(self, act: Sequence[Phase]) -> list[Planned]:
        """One worker in the phase `kill` and in each ill one, in turn, started again at once."""
        met = [window for window in self.windows(act) if window.phase in (Phase.KILL, *ILL)]
        return [
            Planned(
                at_s=window.from_s + _KILLED_AT * (window.to_s - window.from_s),
                process=self.workers[number % self.worker_count],
                down_s=0.0,
            )
            for number, window in enumerate(met)
        ]
