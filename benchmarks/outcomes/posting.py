"""Posts the events by their simulated order, as fast as the machine carries.

In life events come minutes apart, so an overload of this machine would be the play's doing: where
events wait to be planned, the next ones come slowly.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from benchmarks.ledger.counts import Acknowledged
from benchmarks.ledger.oms import Oms
from benchmarks.ledger.orders import Posting
from benchmarks.outcomes.doors import Doors
from benchmarks.outcomes.incidents import Incident
from benchmarks.outcomes.orders import PlayedEvent
from benchmarks.outcomes.processes import ProcessFault
from benchmarks.outcomes.simulated_clock import SimulatedClock

_RATE_MEANWHILE = 1.0
"""Events a second while a process is away, or many wait: in life it is one in some minutes."""
_MANY = 8
_LOOK_EVERY_S = 0.3
_STEPS_APART_S = 1.0
"""So far apart come the events of one order at least, which in life are minutes apart: the text of
one would be overtaken by the next."""
_APART_S = 0.1
"""So far apart come events that have waited at a door, beside those that go on."""


@dataclass
class Poster:
    """An event follows the one before of its order, and the answer of its customer."""

    oms: Oms
    clock: SimulatedClock
    doors: Doors
    rate: float
    targets: Callable[[PlayedEvent], frozenset[str]]
    answer: Callable[[PlayedEvent], Awaitable[None]]
    do_to_process: Callable[[ProcessFault], Awaitable[None]]
    waiting: Callable[[], Awaitable[int | None]]
    """How many events wait to be planned; None: nobody can tell."""
    _last_of: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _process_away: asyncio.Task[None] | None = None
    _is_behind: bool = False
    _one_by_one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def play(
        self,
        events: Sequence[PlayedEvent],
        incidents: Sequence[Incident],
        process_faults: Sequence[ProcessFault],
    ) -> None:
        """Post all of them; returns once each has its 202 and everything between them is done."""
        to_come, to_processes, due = deque(incidents), deque(process_faults), time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            looking = tasks.create_task(self._look())
            for number, event in enumerate(events):
                while to_come and to_come[0].offset_s <= event.offset_s:
                    one = to_come.popleft()
                    tasks.create_task(self.doors.between(one.partner_ids, one.act))
                while to_processes and to_processes[0].number <= number:
                    fault = to_processes.popleft()
                    self._process_away = tasks.create_task(self._do(fault, self._process_away))
                self._begin(event, number, tasks)
                due = max(due + 1 / self._rate_now, time.monotonic())
                await asyncio.sleep(due - time.monotonic())
            looking.cancel()
            for one in to_come:
                tasks.create_task(self.doors.between(one.partner_ids, one.act))

    def _begin(self, event: PlayedEvent, number: int, tasks: asyncio.TaskGroup) -> None:
        door, before = self.doors.door(event.partner_id), self._last_of.get(event.order_id)
        task = tasks.create_task(self._post(event, number, door, before))
        self._last_of[event.order_id] = task
        self.doors.goes_through(event.partner_id, task)

    @property
    def _rate_now(self) -> float:
        away = self._process_away is not None and not self._process_away.done()
        return _RATE_MEANWHILE if away or self._is_behind else self.rate

    async def _look(self) -> None:
        while True:
            waiting = await self.waiting()
            self._is_behind = waiting is None or waiting > _MANY
            await asyncio.sleep(_LOOK_EVERY_S)

    async def _do(self, fault: ProcessFault, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await before
        await self.do_to_process(fault)

    async def _post(
        self,
        event: PlayedEvent,
        number: int,
        door: asyncio.Event,
        before: asyncio.Task[None] | None,
    ) -> None:
        if before is not None:
            await asyncio.wait([before])
        if not door.is_set():
            await door.wait()
            async with self._one_by_one:
                await asyncio.sleep(_APART_S)
        self.clock.post(event.event_id, event.offset_s, time.time())
        noted = Acknowledged(event.event_id, event.partner_id, event.order_id, self.targets(event))
        await self.oms.hand_in(Posting(noted, event.body(datetime.now(UTC))), number)
        if event.is_answered:
            await self.answer(event)
        await asyncio.sleep(_STEPS_APART_S)
