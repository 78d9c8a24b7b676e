"""Empties the outbox: leases accepted events, fairly, and starts their workflows.

It never holds a transaction across a call to Temporal. Each start has a slot of its own, so a
slow one delays no other; a lease that a dead dispatcher left behind runs out, and the next one
takes the event; starting it twice is starting it once.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

from contracts.clock import Clock
from contracts.errors import StoreUnavailable
from contracts.outages import Outage
from contracts.tracing import NO_TRACING, Tracing
from dispatch.gateway import Gateway
from dispatch.places import Places
from dispatch.refusals import Refusals
from dispatch.turns import Turns
from store.db.database import Database
from store.events import outbox
from store.events.outbox import Startable
from store.events.outbox_listener import OutboxListener

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
"""Longer than a start may take; a dead dispatcher's events wait so long for the next one."""

_TAKE_OUT_AFTER_S = 1.0
"""How long a started event may stay in the outbox, so that many share one commit. A dispatcher that
dies before loses nothing: starting it twice is starting it once."""

_LOOK_AT_MOST_EVERY_S = 0.03
"""After a look that found something; so that events that come thickly share a lease."""

_LOOK_WHEN_FULL_EVERY_S = 0.1
"""While more waits than there is room for: places return by themselves, too."""

_AFTER_TROUBLE_S = 2.0


class Dispatcher:
    """Starts workflows for what is in the outbox, until it is told to stop."""

    def __init__(
        self,
        database: Database,
        gateway: Gateway,
        listener: OutboxListener,
        clock: Clock,
        tracing: Tracing = NO_TRACING,
        *,
        eagerly: bool = True,
        places: Places | None = None,
    ) -> None:
        """`eagerly`: the first task may go to a worker of this very client. Not where workers have
        versions: the server does not look whether that one's is the current version. `places` are
        given back by that worker's activities, where there is one."""
        self._places = places or Places()
        self._places.on_free(self._has_room)
        self._turns = Turns()
        self._tracing = tracing
        self._eagerly = eagerly
        self._database = database
        self._gateway = gateway
        self._listener = listener
        self._clock = clock
        self._store_outage = Outage()
        self._refusals = Refusals(database, clock)
        self._under_way: set[asyncio.Task[None]] = set()
        self._started: list[str] = []
        self._take_out_at: float | None = None
        self._worth_a_look = asyncio.Event()
        self._may_wait = True
        self._again: asyncio.TimerHandle | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Dispatch until `stop` is set; trouble with the store or Temporal only makes it wait.

        At the end what is under way is finished, and nothing stays leased.
        """
        helpers = [asyncio.create_task(self._listen()), asyncio.create_task(self._heed(stop))]
        try:
            while not stop.is_set():
                await self._worth_a_look.wait()
                self._worth_a_look.clear()
                looked_at = _loop_time()
                await self._look()
                if self._under_way:
                    await asyncio.sleep(looked_at + _LOOK_AT_MOST_EVERY_S - _loop_time())
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
            self._may_wait = True
            self._worth_a_look.set()

    async def _heed(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._worth_a_look.set()

    async def _look(self) -> None:
        """Take out what was started, and start what there is room for."""
        try:
            for event in await self._lease():
                task = asyncio.create_task(self._start(event))
                self._under_way.add(task)
                task.add_done_callback(self._under_way.discard)
            if self._take_out_at is not None and self._take_out_at <= _loop_time():
                await self._take_out_started()
            if self._store_outage.ends():
                log.info("dispatching goes on")
        except StoreUnavailable as error:
            if not error.is_logged and self._store_outage.begins():
                log.warning("dispatching waits: %s", error)
            self._may_wait = True
            await asyncio.sleep(_AFTER_TROUBLE_S)

    def _has_room(self) -> None:
        """A place is free, for what the last lease had no room for."""
        if self._may_wait:
            self._worth_a_look.set()

    def _look_again_soon(self) -> None:
        """Nobody says when a place returns by itself."""
        if self._again is not None:
            self._again.cancel()
        loop = asyncio.get_running_loop()
        self._again = loop.call_later(_LOOK_WHEN_FULL_EVERY_S, self._worth_a_look.set)

    async def _lease(self) -> list[Startable]:
        room = self._places.free
        if not self._may_wait:
            return []
        if room <= 0:
            self._look_again_soon()
            return []
        self._may_wait = False  # what is put in from now on says so
        started = tuple(self._started)
        leased = await self._database.write(
            outbox.lease,
            limit=room,
            now=self._clock(),
            duration=LEASE,
            started=started,
            ahead=self._turns.ahead,
        )
        self._taken_out(started)
        if len(leased) == room:
            self._may_wait = True
            self._look_again_soon()
        for event in leased:
            self._places.take(event.event_id)
            self._turns.take(event.priority, event.partner_id)
        return leased

    async def _start(self, event: Startable) -> None:
        """Start one workflow, or put it off."""
        with self._tracing.going_on_from(event.traceparent):
            try:
                here = await self._gateway.start(event, eagerly=self._eagerly)
            except Exception as error:  # whatever it is: the event waits, and is started later
                await self._refusals.note(event, error)
                self._places.give_back(event.event_id)
            else:
                self._refusals.note_start()
                if not here:
                    self._places.unseen(event.event_id)
                self._started.append(event.event_id)
                self._take_out_at = self._take_out_at or _loop_time() + _TAKE_OUT_AFTER_S

    async def _take_out_started(self) -> None:
        if not self._started:
            return
        started = tuple(self._started)
        await self._database.write(outbox.take_out, started)
        self._taken_out(started)

    def _taken_out(self, started: Sequence[str]) -> None:
        del self._started[: len(started)]
        self._take_out_at = _loop_time() + _TAKE_OUT_AFTER_S if self._started else None

    async def _finish(self) -> None:
        """Let the starts under way end, and write down that they did."""
        if self._under_way:
            await asyncio.wait(self._under_way)
        try:
            await self._take_out_started()
        except StoreUnavailable as error:
            log.warning("started again by the next dispatcher, without effect: %s", error)


def _loop_time() -> float:
    return asyncio.get_running_loop().time()
