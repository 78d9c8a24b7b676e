"""A dispatcher over a real store and a Temporal that answers from a script."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from contracts.delivery.messages import DeliverEvent
from contracts.delivery.retry import RetrySchedule
from contracts.delivery.states import EventState
from dispatch.dispatcher import Dispatcher
from dispatch.gateway import Gateway
from dispatch.places import Places
from store.db.database import Database
from store.events.outbox_listener import OutboxListener
from store.tables import EventRow, OutboxRow
from tests.support.clock import Hands
from tests.support.shelf import NOW, Shelf
from tests.support.waiting import eventually

Start = Callable[[DeliverEvent], Awaitable[None]]


def refusal(status: RPCStatusCode, said: str = "no") -> RPCError:
    """Temporal does not take a start."""
    return RPCError(said, status, b"")


class ScriptedTemporal:
    """The Temporal client, as far as the dispatcher needs it: takes every start, unless the script
    has an error for the event, or for all (`None`); `beside` is what else happens in a start."""

    def __init__(self) -> None:
        self.script: dict[str | None, Exception] = {}
        self.asked: list[str] = []
        self.taken: list[str] = []
        self.under_way = 0
        self.beside: Start | None = None
        self.eager = False

    async def start_workflow(self, run: Any, event: DeliverEvent, **options: Any) -> Any:
        """As `Client.start_workflow`; the handle tells whether it was started eagerly."""
        self.asked.append(event.event_id)
        self.under_way += 1
        try:
            await asyncio.sleep(0)  # an answer takes a moment, in which others are asked
            if self.beside is not None:
                await self.beside(event)
        finally:
            self.under_way -= 1
        error = self.script.get(event.event_id, self.script.get(None))
        if error is not None:
            raise error
        self.taken.append(event.event_id)
        return _handle(eager=self.eager)

    async def has_been_asked(self, times: int) -> None:
        """Wait until so many starts were asked for."""
        await eventually(lambda: _now(len(self.asked)), lambda asked: asked >= times)


class _OneNotification(OutboxListener):
    """Wakes the dispatcher once; it was never connected."""

    def __init__(self) -> None:
        super().__init__("")
        self._notified = asyncio.Event()
        self._notified.set()

    def notify(self) -> None:
        """Wake it again."""
        self._notified.set()

    async def wait(self) -> None:
        await self._notified.wait()
        self._notified.clear()


@dataclass
class Dispatching:
    """What a test does to the dispatcher and sees of it; the clock stands still between."""

    database: Database
    temporal: ScriptedTemporal = field(default_factory=ScriptedTemporal)
    clock: Hands = field(default_factory=lambda: Hands(NOW + timedelta(seconds=1)))
    places: Places = field(default_factory=Places)

    @property
    def shelf(self) -> Shelf:
        """The store, with short ways to fill it."""
        return Shelf(self.database)

    async def all_asked(self) -> None:
        """Dispatch until everything that is due was asked for."""

        async def done() -> bool:
            rows = await self.shelf.all_rows(OutboxRow)
            waiting = any(one.due_at <= self.clock() for one in rows)
            return not waiting and not self.temporal.under_way

        await self.until(done)

    async def until(self, holds: Callable[[], Awaitable[bool]]) -> None:
        """Dispatch until this holds, then stop as a worker does that has to go."""
        stop = asyncio.Event()
        dispatching = asyncio.create_task(self.dispatcher().run(stop))
        try:
            await eventually(holds)
        finally:
            stop.set()
            await dispatching

    def dispatcher(self) -> Dispatcher:
        """A dispatcher on the scripted Temporal."""
        gateway = Gateway(cast(Client, self.temporal), RetrySchedule())
        return Dispatcher(
            self.database, gateway, _OneNotification(), self.clock, places=self.places
        )

    def notify(self, dispatcher: Dispatcher) -> None:
        """Have it look again, as the commit of another event does."""
        cast(_OneNotification, dispatcher._listener).notify()

    async def became(self, event_id: str) -> str:
        """What became of an event: `started`, `failed`, or `put off` to a later moment. `lost from
        sight`: nobody knows yet that its start went wrong."""
        row = await self.shelf.one(EventRow, event_id)
        if row.state is EventState.FAILED:
            return "failed"
        waiting = await self.shelf.all_rows(OutboxRow)
        mine = [one for one in waiting if one.event_id == event_id]
        if not mine:
            return "started"
        return "put off" if mine[0].refusals else "lost from sight"

    async def put_off_for(self, event_id: str) -> timedelta:
        """How long nobody starts an event."""
        return (await self.shelf.one(OutboxRow, event_id)).due_at - self.clock()

    async def reasons(self, event_ids: Sequence[str]) -> list[str | None]:
        """Why events failed, as the event log shows it."""
        return [(await self.shelf.one(EventRow, one)).failure_reason for one in event_ids]


def _handle(*, eager: bool) -> Any:
    return SimpleNamespace(__temporal_eagerly_started=eager)


async def _now(value: int) -> int:
    return value
