"""Compares rows that are open too long with Temporal, so that none stays `delivering` for ever.

A workflow that was terminated, that failed, or that Temporal does not know (a restored database)
is started again on its stored plan; a cancelled one ends as a dead letter. One that runs is left
alone. Several reconcilers may run at once: what they do is done once.
"""

import asyncio
import logging
from datetime import timedelta

from temporalio.service import RPCError

from contracts.clock import Clock
from contracts.errors import StoreUnavailable
from dispatch.gateway import Execution, Gateway
from store.database import Database
from store.outbox import Startable
from store.overdue import dead_letter_open, overdue

log = logging.getLogger(__name__)

GRACE = timedelta(minutes=2)
"""How long nothing may happen to an open row before it is looked at."""

EVERY = timedelta(seconds=30)
_AT_ONCE = 200


class Reconciler:
    """Looks for forgotten rows, now and then, until it is told to stop."""

    def __init__(
        self, database: Database, gateway: Gateway, clock: Clock, grace: timedelta = GRACE
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._clock = clock
        self._grace = grace

    async def run(self, stop: asyncio.Event) -> None:
        """Reconcile every half minute; trouble with the store or Temporal only makes it wait."""
        while not stop.is_set():
            try:
                await self.reconcile()
            except (StoreUnavailable, RPCError, RuntimeError) as error:
                log.warning("reconciling waits: %s", error)
            try:
                async with asyncio.timeout(EVERY.total_seconds()):
                    await stop.wait()
            except TimeoutError:
                continue

    async def reconcile(self) -> int:
        """Look once; gives how many events were set right."""
        before = self._clock() - self._grace
        events = await self._database.read(overdue, before=before, limit=_AT_ONCE)
        return sum([await self._set_right(event) for event in events])

    async def _set_right(self, event: Startable) -> bool:
        execution = await self._gateway.execution(event.event_id)
        if execution is Execution.RUNNING:
            return False
        if execution is Execution.CANCELLED:
            ended = await self._database.write(dead_letter_open, event.event_id, self._clock())
            log.warning("event %s was cancelled: %d ended with it", event.event_id, ended)
            return True
        log.warning("event %s is %s in Temporal: started again", event.event_id, execution)
        await self._gateway.start_again(event)
        return True
