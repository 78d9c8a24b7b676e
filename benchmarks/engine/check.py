"""Whether an engine does what a run needs of it: it serves, and after a SIGKILL it goes on."""

import asyncio
from collections.abc import Callable

from benchmarks import totals
from benchmarks.engine.engine import EngineFactory
from benchmarks.events import PARTNER, EventMaker
from benchmarks.layout import MERCHANT, TEMPORAL, Setup
from benchmarks.rig import Rig, open_rig
from sandbox.partners import Endpoint, Partner

_RETRY_AFTER_S = 5
_LIMIT_S = 90.0


async def check(engine: EngineFactory, say: Callable[[str], None]) -> None:
    """Deliver an event whose first attempt fails; the server is killed before the second.

    TimeoutError or ProcessDied where it is not delivered.
    """
    endpoint = Endpoint(MERCHANT, "503,200")
    setup = Setup(
        [Partner(PARTNER, endpoints=[endpoint])],
        {MERCHANT: [endpoint]},
        settings={"DOORSTEP_RETRY_DELAYS": str(_RETRY_AFTER_S)},
    )
    async with open_rig(setup, engine) as rig, asyncio.timeout(_LIMIT_S):
        say(f"Temporal serves: {rig.engine.description}")
        event_id, body = EventMaker("check").make()
        await rig.poster.post(body)
        await rig.journal.arrival(event_id)
        await _kill_temporal(rig)
        say("killed, and started again on the same data")
        await rig.closed(event_id)
        if (await totals.count(rig)).delivered != 1:
            raise RuntimeError("the event's workflow has ended, and it was not delivered")
        say("the workflow that it had begun went on, and delivered its event")


async def _kill_temporal(rig: Rig) -> None:
    await rig.processes[TEMPORAL].kill()
    await rig.processes[TEMPORAL].start()
    await rig.connect()
