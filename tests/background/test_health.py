"""A worker's health: a loop that stands still is found out, and what it needs is asked."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from temporalio.client import Client

from background.health import Polls, WorkerHealth
from contracts.clock import utc_now
from contracts.errors import EngineUnavailable
from dispatch.workers import LONGEST_POLL
from store.db.database import Database
from temporal_worker import identity
from tests.support.encryption import KEYRING
from tests.support.postgres import NOWHERE
from tests.support.stack import Stack
from tests.support.waiting import eventually

SOON = timedelta(milliseconds=200)


class LoopOfItsOwn:
    """An event loop on a thread of its own, which can be made to stand still."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever)
        self._thread.start()
        self._go_on = threading.Event()

    def health(self) -> WorkerHealth:
        """The health of a worker on it."""

        async def made() -> WorkerHealth:
            return WorkerHealth(SOON, SOON)

        return asyncio.run_coroutine_threadsafe(made(), self.loop).result()

    def freeze(self) -> None:
        """Have it wait for something that does not come."""
        stands = threading.Event()

        def stand_still() -> None:
            stands.set()
            self._go_on.wait()

        self.loop.call_soon_threadsafe(stand_still)
        stands.wait()

    def close(self) -> None:
        """Let it go on, and end it."""
        self._go_on.set()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


@pytest.fixture
def other() -> Iterator[LoopOfItsOwn]:
    """Another loop than that of the tests."""
    loop = LoopOfItsOwn()
    yield loop
    loop.close()


async def fine() -> None:
    """Something that is well."""


async def never() -> None:
    """Something that does not answer."""
    await asyncio.Event().wait()


class TestTheLoop:
    def test_one_that_turns_is_alive(self, other: LoopOfItsOwn) -> None:
        assert other.health().is_alive()

    def test_one_that_stands_still_is_not_and_says_so_in_time(self, other: LoopOfItsOwn) -> None:
        health = other.health()
        with health.serving({"database": fine}):
            other.freeze()
            assert not health.is_alive()
            assert health.readiness() == {"worker": "its event loop does not turn"}

    def test_one_that_has_ended_is_not(self) -> None:
        loop = LoopOfItsOwn()
        health = loop.health()
        loop.close()
        assert not health.is_alive()


class TestReadiness:
    def test_it_begins_and_ends_with_the_serving(self, other: LoopOfItsOwn) -> None:
        health = other.health()
        assert "worker" in health.readiness()
        with health.serving({"database": fine}):
            assert health.readiness() == {"database": "ok"}
        assert "worker" in health.readiness()

    def test_what_does_not_answer_does_not_keep_it_waiting(self, other: LoopOfItsOwn) -> None:
        health = other.health()
        with health.serving({"database": never, "other": fine}):
            assert health.readiness() == {"database": "does not answer", "other": "ok"}

    async def test_a_database_that_is_away(self, other: LoopOfItsOwn) -> None:
        health, gone = WorkerHealth(), Database(NOWHERE, KEYRING)
        with health.serving({"database": gone.ping, "other": fine}):
            said = await asyncio.to_thread(health.readiness)
        gone.close()
        assert said == {"database": "does not answer", "other": "ok"}

    async def test_a_database_that_answers(self, database: Database) -> None:
        health = WorkerHealth()
        with health.serving({"database": database.ping}):
            assert await asyncio.to_thread(health.readiness) == {"database": "ok"}


class TestPolls:
    async def test_a_worker_that_temporal_sees(self, patient_stack: Stack) -> None:
        client, queue = patient_stack.client, patient_stack.task_queue
        async with patient_stack.worker():
            polls = Polls(client, identity(), utc_now, queue)

            async def pinged() -> bool:
                await polls.ping()
                return True

            assert await eventually(pinged, ignoring=EngineUnavailable)
            later = utc_now() + LONGEST_POLL + timedelta(seconds=30)
            with pytest.raises(EngineUnavailable, match="does not see this worker"):
                await Polls(client, identity(), lambda: later, queue).ping()
            with pytest.raises(EngineUnavailable, match="does not see this worker"):
                await Polls(client, "1@another", utc_now, queue).ping()

    async def test_a_temporal_that_is_away(self) -> None:
        client = await Client.connect("127.0.0.1:1", lazy=True)
        with pytest.raises(EngineUnavailable, match="does not answer"):
            await Polls(client, identity(), utc_now).ping()
