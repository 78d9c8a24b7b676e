"""The bell rings for a commit of somebody else, on both stores."""

import asyncio

from store import outbox
from store.bell import bell_for
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
