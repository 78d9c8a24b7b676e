"""Open loop: each thing is begun at its time, whether or not those before it have ended, so that a
slow moment shows in everything that it delays."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

from benchmarks.figures import percentile

_LATE_S = 1.0


class BehindSchedule(RuntimeError):
    """Things could not be begun at their times; the run is invalid."""


async def at_their_times(
    due_s: Sequence[float], begin: Callable[[int], Awaitable[object]]
) -> list[float]:
    """Begin number after number when it is due, in seconds from now. Gives milliseconds from then
    to its end. BehindSchedule when this very process was too slow."""
    began, late_s, took_ms = time.monotonic(), [0.0], [0.0] * len(due_s)

    async def one(number: int) -> None:
        moment = began + due_s[number]
        await asyncio.sleep(moment - time.monotonic())
        late_s.append(time.monotonic() - moment)
        await begin(number)
        took_ms[number] = (time.monotonic() - moment) * 1000

    async with asyncio.TaskGroup() as tasks:
        for number in range(len(due_s)):
            tasks.create_task(one(number))
    if percentile(late_s, 0.99) > _LATE_S:
        raise BehindSchedule(f"the machine is too busy to begin {len(due_s)} things on time")
    return took_ms


def evenly(rate: float, seconds: float) -> list[float]:
    """So many a second, for so long."""
    return [number / rate for number in range(round(rate * seconds))]
