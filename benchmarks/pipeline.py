"""A closed pipeline: so many events under way at once, always, for a stated time.

What leaves at one end is taken in at the other, so no backlog can grow: the rate at which events
complete is one that can be sustained. The product and the floors are measured by this same loop.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

_FINISH_LIMIT_S = 120.0


class NeverEnded(RuntimeError):
    """Some that began did not end: lost, or the machine is far too slow. The run is invalid."""


async def keep_under_way(
    run_one: Callable[[], Awaitable[None]], *, in_flight: int, seconds: float
) -> list[float]:
    """Run `run_one` again and again, `in_flight` side by side, and begin none after `seconds`.

    Gives when each ended, in seconds since the start, all that began included; an error of one
    ends all. NeverEnded when some are still under way long afterwards.
    """
    ended: list[float] = []
    start, begun = time.monotonic(), 0

    async def lane() -> None:
        nonlocal begun
        while time.monotonic() < start + seconds:
            begun += 1
            await run_one()
            ended.append(time.monotonic() - start)

    try:
        async with asyncio.timeout(seconds + _FINISH_LIMIT_S), asyncio.TaskGroup() as lanes:
            for _ in range(in_flight):
                lanes.create_task(lane())
    except TimeoutError:
        raise NeverEnded(f"{begun - len(ended)} of {begun} never ended") from None
    return ended
