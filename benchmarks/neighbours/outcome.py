"""The figures of the neighbour test: how the well ones fared, what the ill ones cost. Pure.

Propagation is in milliseconds to the first byte at the merchant; the first arrival counts.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from benchmarks.figures import NotEnough, Spread, spread
from benchmarks.ledger.killer import Kill
from benchmarks.neighbours.plan import ILL, Phase
from benchmarks.neighbours.stored import Try

LATE_MS = 1_000.0
DURING = "during"
"""The three ill phases together."""

PLANNED, TRIED, ARRIVED = "accepted → planned", "planned → try", "try → merchant"
STAGES = (PLANNED, TRIED, ARRIVED)
_SLOWEST = 8


@dataclass(frozen=True)
class Trip:
    """The way of one event to a well shop. Moments are in seconds since 1970."""

    phase: Phase
    due_at: float
    accepted_at: float
    planned_at: float | None
    tries: Sequence[Try]
    arrived_at: float | None

    @property
    def took_ms(self) -> float | None:
        """Its propagation: from acceptance to the merchant. None for one that is lost."""
        return None if self.arrived_at is None else (self.arrived_at - self.accepted_at) * 1000

    @property
    def took_from_due_ms(self) -> float | None:
        """The same from when it was due: how long its 202 took is inside."""
        return None if self.arrived_at is None else (self.arrived_at - self.due_at) * 1000

    @property
    def stages_ms(self) -> dict[str, float]:
        """Where the time went, up to the first try that was begun and from there on."""
        if self.planned_at is None or not self.tries or self.arrived_at is None:
            return {}
        moments = [self.accepted_at, self.planned_at, self.tries[0].began_at, self.arrived_at]
        lasted = [(then - now) * 1000 for now, then in pairwise(moments)]
        return dict(zip(STAGES, lasted, strict=True))

    @property
    def interrupted(self) -> bool:
        """Whether one of its tries was."""
        return any(one.interrupted for one in self.tries)

    def was_met(self, kills: Sequence[Kill]) -> bool:
        """Whether a worker was killed, any of them, while it was on its way."""
        ends = float("inf") if self.arrived_at is None else self.arrived_at
        return any(self.accepted_at <= kill.killed_at < ends for kill in kills)


@dataclass(frozen=True)
class PhaseFigures:
    """The well ones in one phase. `late` took more than a second, `met` met a kill on their way,
    `missing` had not arrived when the waiting was over.

    `unmet` leaves out those; None where none is left. `busy` is the cores' share, 0 to 1.
    """

    name: str
    events: int
    missing: int
    late: int
    met: int
    interrupted: int
    propagation: Spread
    from_due: Spread
    unmet: Spread | None
    stages: dict[str, Spread]
    busy: float


@dataclass(frozen=True)
class IllFigures:
    """What the ill ones cost in one phase: events that were due in it, tries that began in it.

    `ends` counts the tries by how they ended; `states` the phase's deliveries when the run ended.
    """

    name: str
    events: int
    tries: int
    most_at_once: int
    ends: dict[str, int]
    states: dict[str, int]


@dataclass(frozen=True)
class Slow:
    """One of the slowest while others were ill: where its time went, and whether it met a kill."""

    event_id: str
    accepted_at: float
    phase: str
    took_ms: float
    stages: dict[str, float]
    tries: int
    met: bool
    waits: list[str] = field(default_factory=list)


def figures_of(
    name: str, trips: Sequence[Trip], kills: Sequence[Kill], busy: float
) -> PhaseFigures:
    """Sum up. NotEnough when not one arrived."""
    took = [trip.took_ms for trip in trips if trip.took_ms is not None]
    due = [trip.took_from_due_ms for trip in trips if trip.took_from_due_ms is not None]
    unmet = [t.took_ms for t in trips if t.took_ms is not None and not t.was_met(kills)]
    stages = [trip.stages_ms for trip in trips if trip.stages_ms]
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
        from_due=spread(due),
        unmet=spread(unmet) if unmet else None,
        stages={stage: spread([one[stage] for one in stages]) for stage in STAGES},
        busy=busy,
    )


def phases_of(
    trips: Sequence[Trip], kills: Sequence[Kill], busy: Mapping[Phase, float]
) -> list[PhaseFigures]:
    """Every phase but the warm-up, and after the ill ones all of those together."""
    counted = [phase for phase in Phase if phase is not Phase.WARM_UP]
    found = {
        phase.value: figures_of(
            phase.value, [trip for trip in trips if trip.phase is phase], kills, busy[phase]
        )
        for phase in counted
    }
    during = [trip for trip in trips if trip.phase in ILL]
    ill_busy = sum(busy[phase] for phase in ILL) / len(ILL)
    found[DURING] = figures_of(DURING, during, kills, ill_busy)
    order = [Phase.BEFORE, Phase.KILL, *ILL, DURING, Phase.AFTER]
    return [found[str(name)] for name in order]


def slowest_of(trips: Mapping[str, Trip], kills: Sequence[Kill]) -> list[Slow]:
    """The slowest of those due while others were ill, with where their time went."""
    ill = [(one.took_ms or 0.0, name, one) for name, one in trips.items() if one.phase in ILL]
    return [
        Slow(
            event_id=name,
            accepted_at=trip.accepted_at,
            phase=trip.phase.value,
            took_ms=took,
            stages=trip.stages_ms,
            tries=len(trip.tries),
            met=trip.was_met(kills),
        )
        for took, name, trip in sorted(ill, key=lambda one: one[0], reverse=True)[:_SLOWEST]
    ]


def most_at_once(tries: Sequence[Try]) -> int:
    """The most tries that were ever under way side by side. An end counts before a beginning."""
    ends = [(one.ended_at, -1) for one in tries if one.ended_at is not None]
    steps = sorted([*((one.began_at, 1) for one in tries), *ends])
    return max(accumulate(step for _, step in steps), default=0)


def count_ends(tries: Sequence[Try]) -> dict[str, int]:
    """How the tries ended, most frequent first."""
    return dict(Counter(one.code for one in tries).most_common())
