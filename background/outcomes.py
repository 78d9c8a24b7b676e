"""Keeps the outcomes of days counted, beside the events' path.

Several workers may do it at once: one looks for days that change, and a day that one counts the
others pass over.
"""

import asyncio
from datetime import timedelta

from background.periodic import look_every
from contracts.clock import Clock
from store.db.database import Database
from store.outcomes.marking import mark_changed_days
from store.outcomes.rollups import count_next_due

EVERY = timedelta(minutes=1)


class Outcomes:
    """Looks for days to count, until it is told to stop."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Look every minute; trouble with the store only makes it wait."""
        await look_every(EVERY, lambda: self.look(stop), stop, "outcomes are counted later")

    async def look(self, stop: asyncio.Event) -> None:
        """Find the days that change and count those that are due, one transaction each."""
        while await self._database.write(mark_changed_days, self._clock()):
            if stop.is_set():
                return
        while not stop.is_set() and await self._database.write(count_next_due, self._clock()):
            pass
