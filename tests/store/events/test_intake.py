"""Taking events in groups: one transaction for many callers, and each caller's own answer."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, select

from api.auth.known_keys import KeyRing
from contracts.access.api_keys import new_token
from contracts.access.callers import Scope
from contracts.delivery.states import EventState
from contracts.errors import Conflict, Invalid, StoreUnavailable
from contracts.payload.events import TrackingEvent
from store.db.database import CONNECTIONS, Database
from store.events.acceptance import Accepted, Refused
from store.events.intake import MOST_AT_ONCE, Intake
from store.tables import EventRow, OrderSequenceRow
from tests.support.factories import make_groups, make_order
from tests.support.postgres import NOWHERE
from tests.support.shelf import NOW, Shelf, an_event


@pytest.fixture
async def intake(shelf: Shelf, database: Database) -> Intake:
    """The way in, with the partner `shop` there."""
    await shelf.add_partner()
    return Intake(database, lambda: NOW)


@contextmanager
def commits_of() -> Iterator[list[object]]:
    """Every commit meanwhile."""
    commits: list[object] = []

    def note(connection: object) -> None:
        commits.append(connection)

    event.listen(Engine, "commit", note)
    try:
        yield commits
    finally:
        event.remove(Engine, "commit", note)


async def held_up(database: Database) -> threading.Event:
    """Keep the writing thread busy until the event is set."""
    begun, go_on = threading.Event(), threading.Event()

    def work(_session: Session) -> None:
        begun.set()
        go_on.wait(30)

    for _ in range(CONNECTIONS["intake"]):
        asyncio.create_task(database.take_in(work))  # noqa: RUF006 - ends with go_on
    await asyncio.to_thread(begun.wait, 30)
    return go_on


def numbered(number: int, **fields: Any) -> TrackingEvent:
    """An event of an order of its own."""
    order = make_order(order_id=f"ORD-{number}", ordered_at=NOW.isoformat())
    return an_event(event_id=f"evt-{number}", data=make_groups(order=order), **fields)


class TestItsOwnConnections:
    async def test_slow_readers_and_writers_stand_in_nobodys_way(
        self, intake: Intake, database: Database
    ) -> None:
        """More people look at slow pages, and more rows are locked, than there are connections."""
        go_on = threading.Event()

        def slow(_session: Session) -> None:
            go_on.wait(60)

        others = [asyncio.create_task(database.read(slow)) for _ in range(20)]
        others += [asyncio.create_task(database.write(slow)) for _ in range(20)]
        [outcome] = await asyncio.wait_for(intake.accept([numbered(1)]), 30)
        assert isinstance(outcome, Accepted)
        await asyncio.wait_for(database.ping(), 30)
        keys = KeyRing(database, "an-operator-key", lambda: NOW)
        assert await asyncio.wait_for(keys.identify(new_token(Scope.OMS)), 30) is None
        assert not any(one.done() for one in others)
        go_on.set()
        await asyncio.gather(*others)


class TestABatch:
    async def test_batches_that_are_held_up_stand_in_no_single_event_s_way(
        self, intake: Intake, database: Database
    ) -> None:
        """All of them wait for the count of one order, which somebody has locked."""
        await intake.accept([numbered(0)])
        locked, go_on = asyncio.Event(), threading.Event()
        loop = asyncio.get_running_loop()

        def lock(session: Session) -> None:
            session.execute(select(OrderSequenceRow).with_for_update())
            loop.call_soon_threadsafe(locked.set)
            go_on.wait(60)

        locking = asyncio.create_task(database.write(lock))
        await locked.wait()
        batches = [
            asyncio.create_task(intake.accept(_batch(one))) for one in range(CONNECTIONS["intake"])
        ]
        await asyncio.sleep(0)
        [outcome] = await asyncio.wait_for(intake.accept([numbered(1)]), 30)
        assert isinstance(outcome, Accepted)
        assert not any(batch.done() for batch in batches)
        go_on.set()
        await locking
        taken = [one for batch in batches for one in await batch]
        assert len(taken) == CONNECTIONS["intake"] * MOST_AT_ONCE
        assert all(isinstance(one, Accepted) for one in taken)


def _batch(number: int) -> list[TrackingEvent]:
    """As many events of the order that is locked as one transaction takes."""
    order = make_groups(order=make_order(order_id="ORD-0", ordered_at=NOW.isoformat()))
    return [an_event(event_id=f"batch-{number}-{one}", data=order) for one in range(MOST_AT_ONCE)]


class TestAGroup:
    async def test_whoever_waits_shares_the_next_commit(
        self, intake: Intake, database: Database, shelf: Shelf
    ) -> None:
        go_on = await held_up(database)
        asked = [asyncio.create_task(intake.accept([numbered(number)])) for number in range(50)]
        await asyncio.sleep(0)
        with commits_of() as commits:
            go_on.set()
            answers = [await one for one in asked]
        assert answers == [
            [Accepted(f"evt-{number}", EventState.ACCEPTED, duplicate=False)]
            for number in range(50)
        ]
        assert await shelf.count(EventRow) == 50
        assert len(commits) <= 13  # what held it up, and two

    async def test_each_has_its_own_answer(self, intake: Intake, shelf: Shelf) -> None:
        first = numbered(1)
        other_body = numbered(1, occurred_at="2026-03-02T09:00:00Z")
        stranger = numbered(2, partner_id="nobody")
        taken, again, conflict, unknown, batch = await asyncio.gather(
            intake.accept([first]),
            intake.accept([first]),
            intake.accept([other_body]),
            intake.accept([stranger]),
            intake.accept([numbered(3), first]),
        )
        assert [one.duplicate for one in (*taken, *again) if isinstance(one, Accepted)] == [
            False,
            True,
        ]
        refused = [one.error for one in (*conflict, *unknown) if isinstance(one, Refused)]
        kinds: list[type] = [Conflict, Invalid]
        assert [type(error) for error in refused] == kinds
        assert [one.event_id for one in batch] == ["evt-3", "evt-1"]
        assert await shelf.count(EventRow) == 2

    async def test_one_that_breaks_the_transaction_takes_nobody_with_it(
        self, intake: Intake, shelf: Shelf
    ) -> None:
        """A body that cannot be stored, as a mistake of ours would make one."""
        broken = numbered(1).model_copy(update={"partner_id": object()})
        answers = await asyncio.gather(
            intake.accept([broken]), intake.accept([numbered(2)]), return_exceptions=True
        )
        assert isinstance(answers[0], Exception)
        assert answers[1] == [Accepted("evt-2", EventState.ACCEPTED, duplicate=False)]
        assert await shelf.count(EventRow) == 1

    async def test_a_caller_that_has_gone_leaves_the_others_their_answers(
        self, intake: Intake, database: Database
    ) -> None:
        go_on = await held_up(database)
        gone = asyncio.create_task(intake.accept([numbered(1)]))
        stays = asyncio.create_task(intake.accept([numbered(2)]))
        await asyncio.sleep(0)
        gone.cancel()
        go_on.set()
        assert await stays == [Accepted("evt-2", EventState.ACCEPTED, duplicate=False)]

    async def test_a_database_that_is_away_is_told_to_everybody(self, database: Database) -> None:
        nowhere = Database(NOWHERE, database.vault.keyring)
        intake = Intake(nowhere, lambda: NOW)
        answers = await asyncio.gather(
            *(intake.accept([numbered(number)]) for number in range(3)), return_exceptions=True
        )
        assert [type(one) for one in answers] == [StoreUnavailable] * 3
        nowhere.close()
