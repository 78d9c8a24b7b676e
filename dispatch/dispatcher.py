"""Empties the outbox: leases accepted events and starts their workflows, oldest first.

It never holds a transaction across a call to Temporal. Each start has a slot of its own, so a
slow one delays no other; a lease that a dead dispatcher left behind runs out, and the next one
takes the event; starting it twice is starting it once.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

from temporalio.service import RPCError, RPCStatusCode

from contracts.clock import Clock
from contracts.errors import StoreUnavailable
from contracts.tracing import NO_TRACING, Tracing
from dispatch.gateway import Gateway
from store.db.database import Database
from store.events import outbox
from store.events.outbox import Startable
from store.events.outbox_listener import OutboxListener

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
"""Longer than a start may take; a dead dispatcher's events wait so long for the next one."""

LIMITS = 32
"""Starts under way at once: what the engine answers slowly is asked slowly."""

_MARK_AFTER_S = 1.0
"""How long a start may stay unmarked, so that many share one commit. A dispatcher that dies before
loses nothing: planning an event marks it too, and starting it twice is starting it once."""

_AFTER_TROUBLE = timedelta(seconds=2)
_FOR_GOOD = frozenset(
    {
        RPCStatusCode.INVALID_ARGUMENT,
        RPCStatusCode.FAILED_PRECONDITION,
        RPCStatusCode.OUT_OF_RANGE,
        RPCStatusCode.UNIMPLEMENTED,
    }
)
"""Answers that no second attempt will change."""

_NOT_SET_UP = "no mapping defined for search attribute"
"""How Temporal refuses every start in a namespace that `doorstep migrate` has not set up yet."""


class Dispatcher:
    """Starts workflows for what is in the outbox, until it is told to stop."""

    def __init__(
        self,
        database: Database,
        gateway: Gateway,
        listener: OutboxListener,
        clock: Clock,
        owner: str,
        tracing: Tracing = NO_TRACING,
    ) -> None:
        self._tracing = tracing
        self._database = database
        self._gateway = gateway
        self._listener = listener
        self._clock = clock
        self._owner = owner
        self._under_way: set[asyncio.Task[None]] = set()
        self._started: list[str] = []
        self._mark_at: float | None = None
        self._worth_a_look = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Dispatch until `stop` is set; trouble with the store or Temporal only makes it wait.

        At the end what is under way is finished, and nothing stays leased.
        """
        helpers = [asyncio.create_task(self._listen()), asyncio.create_task(self._heed(stop))]
        try:
            while not stop.is_set():
                await self._worth_a_look.wait()
                self._worth_a_look.clear()
                await self._look()
            await self._finish()
        finally:
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)
            await self._listener.close()

    async def _listen(self) -> None:
        """Every notification is worth a look."""
        while True:
            await self._listener.wait()
            self._worth_a_look.set()

    async def _heed(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._worth_a_look.set()

    async def _look(self) -> None:
        """Mark what was started, and start what there is room for."""
        try:
            for event in await self._lease():
                task = asyncio.create_task(self._start(event))
                self._under_way.add(task)
                task.add_done_callback(self._ended)
            if self._mark_at is not None and self._mark_at <= _loop_time():
                await self._mark_started()
        except StoreUnavailable as error:
            log.warning("dispatching waits: %s", error)
            await asyncio.sleep(_AFTER_TROUBLE.total_seconds())

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """A slot is free, and something may be there to mark."""
        self._under_way.discard(task)
        self._worth_a_look.set()

    async def _lease(self) -> list[Startable]:
        room = LIMITS - len(self._under_way)
        if room <= 0 or not await self._database.read(outbox.is_waiting, self._clock()):
            return []
        started = tuple(self._started)
        leased = await self._database.write(
            outbox.lease,
            owner=self._owner,
            limit=room,
            now=self._clock(),
            duration=LEASE,
            started=started,
        )
        self._marked(started)
        return leased

    async def _start(self, event: Startable) -> None:
        """Start one workflow. What Temporal refuses for good is said so; else it is put off."""
        with self._tracing.going_on_from(event.traceparent):
            try:
                await self._gateway.start(event, eagerly=True)
                self._started.append(event.event_id)
                self._mark_at = self._mark_at or _loop_time() + _MARK_AFTER_S
            except (RPCError, RuntimeError) as error:
                await self._not_started(event, error)

    async def _not_started(self, event: Startable, error: RPCError | RuntimeError) -> None:
        status = error.status if isinstance(error, RPCError) else RPCStatusCode.UNAVAILABLE
        try:
            if status in _FOR_GOOD and _NOT_SET_UP not in str(error):
                reason = f"Temporal refuses to start it: {status.name}"
                log.error(
                    "event %s can never be started: %s",
                    event.event_id,
                    status.name,
                    extra=event.ids,
                )
                await self._database.write(outbox.mark_failed, event.event_id, reason)
            else:
                log.warning("event %s is started later: %s", event.event_id, error, extra=event.ids)
                later = self._clock() + _AFTER_TROUBLE
                await self._database.write(outbox.put_off, event.event_id, until=later)
        except StoreUnavailable as trouble:
            log.warning(
                "event %s waits for its lease to end: %s", event.event_id, trouble, extra=event.ids
            )

    async def _mark_started(self) -> None:
        if not self._started:
            return
        started = tuple(self._started)
        await self._database.write(outbox.mark_started, started, self._clock())
        self._marked(started)

    def _marked(self, started: Sequence[str]) -> None:
        del self._started[: len(started)]
        self._mark_at = _loop_time() + _MARK_AFTER_S if self._started else None

    async def _finish(self) -> None:
        """Let the starts under way end, and write down that they did."""
        if self._under_way:
            await asyncio.wait(self._under_way)
        try:
            await self._mark_started()
        except StoreUnavailable as error:
            log.warning("started again by the next dispatcher, without effect: %s", error)


def _loop_time() -> float:
    return asyncio.get_running_loop().time()
