"""The listener wakes for an event that another process commits."""

import asyncio

from store.db.database import Database
from store.events import acceptance
from store.events.outbox_listener import OutboxListener
from tests.support.encryption import KEYRING
from tests.support.shelf import NOW, Shelf, an_event
from tests.support.waiting import eventually

_NEVER_S = 600.0


class Count:
    """Counts how often a listener wakes."""

    def __init__(self, url: str) -> None:
        self.wakes = 0
        self._listener = OutboxListener(url, poll_every_s=_NEVER_S)

    async def listen(self) -> None:
        """Count until cancelled."""
        try:
            while True:
                await self._listener.wait()
                self.wakes += 1
        finally:
            await self._listener.close()


async def test_it_wakes_for_commits_of_events_only(shelf: Shelf, database: Database) -> None:
    await shelf.add_partner()
    other, count, numbers = Database(database.url, KEYRING), Count(database.url), iter(range(1000))
    listening = asyncio.create_task(count.listen())

    async def commit() -> int:
        await other.write(acceptance.accept, an_event(event_id=f"evt-{next(numbers)}"), NOW)
        return count.wakes

    assert await eventually(commit, lambda wakes: wakes >= 3) <= next(numbers) + 1
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    other.close()


async def test_it_wakes_for_what_was_there_before_it_listened(
    shelf: Shelf, database: Database
) -> None:
    await shelf.add_partner()
    await shelf.accept()
    listener = OutboxListener(database.url, poll_every_s=_NEVER_S)
    async with asyncio.timeout(30):
        await listener.wait()
    await listener.close()
