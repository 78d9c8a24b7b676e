"""A round of the reconciler: nobody is hidden, nobody is started again without need."""

import asyncio
from collections.abc import Sequence

import pytest
from temporalio.service import RPCError, RPCStatusCode

from background import reconciler as rounds
from background.reconciler import GRACE, STANDS_STILL, Reconciler
from dispatch.gateway import Execution
from store.db.database import Database
from store.events.outbox import Startable
from store.tables import EventRow
from tests.support.shelf import Shelf, after, an_event
from tests.support.waiting import eventually


class FakeGateway:
    """Temporal as a table: what it knows of each event, and who was started again."""

    def __init__(self, known: dict[str, Execution | Exception]) -> None:
        self.known = known
        self.asked: list[str] = []
        self.started: list[str] = []

    async def execution(self, event_id: str) -> Execution:
        self.asked.append(event_id)
        answer = self.known.get(event_id, Execution.RUNNING)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def start_again(self, event: Startable) -> None:
        self.started.append(event.event_id)


@pytest.fixture
def shelf(database: Database) -> Shelf:
    return Shelf(database)


async def make_overdue(shelf: Shelf, *event_ids: str) -> Sequence[str]:
    await shelf.add_partner()
    for number, event_id in enumerate(event_ids):
        await shelf.accept(an_event(event_id=event_id), now=after(number))
        await shelf.take_out(event_id)
    return event_ids


def make_reconciler(database: Database, gateway: FakeGateway) -> Reconciler:
    late = after(GRACE.total_seconds() + 10)
    return Reconciler(database, gateway, lambda: late)  # type: ignore[arg-type]


class TestARound:
    async def test_trouble_with_one_keeps_nobody_from_the_next(
        self, shelf: Shelf, database: Database
    ) -> None:
        await make_overdue(shelf, "evt-1", "evt-2")
        refusal = RPCError("no", RPCStatusCode.INVALID_ARGUMENT, b"")
        gateway = FakeGateway({"evt-1": refusal, "evt-2": Execution.ENDED})
        assert await make_reconciler(database, gateway).reconcile() == 1
        assert gateway.started == ["evt-2"]

    async def test_many_that_run_do_not_hide_the_ones_behind_them(
        self, shelf: Shelf, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rounds, "_AT_ONCE", 2)
        await make_overdue(shelf, *(f"evt-{number}" for number in range(5)))
        gateway = FakeGateway({"evt-4": Execution.UNKNOWN})
        reconciler = make_reconciler(database, gateway)
        assert [await reconciler.reconcile() for _ in range(3)] == [0, 0, 1]
        await reconciler.reconcile()
        assert gateway.asked[-2:] == ["evt-0", "evt-1"]

    async def test_full_pages_are_followed_by_the_next_without_a_pause(
        self, shelf: Shelf, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """After a restore everything that was open has to be started."""
        monkeypatch.setattr(rounds, "_AT_ONCE", 2)
        ids = await make_overdue(shelf, *(f"evt-{number}" for number in range(5)))
        gateway = FakeGateway(dict.fromkeys(ids, Execution.UNKNOWN))
        stop = asyncio.Event()
        looking = asyncio.create_task(make_reconciler(database, gateway).run(stop))
        await eventually(lambda: asyncio.sleep(0, gateway.started == list(ids)))
        stop.set()
        await looking

    async def test_one_that_ended_meanwhile_is_not_started_again(
        self, shelf: Shelf, database: Database
    ) -> None:
        await make_overdue(shelf, "evt-1", "evt-2")

        class Slow(FakeGateway):
            async def execution(self, event_id: str) -> Execution:
                if event_id == "evt-1":
                    await shelf.change(EventRow, "evt-2", state="planned")
                return await super().execution(event_id)

        gateway = Slow({"evt-2": Execution.ENDED})
        assert await make_reconciler(database, gateway).reconcile() == 0
        assert gateway.started == []

    async def test_a_worker_that_has_to_go_does_not_wait_for_the_round(
        self, shelf: Shelf, database: Database
    ) -> None:
        await make_overdue(shelf, "evt-1", "evt-2", "evt-3")
        stop = asyncio.Event()

        class Stopping(FakeGateway):
            async def execution(self, event_id: str) -> Execution:
                stop.set()
                return await super().execution(event_id)

        gateway = Stopping({})
        await make_reconciler(database, gateway).run(stop)
        assert len(gateway.asked) == 1

    async def test_one_that_runs_and_stands_still_is_said_to(
        self, shelf: Shelf, database: Database, caplog: pytest.LogCaptureFixture
    ) -> None:
        await make_overdue(shelf, "evt-1")
        gateway = FakeGateway({})
        for waited, said in ((GRACE, False), (STANDS_STILL, True)):
            late = after(waited.total_seconds() + 10)
            reconciler = Reconciler(database, gateway, lambda late=late: late)  # type: ignore[arg-type,misc]
            assert await reconciler.reconcile() == 0
            assert ("evt-1 runs in Temporal and has made no progress" in caplog.text) is said
