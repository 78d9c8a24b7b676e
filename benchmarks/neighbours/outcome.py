"""The figures of the neighbour test: how the well ones fared, what the ill ones cost. Pure.

Propagation is in milliseconds to the first byte at the merchant; the first arrival counts.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from benchmarks.figures import NotEnough, Spread, spread
from benchmarks.kills import Kill
from benchmarks.neighbours.plan import ILL, Phase
from benchmarks.neighbours.stored import Attempt

LATE_MS = 1_000.0
DURING = "during"
"""The three ill phases together."""


@dataclass(frozen=True)
class Trip:
    """The way of one event to a well shop. Moments are in seconds since 1970."""

    phase: Phase
    posted_ms: float
    accepted_at: float
    attempts: Sequence[Attempt]
    arrived_at: float | None

    @property
    def took_ms(self) -> float | None:
        """Its propagation: from acceptance to the merchant. None for one that is lost."""
        return None if self.arrived_at is None else (self.arrived_at - self.accepted_at) * 1000

    @property
    def interrupted(self) -> bool:
        """Whether one of its attempts was."""
        return any(one.interrupted for one in self.attempts)

    def was_met(self, kills: Sequence[Kill]) -> bool:
        """Whether a worker was killed, any of them, while it was on its way."""
        ends = float("inf") if self.arrived_at is None else self.arrived_at
        return any(self.accepted_at <= kill.killed_at < ends for kill in kills)


@dataclass(frozen=True)
class PhaseFigures:
    """The well ones in one phase. `late` took more than a second, `met` met a kill on their way,
    `missing` had not arrived when the waiting was over. `posts`: from when each was due to its 202.

    `unmet` leaves out those; None where none is left. `busy` is the cores' share, 0 to 1.
    """

    name: str
    events: int
    missing: int
    late: int
    met: int
    interrupted: int
    propagation: Spread
    posts: Spread
    unmet: Spread | None
    busy: float


@dataclass(frozen=True)
class IllFigures:
    """What the ill ones cost in one phase: events due in it, attempts that began in it.

    `ends` counts the attempts by how they ended; `states` the phase's deliveries at the run's end.
    """

    name: str
    events: int
    attempts: int
    most_at_once: int
    ends: dict[str, int]
    states: dict[str, int]


def figures_of(
    name: str, trips: Sequence[Trip], kills: Sequence[Kill], busy: float
) -> PhaseFigures:
    """Sum up. NotEnough when not one arrived."""
    took = [trip.took_ms for trip in trips if trip.took_ms is not None]
    unmet = [t.took_ms for t in trips if t.took_ms is not None and not t.was_met(kills)]
    if not took:
        raise NotEnough(f"not one of {len(trips)} events arrived ({name}): the machine is too busy")
    return PhaseFigures(
        name=name,
        events=len(trips),
        missing=len(trips) - len(took),
        late=sum(one > LATE_MS for one in took),
        met=sum(trip.was_met(kills) for trip in trips),
        interrupted=sum(trip.interrupted for trip in trips),
        propagation=spread(took),
        posts=spread([trip.posted_ms for trip in trips]),
        unmet=spread(unmet) if unmet else None,
        busy=busy,
    )


def phases_of(
    trips: Sequence[Trip], kills: Sequence[Kill], busy: Mapping[Phase, float]
) -> list[PhaseFigures]:
    """Every phase that was but the warm-up, and after the ill ones all of those together."""
    groups: dict[str, list[Phase]] = {}
    for phase in busy:
        if phase is Phase.AFTER:
            groups[DURING] = [*ILL]
        groups[phase.value] = [phase]
    del groups[Phase.WARM_UP]
    return [
        figures_of(
            name,
            [trip for trip in trips if trip.phase in phases],
            kills,
            sum(busy[phase] for phase in phases) / len(phases),
        )
        for name, phases in groups.items()
    ]


def most_at_once(attempts: Sequence[Attempt]) -> int:
    """The most attempts that were ever under way side by side. An end counts before a start."""
    ends = [(one.ended_at, -1) for one in attempts if one.ended_at is not None]
    steps = sorted([*((one.began_at, 1) for one in attempts), *ends])
    return max(accumulate(step for _, step in steps), default=0)


def count_ends(attempts: Sequence[Attempt]) -> dict[str, int]:
    """How the attempts ended, most frequent first."""
    return dict(Counter(one.code for one in attempts).most_common())
