"""The neighbour test, whole: play it, wait for the well ones, sum it up."""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from benchmarks.engine.engine import EngineFactory
from benchmarks.kills import Kill
from benchmarks.neighbours.outcome import (
    DURING,
    IllFigures,
    PhaseFigures,
    Trip,
    count_ends,
    most_at_once,
    phases_of,
)
from benchmarks.neighbours.plan import NeighbourPlan, Phase
from benchmarks.neighbours.play import Played, play
from benchmarks.neighbours.stored import Attempt, Record, read_records, still_open
from benchmarks.rig import Rig, open_rig
from benchmarks.waiting import until
from contracts.delivery.states import OPEN_STATES, DeliveryState

_ARRIVE_LIMIT_S = 120.0


@dataclass(frozen=True)
class Neighbours:
    """One run. `lost` have ended without a delivery, or are not in the store at all;
    `unfinished` were still on their way to well endpoints when the waiting was over; `repeats` are
    webhooks that a well merchant got twice, by a kill."""

    plan: NeighbourPlan
    load: str
    phases: list[PhaseFigures]
    ill: list[IllFigures]
    kills: list[Kill]
    lost: int
    unfinished: int
    repeats: int
    unverified: int
    exits: list[str]

    def ratio(self, name: str, share: str, of: str = "propagation") -> float:
        """A phase's `p50` or `p99` as a multiple of what it was while all were well."""
        before, then = (getattr(self.phase(one), of) for one in (Phase.BEFORE, name))
        return float(getattr(then, share) / getattr(before, share))

    def phase(self, name: str) -> PhaseFigures:
        """The figures of a phase by its name."""
        return next(one for one in self.phases if one.name == name)

    @property
    def during(self) -> PhaseFigures:
        """All the time in which some were ill."""
        return self.phase(DURING)

    @property
    def faults(self) -> list[str]:
        """What must never be, in words."""
        said = {
            f"{self.lost} events were lost": self.lost != 0,
            f"{self.unfinished} events of well endpoints were still on their way "
            f"{_ARRIVE_LIMIT_S:g} s after the last: the machine is too busy": self.unfinished != 0,
            f"{self.unverified} signatures did not verify": self.unverified != 0,
            **dict.fromkeys(self.exits, True),
        }
        return [words for words, holds in said.items() if holds]


async def measure(plan: NeighbourPlan, engine: EngineFactory) -> Neighbours:
    """Run the test. Raises when the run is invalid."""
    async with open_rig(plan.setup, engine) as rig:
        played = await play(rig, plan)
        await _well_ones_are_through(rig, plan)
        records = await rig.database.read(read_records)
        trips = {one: _trip(rig, played, records, one) for one in _well(played)}
        return Neighbours(
            plan=plan,
            load="; ".join(played.load),
            phases=phases_of(list(trips.values()), played.kills, played.busy),
            ill=_ill(plan, played, records),
            kills=played.kills,
            lost=_lost(rig, played, records),
            unfinished=sum(_is_open(records.get(one)) for one in trips),
            repeats=rig.journal.repeats,
            unverified=rig.journal.unverified,
            exits=[str(end) for end in rig.exits],
        )


async def _well_ones_are_through(rig: Rig, plan: NeighbourPlan) -> None:
    """Wait for them; what is not delivered in time is counted as lost, not waited for."""
    theirs = [shop.id for shop in plan.shops if not shop.falls_ill]

    async def through() -> bool:
        rig.check()
        return await rig.database.read(still_open, theirs) == 0

    with suppress(TimeoutError):
        await until(through, _ARRIVE_LIMIT_S, every_s=1.0)


def _well(played: Played) -> list[str]:
    return [one for one, posted in played.posted.items() if not posted.shop.falls_ill]


def _trip(rig: Rig, played: Played, records: Mapping[str, Record], event_id: str) -> Trip:
    """One event's way. An event that the store does not know has gone nowhere since it was due."""
    posted = played.posted[event_id]
    record = records.get(event_id) or Record(posted.due_at, None)
    return Trip(
        phase=posted.phase,
        accepted_at=record.accepted_at,
        posted_ms=posted.took_ms,
        attempts=record.attempts,
        arrived_at=rig.journal.first_byte_at.get(event_id),
    )


def _lost(rig: Rig, played: Played, records: Mapping[str, Record]) -> int:
    """Events with a 202 that the store has not, and well ones that ended without arriving."""
    unknown = sum(one not in records for one in played.posted)
    ended = [one for one in _well(played) if one in records and not _is_open(records[one])]
    arrived = rig.journal.first_byte_at
    return unknown + sum(
        one not in arrived or records[one].state != DeliveryState.DELIVERED for one in ended
    )


def _is_open(record: Record | None) -> bool:
    """Whether something is still to come of it."""
    return record is not None and (record.state is None or record.state in OPEN_STATES)


def _ill(plan: NeighbourPlan, played: Played, records: Mapping[str, Record]) -> list[IllFigures]:
    """What the ill ones cost, phase by phase."""
    theirs = {one for one, posted in played.posted.items() if posted.shop.falls_ill}
    known = theirs & records.keys()
    attempts = [one for event_id in known for one in records[event_id].attempts]
    return [
        _ill_in(
            phase,
            [one for one in attempts if began <= one.began_at < began + plan.phase_seconds],
            [records[one] for one in known if played.posted[one].phase is phase],
        )
        for phase, began in played.began_at.items()
        if phase is not Phase.WARM_UP
    ]


def _ill_in(phase: Phase, attempts: list[Attempt], due: list[Record]) -> IllFigures:
    return IllFigures(
        name=phase.value,
        events=len(due),
        attempts=len(attempts),
        most_at_once=most_at_once(attempts),
        ends=count_ends(attempts),
        states=dict(Counter(record.state or "not planned" for record in due).most_common()),
    )
