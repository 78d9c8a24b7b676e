"""Empties the outbox: leases accepted events and starts their workflows, oldest first.

It never holds a transaction across a call to Temporal. A lease that a dead dispatcher left
behind runs out, and the next one takes the event; starting it twice is starting it once.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

from temporalio.service import RPCError

from contracts.clock import Clock
from contracts.errors import StoreUnavailable
from dispatch.gateway import Gateway
from store import outbox
from store.database import Database
from store.outbox import Startable

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
_BATCH = 50
_POLL_S = 0.02
_PAUSE_AFTER_TROUBLE_S = 1.0


class Dispatcher:
    """Starts workflows for what is in the outbox, until it is told to stop."""

    def __init__(self, database: Database, gateway: Gateway, clock: Clock, owner: str) -> None:
        self._database = database
        self._gateway = gateway
        self._clock = clock
        self._owner = owner

    async def run(self, stop: asyncio.Event) -> None:
        """Dispatch until `stop` is set; trouble with the store or Temporal only makes it wait."""
        while not stop.is_set():
            try:
                started = await self.dispatch_once()
            except (StoreUnavailable, RPCError) as error:
                log.warning("dispatching waits: %s", error)
                await _wait(stop, _PAUSE_AFTER_TROUBLE_S)
                continue
            if started == 0:
                await _wait(stop, _POLL_S)

    async def dispatch_once(self) -> int:
        """Lease one batch, start it and mark it; gives how many were started."""
        if not await self._database.read(outbox.is_waiting, self._clock()):
            return 0
        batch = await self._database.write(
            outbox.lease, owner=self._owner, limit=_BATCH, now=self._clock(), duration=LEASE
        )
        results = await asyncio.gather(
            *(self._gateway.start(event, eagerly=True) for event in batch), return_exceptions=True
        )
        started = _ids(batch, results, succeeded=True)
        failed = _ids(batch, results, succeeded=False)
        if started:
            await self._database.write(outbox.mark_started, started, self._clock())
        if failed:
            await self._database.write(outbox.release, failed)
            raise next(error for error in results if isinstance(error, BaseException))
        return len(started)


def _ids(batch: Sequence[Startable], results: Sequence[object], *, succeeded: bool) -> list[str]:
    return [
        event.event_id
        for event, result in zip(batch, results, strict=True)
        if isinstance(result, BaseException) is not succeeded
    ]


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        pass
