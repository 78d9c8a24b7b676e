"""`make bench ONLY=soak`: half an hour of mixed load with faults, counted like the ledger's.

Shops that are well, fail at times, are down or gone; texts; customers who answer on their tracking
pages; people who read pages. Temporal and PostgreSQL are killed twice each; the API and the worker
never, so that what they hold at the end can be compared with what they held at the beginning.
"""

import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.engine.engine import EngineFactory
from benchmarks.layout import API, WORKER
from benchmarks.ledger.oms import Oms
from benchmarks.ledger.options import Options, Scenario
from benchmarks.ledger.run import Result, run
from benchmarks.ledger.verdict import judge
from benchmarks.proc import Usage
from benchmarks.rig import Rig
from benchmarks.soak.readers import Read, reading
from benchmarks.soak.watch import Sample, watching
from benchmarks.soak.windows import BEGIN, END, Window, window_of

OURS = (API, WORKER)
MEMORY_AIM, LATENCY_AIM = 1.15, 1.5
"""Of the end to the beginning."""
_ALLOWED_MORE = 4
"""Files, threads and connections come and go with what is under way."""


@dataclass(frozen=True)
class SoakPlan:
    """For how long, how many events a second, and how often the processes are looked at."""

    minutes: float = 30.0
    rate: float = 8.0
    every_s: float = 5.0
    seed: int = 18

    @classmethod
    def quick(cls) -> "SoakPlan":
        """Enough to see that everything works; nothing to quote."""
        return cls(minutes=1.5, every_s=1.0)

    @property
    def options(self) -> Options:
        """The run of the ledger that it is."""
        events = round(self.minutes * 60 * self.rate)
        return Options(events, self.rate, self.seed, scenario=Scenario.SOAK)


@dataclass(frozen=True)
class Soak:
    """What was seen. `faults` are the ledger's, `grown` what the end has more of, in words."""

    plan: SoakPlan
    begin: Window
    end: Window
    samples: Sequence[Sample]
    counts: dict[str, int]
    refused_pages: Mapping[str, int]
    faults: list[str]

    @property
    def grown(self) -> list[str]:
        """What grew beyond its aim, of the product's own processes."""
        found = [
            words
            for name in OURS
            for words in _grown(name, self.begin.usage[name], self.end.usage[name])
        ]
        ratios = latency_ratios(self)
        return found + [name for name, ratio in ratios.items() if ratio > LATENCY_AIM]


async def measure(plan: SoakPlan, say: Callable[[str], None], engine: EngineFactory) -> Soak:
    """Do all of it."""
    samples: list[Sequence[Sample]] = []
    reads: list[Sequence[Read]] = []

    @contextlib.asynccontextmanager
    async def looked_at(rig: Rig, oms: Oms) -> AsyncIterator[None]:
        async with watching(rig, oms, plan.every_s) as seen, reading(rig) as read:
            samples.append(seen)
            reads.append(read)
            yield

    result = await run(plan.options, say, engine, looked_at)
    return _soak(plan, result, samples[0], reads[0])


def _soak(plan: SoakPlan, result: Result, samples: Sequence[Sample], reads: Sequence[Read]) -> Soak:
    verdict = judge(result)

    def window(share: tuple[float, float]) -> Window:
        return window_of(share, samples, result.waits_s, reads, result.counts)

    return Soak(
        plan=plan,
        begin=window(BEGIN),
        end=window(END),
        samples=samples,
        counts=verdict.counts,
        refused_pages=Counter(f"{one.path}: {one.status}" for one in reads if not one.is_ok),
        faults=[*verdict.troubles, *(f"{one.kind}: {one.subject}" for one in verdict.faults)],
    )


def latency_ratios(soak: Soak) -> dict[str, float]:
    """The 99th percentiles of the end as multiples of the beginning's."""
    begin, end = soak.begin, soak.end
    return {
        "a post until its 202": end.posts.p99 / begin.posts.p99,
        "from the 202 to the merchant": end.arrivals.p99 / begin.arrivals.p99,
        "a page": end.pages.p99 / begin.pages.p99,
    }


def _grown(name: str, begin: Usage, end: Usage) -> list[str]:
    found = {
        "memory": end.memory_mib > begin.memory_mib * MEMORY_AIM,
        "files": end.files > begin.files + _ALLOWED_MORE,
        "threads": end.threads > begin.threads + _ALLOWED_MORE,
        "connections": end.connections > begin.connections + _ALLOWED_MORE,
    }
    return [f"{what} of the {name}" for what, more in found.items() if more]
