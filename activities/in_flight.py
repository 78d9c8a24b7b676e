"""What an attempt needs while it is under way: heartbeats, time to end, and its result stored."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from temporalio import activity

from contracts.delivery.states import DeliveryState
from contracts.errors import StoreUnavailable
from store.deliveries.attempt_results import Settled

T = TypeVar("T")

HEARTBEAT_EVERY_S = 3.0
_INSIST_S = 20.0
_INSIST_EVERY_S = 0.5


@contextmanager
def heartbeats() -> Iterator[None]:
    """Send heartbeats to Temporal, so that a killed worker is noticed in seconds.

    From the first line of the activity on: an attempt that waits for a busy database goes on, and a
    second one beside it would post twice. A local activity ends with its workflow task and sends no
    heartbeats.
    """
    if activity.info().is_local:
        yield
        return
    beats = asyncio.create_task(_beat())
    try:
        yield
    finally:
        beats.cancel()


async def insisted(write: Callable[[], Awaitable[T]]) -> T:
    """Store a result, and repeat that while the database is away for a moment: what is not stored
    is done again. StoreUnavailable when it stays away."""
    clock = asyncio.get_running_loop().time
    give_up_at = clock() + _INSIST_S
    while True:
        try:
            return await write()
        except StoreUnavailable:
            if clock() > give_up_at:
                raise
            await asyncio.sleep(_INSIST_EVERY_S)


async def carried_through(
    attempt: Coroutine[Any, Any, Settled], *, cut_off_at_shutdown: bool
) -> Settled:
    """Run an attempt to its end, even when a retry by hand cancels the activity meanwhile.

    Then its success ends the delivery, and anything else gives way to the retry. A worker that
    has to go cuts the attempt off where `cut_off_at_shutdown` is set, else it waits for it.
    """
    task = asyncio.create_task(attempt)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        if cut_off_at_shutdown and activity.is_worker_shutdown():
            task.cancel()
        settled = await task
        if settled.result is None or settled.result.state is not DeliveryState.DELIVERED:
            raise
        return settled


async def seen_to_its_end(work: Coroutine[Any, Any, T]) -> T:
    """Finish what must not be left half done, also when the activity is called off meanwhile or its
    worker has to go."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


async def _beat() -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_EVERY_S)
        activity.heartbeat()
