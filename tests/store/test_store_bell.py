"""The bell rings for an event that somebody else commits, on both stores."""

import asyncio
import sqlite3
from datetime import timedelta

import pytest

from store import outbox
from store.bell import _ONE_WAITS, VersionBell, bell_for
from store.database import Database
from tests.support.encryption import KEYRING
from tests.support.shelf import NOW, Shelf, an_event
from tests.support.waiting import eventually

_NEVER_S = 600.0


class Listener:
    """Counts the rings of a bell."""

    def __init__(self, url: str) -> None:
        self.rings = 0
        self._bell = bell_for(url, look_anyway_s=_NEVER_S)

    async def listen(self) -> None:
        """Count until cancelled."""
        try:
            while True:
                await self._bell.wait()
                self.rings += 1
        finally:
            await self._bell.close()


async def test_it_rings_for_commits_and_for_nothing_else(shelf: Shelf, database: Database) -> None:
    """The first ring may be for nothing: nobody knows what was committed before."""
    await shelf.add_partner()
    other, listener, numbers = (
        Database(database.url, KEYRING),
        Listener(database.url),
        iter(range(1000)),
    )
    listening = asyncio.create_task(listener.listen())

    async def commit() -> int:
        await other.write(outbox.accept, an_event(event_id=f"evt-{next(numbers)}"), NOW)
        return listener.rings

    assert await eventually(commit, lambda rings: rings >= 3) <= next(numbers) + 1
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    other.close()


@pytest.mark.parametrize("database", ["one_sqlite"], indirect=True, ids=["sqlite"])
class TestOnSqlite:
    async def test_it_is_still_while_no_event_waits(self, shelf: Shelf, database: Database) -> None:
        bell = VersionBell(database.url, look_anyway_s=_NEVER_S)
        await shelf.add_partner()
        assert not bell._rings(), "a commit without an event"
        await database.write(outbox.accept, an_event(), NOW)
        assert bell._rings()
        assert not bell._rings(), "once for each commit"
        soon = timedelta(seconds=15)
        await database.write(outbox.lease, owner="w", limit=9, now=NOW, duration=soon)
        assert not bell._rings(), "somebody is starting it"
        await bell.close()

    async def test_what_it_could_not_read_it_has_still_to_see(
        self, shelf: Shelf, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await shelf.add_partner()
        await database.write(outbox.accept, an_event(), NOW)
        bell = VersionBell(database.url, look_anyway_s=_NEVER_S)
        with monkeypatch.context() as patched:
            patched.setattr("store.bell._ONE_WAITS", "SELECT 1 FROM nothing")
            assert not bell._rings()
        assert bell._rings()
        await bell.close()

    async def test_a_look_is_an_index_s_work(self, database: Database) -> None:
        with sqlite3.connect(str(database.engine.url.database)) as connection:
            [plan] = connection.execute(f"EXPLAIN QUERY PLAN {_ONE_WAITS}").fetchall()
        assert "USING INDEX" in plan[-1]
