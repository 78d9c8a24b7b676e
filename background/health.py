"""Whether a worker is healthy, for callers outside its event loop.

They ask from threads of their own, and the event loop answers: one that is blocked fails the check
by not answering in time.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

from temporalio.client import Client
from temporalio.service import RPCError

from contracts.clock import Clock
from contracts.delivery.names import TASK_QUEUE
from contracts.errors import DoorstepError, EngineUnavailable
from dispatch.workers import LONGEST_POLL, last_polls

TURNS_WITHIN = timedelta(seconds=5)
"""A loop that has much to do still turns many times a second."""

ANSWERS_WITHIN = timedelta(seconds=3)

_FROZEN = {"worker": "its event loop does not turn"}

Ping = Callable[[], Awaitable[None]]
"""Raises a DoorstepError where what it asks is not well."""


class WorkerHealth:
    """The health of the worker on the loop that it is made on."""

    def __init__(
        self, turns_within: timedelta = TURNS_WITHIN, answers_within: timedelta = ANSWERS_WITHIN
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._turns_within_s = turns_within.total_seconds()
        self._answers_within_s = answers_within.total_seconds()
        self._needed: Mapping[str, Ping] = {}

    @contextmanager
    def serving(self, needed: Mapping[str, Ping]) -> Iterator[None]:
        """The worker serves for as long as the context lasts, if all that it needs is well."""
        self._needed = needed
        try:
            yield
        finally:
            self._needed = {}

    def is_alive(self) -> bool:
        """Whether the loop turns. Never called on it."""
        turned = threading.Event()
        try:
            self._loop.call_soon_threadsafe(turned.set)
        except RuntimeError:  # it is closed
            return False
        return turned.wait(self._turns_within_s)

    def readiness(self) -> Mapping[str, str]:
        """What is said of each part that is needed: `ok`, or what is wrong. Never called on the
        loop."""
        if not self.is_alive():
            return _FROZEN
        asking = asyncio.run_coroutine_threadsafe(self._ask(), self._loop)
        try:
            return asking.result(self._answers_within_s + self._turns_within_s)
        except TimeoutError:
            asking.cancel()
            return _FROZEN

    async def _ask(self) -> Mapping[str, str]:
        needed = self._needed
        if not needed:
            return {"worker": "does not serve yet, or no more"}
        states = await asyncio.gather(*(self._state_of(ping) for ping in needed.values()))
        return dict(zip(needed, states, strict=True))

    async def _state_of(self, ping: Ping) -> str:
        try:
            async with asyncio.timeout(self._answers_within_s):
                await ping()
        except EngineUnavailable as error:
            return str(error)
        except (DoorstepError, TimeoutError):
            return "does not answer"
        return "ok"


class Polls:
    """Asks Temporal whether it sees a worker ask for work."""

    def __init__(
        self, client: Client, identity: str, clock: Clock, task_queue: str = TASK_QUEUE
    ) -> None:
        self._client = client
        self._identity = identity
        self._clock = clock
        self._task_queue = task_queue

    async def ping(self) -> None:
        """EngineUnavailable where it does not, or does not answer."""
        try:
            polled_at = await last_polls(self._client, self._task_queue)
        except (RPCError, RuntimeError) as error:  # the second while there was no connection yet
            raise EngineUnavailable("Temporal does not answer") from error
        last = polled_at.get(self._identity)
        if last is None or self._clock() - last > LONGEST_POLL:
            raise EngineUnavailable("Temporal does not see this worker ask for work")
