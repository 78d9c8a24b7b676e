"""What the neighbour test reads from the store."""

import pytest

from benchmarks.neighbours.stored import read_records, still_open
from store.db.database import Database
from tests.support.shelf import NOW, Shelf, after, an_event


@pytest.fixture
def shelf(database: Database) -> Shelf:
    return Shelf(database)


class TestRecords:
    async def test_tell_each_step_of_a_way(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        await webhook.interrupt(await webhook.ready(now=after(1)), now=after(2))
        await webhook.finish(await webhook.ready(now=after(3)), 200, now=after(4))
        [record] = (await shelf.database.read(read_records)).values()
        assert record.accepted_at == NOW.timestamp()
        assert record.state == "delivered"
        cut, made = record.attempts
        assert (cut.began_at, cut.ended_at) == (after(1).timestamp(), after(2).timestamp())
        assert (cut.interrupted, made.interrupted) == (True, False)
        assert made.code == "http_200"

    async def test_an_event_that_is_not_planned_has_no_delivery(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        event = await shelf.accept()
        record = (await shelf.database.read(read_records))[event.event_id]
        assert (record.state, record.attempts) == (None, [])

    async def test_an_attempt_that_is_under_way_has_no_end(self, shelf: Shelf) -> None:
        await (await shelf.webhook()).ready()
        [record] = (await shelf.database.read(read_records)).values()
        assert [(one.ended_at, one.code) for one in record.attempts] == [(None, "under way")]


class TestStillOpen:
    async def test_until_it_is_delivered(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        await shelf.accept(an_event())
        assert await shelf.database.read(still_open, ["shop"]) == 2
        await webhook.finish(await webhook.ready(), 200)
        assert await shelf.database.read(still_open, ["shop"]) == 1

    async def test_of_these_partners_only(self, shelf: Shelf) -> None:
        await shelf.webhook()
        assert await shelf.database.read(still_open, ["another"]) == 0
