"""Drops moves of dead letters that nobody needs any more, so that their table stays small.

With a Redis: those that are in the stream for a day. Without one: all of them, after an hour.
"""

import asyncio
import logging
from datetime import timedelta

from contracts.clock import Clock
from contracts.errors import StoreUnavailable
from store.database import Database
from store.dead_letter_moves import drop_old_moves

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
_AT_ONCE = 500


class OldMoves:
    """Drops old moves, until it is told to stop. `mirrored`: this worker mirrors to a Redis."""

    def __init__(self, database: Database, clock: Clock, *, mirrored: bool) -> None:
        self._database = database
        self._clock = clock
        self._mirrored = mirrored

    async def run(self, stop: asyncio.Event) -> None:
        """Look every minute; trouble with the store only makes it wait."""
        while not stop.is_set():
            try:
                while await self.drop() and not stop.is_set():
                    pass  # there may be more
            except StoreUnavailable as error:
                log.warning("old moves of dead letters are dropped later: %s", error)
            try:
                async with asyncio.timeout(EVERY.total_seconds()):
                    await stop.wait()
            except TimeoutError:
                continue

    async def drop(self) -> int:
        """Drop the next ones; gives how many."""
        return await self._database.write(
            drop_old_moves, self._clock(), mirrored=self._mirrored, limit=_AT_ONCE
        )
