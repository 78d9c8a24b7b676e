"""What the processes of a run hold, looked at again and again."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.layout import API, POSTGRES, TEMPORAL, WORKER
from benchmarks.ledger.oms import Oms
from benchmarks.proc import Usage
from benchmarks.process import ProcessDied
from benchmarks.rig import Rig

WATCHED = (API, WORKER, TEMPORAL, POSTGRES)


@dataclass(frozen=True)
class Sample:
    """One look: seconds since the first, how many events had their 202 by then, and what each
    process held. One that was dead in that moment is left out."""

    at_s: float
    answered: int
    usage: Mapping[str, Usage]


@contextlib.asynccontextmanager
async def watching(rig: Rig, oms: Oms, every_s: float) -> AsyncIterator[Sequence[Sample]]:
    """Look every so many seconds for as long as the context lasts; what was seen is added."""
    samples: list[Sample] = []
    task = asyncio.create_task(_watch(rig, oms, every_s, samples))
    try:
        yield samples
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _watch(rig: Rig, oms: Oms, every_s: float, samples: list[Sample]) -> None:
    began = time.monotonic()
    while True:
        usage = await asyncio.to_thread(_usage, rig)
        samples.append(Sample(time.monotonic() - began, len(oms.waits_s), usage))
        await asyncio.sleep(every_s)


def _usage(rig: Rig) -> dict[str, Usage]:
    found = {}
    for name in WATCHED:
        with contextlib.suppress(ProcessDied, ProcessLookupError):
            found[name] = rig.processes[name].usage
    return found
