"""The polling loop of the worker's parts that look for work in the database."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

from contracts.errors import EngineUnavailable, StoreUnavailable
from contracts.outages import Outage

log = logging.getLogger(__name__)


async def look_every(
    pause: timedelta, look: Callable[[], Awaitable[object]], stop: asyncio.Event, what_waits: str
) -> None:
    """Look until `stop` is set, with a pause in between that `stop` ends at once.

    While the store or Temporal is away it only waits; the log has one line when that begins and one
    when it is over.
    """
    outage = Outage()
    while not stop.is_set():
        try:
            await look()
        except (StoreUnavailable, EngineUnavailable) as error:
            if not error.is_logged and outage.begins():
                log.warning("%s: %s", what_waits, error)
        else:
            if outage.ends():
                log.info("it goes on, after: %s", what_waits)
        with suppress(TimeoutError):
            async with asyncio.timeout(pause.total_seconds()):
                await stop.wait()
