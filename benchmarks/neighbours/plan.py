"""The plan of the neighbour test: who gets which event when, who falls ill, who is killed. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.kills import Planned
from benchmarks.layout import WORKER, Setup, numbered
from sandbox.partners import Endpoint, Partner

_ILL_EVERY = 5
_KILLED_AT = 0.4
"""The share of a phase after which a worker dies in it."""


class Phase(StrEnum):
    """The run in order. An event belongs to the phase in which it was due.

    In `kill` all are well and a worker dies: what of the ill phases is the kill's share.
    """

    WARM_UP = "warm-up"
    BEFORE = "before"
    KILL = "kill"
    HANG = "hang"
    REFUSE = "503"
    RESET = "reset"
    AFTER = "after"


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

    @classmethod
    def quick(cls) -> "NeighbourPlan":
        """Enough to see that everything works; no attempt is even timed out. Nothing to quote."""
        return cls(phase_seconds=8.0, warm_up_seconds=3.0)

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
        merchants = {
            name: [Endpoint(shop.id) for shop in self.shops if shop.falls_ill is ill]
            for name, ill in ((WELL_MERCHANTS, False), (ILL_MERCHANTS, True))
        }
        partners = [Partner(shop.id, endpoints=[Endpoint(shop.id)]) for shop in self.shops]
        return Setup(partners, merchants, workers=self.worker_count)

    @property
    def windows(self) -> list[Window]:
        """The phases, one after the other without a gap."""
        found, begins = [], 0.0
        for phase in Phase:
            lasts = self.warm_up_seconds if phase is Phase.WARM_UP else self.phase_seconds
            found.append(Window(phase, begins, begins + lasts))
            begins += lasts
        return found

    def sends(self) -> Iterator[Send]:
        """Every event of the run: evenly in time, round the shops in their order."""
        shops, number = self.shops, 0
        for window in self.windows:
            while number / self.rate < window.to_s:
                yield Send(number / self.rate, shops[number % len(shops)], window.phase)
                number += 1

    @property
    def kills(self) -> list[Planned]:
        """One worker in the phase `kill` and in each ill one, in turn, started again at once."""
        met = [window for window in self.windows if window.phase in (Phase.KILL, *ILL)]
        return [
            Planned(
                at_s=window.from_s + _KILLED_AT * (window.to_s - window.from_s),
                process=self.workers[number % self.worker_count],
                down_s=0.0,
            )
            for number, window in enumerate(met)
        ]
