"""Drops moves of dead letters that nobody needs any more, so that their table stays small.

With a Redis: those that are in the stream for a day. Without one: all of them, after an hour.
"""

import asyncio
from datetime import timedelta

from background.periodic import look_every
from contracts.clock import Clock
from store.db.database import Database
from store.dead_letters.stream_outbox import drop_old_changes

EVERY = timedelta(minutes=1)
_AT_ONCE = 500


class StreamCleanup:
    """Drops old moves, until it is told to stop. `mirrored`: this worker mirrors to a Redis."""

    def __init__(self, database: Database, clock: Clock, *, mirrored: bool) -> None:
        self._database = database
        self._clock = clock
        self._mirrored = mirrored

    async def run(self, stop: asyncio.Event) -> None:
        """Look every minute; trouble with the store only makes it wait."""

        async def look() -> None:
            while await self.drop() and not stop.is_set():
                pass  # there may be more

        await look_every(EVERY, look, stop, "old moves of dead letters are dropped later")

    async def drop(self) -> int:
        """Drop the next ones; gives how many."""
        return await self._database.write(
            drop_old_changes, self._clock(), mirrored=self._mirrored, limit=_AT_ONCE
        )
