"""The highest sustained rate, beside the engine's own, in alternating rounds on one server.

The product and the floors go through the same closed pipeline with the same number of events
under way. An event is complete, and gives its place to the next, when the merchant has it and its
workflow has closed; so no backlog can grow, of events or of open workflows. An empty workflow is
complete when it has closed.
"""

import contextlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.events import PARTNER, EventMaker
from benchmarks.figures import median, paired_ratio, steady_rate
from benchmarks.floors import ONE_ACTIVITY, SAME_SHAPE
from benchmarks.layout import API, FLOOR, WORKER
from benchmarks.pipeline import keep_under_way
from benchmarks.proc import CpuTime, own_cpu_time
from benchmarks.rig import Rig

PRODUCT = "product"
KINDS = (PRODUCT, SAME_SHAPE, ONE_ACTIVITY)
SENDER = "sender"
"""This very process: it posts the events and reads the merchant's journal."""


@dataclass(frozen=True)
class Round:
    """What one kind did in one round. `cpu` is milliseconds per event and process."""

    kind: str
    completed: int
    rate: float
    cpu: dict[str, CpuTime]

    @property
    def cpu_together(self) -> float:
        """Milliseconds of all processes per event."""
        return sum(spent.total for spent in self.cpu.values())


class Saturation:
    """Runs rounds; ids never repeat, so that no workflow is started twice."""

    def __init__(self, rig: Rig, in_flight: int) -> None:
        self._rig = rig
        self._in_flight = in_flight
        self._rounds = 0

    async def alternate(self, rounds: int, seconds: float) -> list[Round]:
        """All kinds in turn, so many times; every other time in the opposite order."""
        done: list[Round] = []
        for number in range(rounds):
            for kind in KINDS if number % 2 == 0 else reversed(KINDS):
                done.append(await self.run(kind, seconds))
        return done

    async def warm_up(self, seconds: float) -> None:
        """Run every kind for a while: connections, caches and just-made files cost nothing then."""
        for kind in KINDS:
            self._rounds += 1
            await self._complete(kind, seconds)
            await self._rig.quiet()

    async def run(self, kind: str, seconds: float) -> Round:
        """One round of one kind. What is not measured sleeps meanwhile."""
        self._rounds += 1
        idle = (FLOOR,) if kind == PRODUCT else (WORKER, API)
        with contextlib.ExitStack() as sleeping:
            for name in idle:
                sleeping.enter_context(self._rig.processes[name].asleep())
            before = self._cpu()
            ended = await (
                self._product(seconds) if kind == PRODUCT else self._floor(kind, seconds)
            )
            await self._rig.quiet()
            after = self._cpu()
        cpu = {name: (after[name] - before[name]).per_event_ms(len(ended)) for name in after}
        return Round(kind, len(ended), steady_rate(ended, seconds), cpu)

    async def _complete(self, kind: str, seconds: float) -> list[float]:
        return await (self._product(seconds) if kind == PRODUCT else self._floor(kind, seconds))

    async def _product(self, seconds: float) -> list[float]:
        maker = EventMaker(f"closed{self._rounds}")

        async def deliver_one() -> None:
            event_id, body = maker.make()
            await self._rig.poster.post(body)
            await self._rig.journal.arrival(event_id)
            await self._rig.closed(event_id)

        return await keep_under_way(deliver_one, in_flight=self._in_flight, seconds=seconds)

    async def _floor(self, kind: str, seconds: float) -> list[float]:
        order = {
            "floor": kind,
            "in_flight": self._in_flight,
            "seconds": seconds,
            "prefix": f"floor{self._rounds}",
            "partner_id": PARTNER,
        }
        ended: list[float] = json.loads(
            await self._rig.processes[FLOOR].ask(json.dumps(order), limit_s=seconds + 150)
        )
        return ended

    def _cpu(self) -> dict[str, CpuTime]:
        ours = {name: process.cpu for name, process in self._rig.processes.items()}
        return {**ours, SENDER: own_cpu_time()}


def rates(rounds: Sequence[Round], kind: str) -> list[float]:
    """The rates of one kind, round by round."""
    return [one.rate for one in _of(rounds, kind)]


def ratio_to(rounds: Sequence[Round], floor: str) -> float:
    """The product's rate as a share of a floor's: the median over the rounds' own ratios."""
    return paired_ratio(rates(rounds, PRODUCT), rates(rounds, floor))


def cpu_together(rounds: Sequence[Round], kind: str) -> float:
    """Milliseconds of all processes per event: the median over the rounds."""
    return median([one.cpu_together for one in _of(rounds, kind)])


def cpu_ratio_to(rounds: Sequence[Round], floor: str) -> float:
    """A floor's CPU per event as a share of the product's.

    Where CPU is what is short, this is what the ratio of the rates comes to; it is less disturbed
    by whatever else runs on the machine.
    """
    spent = {kind: [one.cpu_together for one in _of(rounds, kind)] for kind in (floor, PRODUCT)}
    return paired_ratio(spent[floor], spent[PRODUCT])


def cpu_per_event(rounds: Sequence[Round], kind: str, process: str) -> CpuTime:
    """Milliseconds on a core per event: the median over the rounds."""
    spent = [one.cpu[process] for one in _of(rounds, kind)]
    return CpuTime(median([one.user for one in spent]), median([one.system for one in spent]))


def _of(rounds: Sequence[Round], kind: str) -> list[Round]:
    return [one for one in rounds if one.kind == kind]
