"""Pages over a store with a million events: how long each takes over HTTP, one after the other.

They are asked for from the product's own API process. Nothing else runs: this is about the store.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from benchmarks.engine.engine import EngineFactory
from benchmarks.figures import percentile
from benchmarks.layout import Setup
from benchmarks.log_fill import Filled, fill
from benchmarks.plans import StatementPlan
from benchmarks.rig import Rig, open_rig
from benchmarks.wire import Answer

_HTTP_OK = 200


@dataclass(frozen=True)
class PagesPlan:
    """How many events there are, and how often each page is asked for."""

    events: int = 1_000_000
    requests: int = 300

    @classmethod
    def quick(cls) -> "PagesPlan":
        """Seconds; nothing to quote."""
        return cls(events=20_000, requests=10)


@dataclass(frozen=True)
class Page:
    """One page: milliseconds over HTTP, and the plans of its statements where they were read."""

    name: str
    requests: int
    p50: float
    p95: float
    p99: float
    worst: float
    plans: list[StatementPlan] = field(default_factory=list)

    @classmethod
    def of(cls, name: str, took: Sequence[float], plans: Sequence[StatementPlan] = ()) -> "Page":
        """A page by how long each request took."""
        p50, p95, p99 = [percentile(took, share) for share in (0.5, 0.95, 0.99)]
        return cls(name, len(took), p50, p95, p99, max(took), [*plans])

    @property
    def indexes(self) -> list[str]:
        """The indexes that its statements use."""
        return sorted({name for plan in self.plans for name in plan.indexes})

    @property
    def faults(self) -> list[str]:
        """The plans that read a whole table, in words."""
        return [
            f"{self.name}: a whole table is read: {' | '.join(plan.plan.splitlines())}"
            for plan in self.plans
            if plan.reads_a_whole_table
        ]


@dataclass(frozen=True)
class Pages:
    """All that were measured."""

    events: int
    pages: list[Page]

    @property
    def faults(self) -> list[str]:
        """What is wrong with their plans."""
        return [fault for page in self.pages for fault in page.faults]


@asynccontextmanager
async def reading(events: int, engine: EngineFactory) -> AsyncIterator[tuple[Rig, Filled]]:
    """A store with so many events, and an API over it; Temporal is not needed for reading."""
    async with open_rig(Setup(workers=0), engine) as rig:
        yield rig, await asyncio.to_thread(fill, rig.database.engine, events)


async def time_requests(
    ask: Callable[[int], Awaitable[Answer]], requests: int, holds: bytes
) -> list[float]:
    """Milliseconds of each request; the number gives `ask` another page of its kind each time.

    RuntimeError when an answer is not 200 or lacks what such a page `holds`.
    """
    took = []
    for number in range(-1, requests):  # the first one compiles templates and statements
        begun = time.perf_counter()
        answer = await ask(max(number, 0))
        took.append((time.perf_counter() - begun) * 1000)
        if answer.status != _HTTP_OK or holds not in answer.body:
            raise RuntimeError(f"that is no page: {answer.words}")
    return took[1:]
