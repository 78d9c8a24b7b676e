"""What a try that is under way owes the world when its activity is cancelled."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from temporalio import activity

from contracts.states import DeliveryState
from store.attempts import Settled

HEARTBEAT_EVERY_S = 3.0


async def carried_through(
    trial: Coroutine[Any, Any, Settled], *, cut_off_at_shutdown: bool
) -> Settled:
    """Run a try to its end, even when a retry by hand cancels the activity meanwhile.

    Then its success ends the delivery, and anything else gives way to the retry. A worker that
    has to go cuts the try off where `cut_off_at_shutdown` is set, else it waits for it.
    """
    task = asyncio.create_task(trial)
    beats = asyncio.create_task(_heartbeats())
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        if cut_off_at_shutdown and activity.is_worker_shutdown():
            task.cancel()
        settled = await task
        if settled.result is None or settled.result.state is not DeliveryState.DELIVERED:
            raise
        return settled
    finally:
        beats.cancel()


async def _heartbeats() -> None:
    """Tell Temporal that this worker lives, so that a killed one is noticed in seconds."""
    while True:
        await asyncio.sleep(HEARTBEAT_EVERY_S)
        activity.heartbeat()
