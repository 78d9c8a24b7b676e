"""Compares rows that are open too long with Temporal, so that none stays `delivering` for ever.

A workflow that was terminated, that failed, or that Temporal does not know (a restored database)
is started again on its stored plan; a cancelled one ends as a dead letter. One that runs is left
alone, and said to stand still after a while. Several reconcilers may run at once: what they do is
done once.
"""

import asyncio
import logging
from datetime import datetime, timedelta

from temporalio.service import RPCError

from background.periodic import look_every
from contracts.clock import Clock
from contracts.outages import Outage
from dispatch.calls import SETTLED_S, concerns_all
from dispatch.gateway import Execution, Gateway
from store.db.database import Database
from store.deliveries.stuck import dead_letter_open, is_overdue, overdue
from store.events.outbox import Startable

log = logging.getLogger(__name__)

GRACE = timedelta(minutes=2)
"""How long nothing may happen to an open row before it is looked at."""

STANDS_STILL = timedelta(minutes=15)
"""How long nothing may happen to a delivery of a workflow that runs, before it is said."""

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
        self._outage = Outage(SETTLED_S, lambda: clock().timestamp())
        self._after = ""
        """Where the next look goes on: events that run never hide the ones behind them."""

    async def run(self, stop: asyncio.Event) -> None:
        """Reconcile every half minute; trouble with the store or Temporal only makes it wait."""
        await look_every(EVERY, lambda: self._look(stop), stop, "reconciling waits")

    async def _look(self, stop: asyncio.Event) -> None:
        """At page after page: after a restore thousands may have to be started at once."""
        await self.reconcile(stop)
        while self._after and not stop.is_set():
            await self.reconcile(stop)

    async def reconcile(self, stop: asyncio.Event | None = None) -> int:
        """Look once, at a page of events; gives how many were set right."""
        before = self._clock() - self._grace
        events = await self._database.read(
            overdue, before=before, limit=_AT_ONCE, after=self._after
        )
        whole_page = len(events) == _AT_ONCE
        self._after = max(event.event_id for event in events) if whole_page else ""
        set_right = 0
        for event in events:
            if stop is not None and stop.is_set():
                break
            set_right += await self._look_at(event, before)
        return set_right

    async def _look_at(self, event: Startable, before: datetime) -> bool:
        """Set one event right; Temporal's trouble with it keeps nobody from the next one."""
        try:
            is_set_right = await self._set_right(event, before)
        except (RPCError, RuntimeError) as error:
            if not concerns_all(error) or self._outage.begins():
                later = "event %s is looked at later: %s"
                log.warning(later, event.event_id, error, extra=event.ids)
            return False
        if self._outage.ends():
            log.info("Temporal answers the reconciler again")
        return is_set_right

    async def _look_whether_it_moves(self, event: Startable) -> None:
        """Log a workflow that runs and makes no progress: mostly after a bad deploy."""
        still_since = self._clock() - STANDS_STILL
        if await self._database.read(is_overdue, event.event_id, before=still_since):
            log.error(
                "event %s runs in Temporal and has made no progress for %d minutes or more",
                event.event_id,
                STANDS_STILL // timedelta(minutes=1),
                extra=event.ids,
            )

    async def _set_right(self, event: Startable, before: datetime) -> bool:
        execution = await self._gateway.execution(event.event_id)
        if execution is Execution.RUNNING:
            await self._look_whether_it_moves(event)
            return False
        if not await self._database.read(is_overdue, event.event_id, before=before):
            return False  # it came to its end while others were looked at
        if execution is Execution.CANCELLED:
            ended = await self._database.write(dead_letter_open, event.event_id, self._clock())
            log.warning(
                "event %s was cancelled: %d ended with it", event.event_id, ended, extra=event.ids
            )
            return True
        log.warning(
            "event %s is %s in Temporal: started again", event.event_id, execution, extra=event.ids
        )
        await self._gateway.start_again(event)
        return True
