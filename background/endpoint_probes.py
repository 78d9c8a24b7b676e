"""Probes failing endpoints now and then, recovers those that answer again, and sends what was in
line behind an earlier event of its order, or waited for a place that nobody handed on.

Several workers may do it at once: what one has asked for is left alone by the others, and the
breaker in the database lets one probe through at a time.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from background.periodic import look_every
from contracts.access.callers import DOORSTEP
from contracts.clock import Clock
from contracts.delivery.messages import RetryRequest
from dispatch.gateway import Gateway
from dispatch.recoveries import Recoveries
from store.db.database import Database
from store.deliveries.concurrency import admit, endpoints_with_waiting
from store.endpoints.ordering import any_woken, take_woken
from store.endpoints.probes import take_probes
from store.events.outbox import Startable
from store.recoveries.automatic import any_to_watch, begin_due_recoveries
from store.recoveries.recoveries import recoveries_to_start

EVERY = timedelta(seconds=2)
_AT_ONCE = 100

Take = Callable[..., list[tuple[Startable, str]]]


class EndpointWatch:
    """Looks after failing endpoints, until it is told to stop."""

    def __init__(
        self, database: Database, gateway: Gateway, recoveries: Recoveries, clock: Clock
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._recoveries = recoveries
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Look every two seconds; trouble with the store or Temporal only makes it wait."""
        await look_every(EVERY, self.look, stop, "failing endpoints are looked after later")

    async def look(self) -> None:
        """Look once. What Temporal does not take is asked for again a little later."""
        if await self._database.read(any_woken, self._clock()):
            await self._ask(take_woken, limit=_AT_ONCE)
        for endpoint_id in await self._database.read(endpoints_with_waiting, self._clock()):
            await self._ask(admit, endpoint_id=endpoint_id, wait=False)
        if await self._database.read(any_to_watch, self._clock()):
            await self._ask(take_probes)
            for one in await self._database.write(begin_due_recoveries, self._clock()):
                await self._recoveries.start(one.id, one.endpoint_id, one.partner_id)
        for ids in await self._database.read(recoveries_to_start, self._clock()):
            await self._recoveries.start(*ids)

    async def _ask(self, take: Take, **how: int | str) -> None:
        """Have the deliveries sent that this finds."""
        for event, delivery_id in await self._database.write(take, self._clock(), **how):
            request = RetryRequest(DOORSTEP, [delivery_id], only_waiting=True)
            await self._gateway.request_retry(event, request)
