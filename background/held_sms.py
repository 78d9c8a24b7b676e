"""Asks for held texts to be sent once what held them is over: a stop, a cap, a phone out of reach.

Several workers may do it at once: a text that one has asked for is left alone by the others, and
the claim in the database keeps it from being sent twice in any case.
"""

import asyncio
from datetime import timedelta

from background.periodic import look_every
from contracts.access.callers import DOORSTEP
from contracts.clock import Clock
from contracts.delivery.messages import RetryRequest
from dispatch.gateway import Gateway
from store.db.database import Database
from store.sms.release import any_due_text, take_due_texts

EVERY = timedelta(seconds=2)
_AT_ONCE = 50


class WaitingTexts:
    """Looks for texts that may go, until it is told to stop."""

    def __init__(self, database: Database, gateway: Gateway, clock: Clock) -> None:
        self._database = database
        self._gateway = gateway
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Look every two seconds; trouble with the store or Temporal only makes it wait."""

        async def look() -> None:
            while await self.ask() == _AT_ONCE and not stop.is_set():
                pass  # a full page: there is more

        await look_every(EVERY, look, stop, "held texts wait")

    async def ask(self) -> int:
        """Look once; gives how many events' texts were asked for.

        What Temporal does not take is asked for again two minutes later.
        """
        if not await self._database.read(any_due_text, self._clock()):
            return 0
        due = await self._database.write(take_due_texts, self._clock(), limit=_AT_ONCE)
        for event, delivery_ids in due:
            request = RetryRequest(DOORSTEP, delivery_ids, only_waiting=True)
            await self._gateway.request_retry(event, request)
        return len(due)
