"""Deploys and kills of our own processes, at certain events of the play."""

import asyncio
import contextlib
import random
from dataclasses import dataclass

from benchmarks.kills import Planned, carry_out
from benchmarks.layout import API, POSTGRES, TEMPORAL, WORKER
from benchmarks.ledger.stored import StoredCount
from benchmarks.rig import Rig
from benchmarks.waiting import until
from commands.system import is_ready

_WELL_WITHIN_S = 90.0
_EVENTS_A_FAULT = 2_000
_TURNS = (
    (WORKER, True), (WORKER, False), (API, True), (TEMPORAL, False), (API, False),
    (POSTGRES, False), (WORKER, True), (API, True), (WORKER, False), (WORKER, True),
)  # fmt: skip
"""Which process, and whether it is a deploy: it is asked to end, and started again."""


@dataclass(frozen=True)
class ProcessFault:
    """What happens to a process before the event of that number. A kill leaves it away so long."""

    number: int
    process: str
    is_deploy: bool
    down_s: float

    def __str__(self) -> str:
        """For the report."""
        return f"{'deploy' if self.is_deploy else 'kill'} of {self.process}"


def plan_process_faults(seed: int, events: int) -> list[ProcessFault]:
    """One of each part of the play, in turns, of which the seed names the first: two at least."""
    dice = random.Random(f"{seed}/processes")
    count, first = max(2, events // _EVENTS_A_FAULT), dice.randrange(len(_TURNS))
    part = events / count
    return [
        ProcessFault(
            int(part * (number + dice.uniform(0.2, 0.8))),
            *_TURNS[(first + number) % len(_TURNS)],
            dice.uniform(0.1, 1.0),
        )
        for number in range(count)
    ]


async def carry_out_fault(fault: ProcessFault, rig: Rig, stored: StoredCount) -> None:
    """Do it; returns once everything serves again and no event waits to be planned."""
    process = rig.processes[fault.process]
    if fault.is_deploy:
        await process.stop()
        await process.start()
    else:
        await carry_out([Planned(0.0, fault.process, fault.down_s)], {fault.process: process})

    async def is_well() -> bool:
        now = await asyncio.to_thread(stored.still_open)
        return now is not None and now.events == 0 and await is_ready(rig.layout.api_urls[0])

    with contextlib.suppress(TimeoutError):  # what waits is found by the account
        await asyncio.sleep(1.0)
        await until(is_well, _WELL_WITHIN_S)
