"""Lets the next deliveries in where an attempt of their endpoint has ended."""

import logging
from typing import Protocol

from contracts.access.callers import DOORSTEP
from contracts.clock import Clock
from contracts.delivery.messages import RetryRequest
from contracts.errors import EngineUnavailable, StoreUnavailable
from store.db.database import Database
from store.deliveries.concurrency import admit
from store.events.outbox import Startable

log = logging.getLogger(__name__)


class Asker(Protocol):
    """Whoever reaches the workflow of an event: the gateway to Temporal."""

    async def request_retry(self, event: Startable, request: RetryRequest) -> None:
        """Ask for deliveries to be sent again. EngineUnavailable when that is not taken."""


class ConcurrencyLimit:
    """Hands the free places of endpoints to deliveries that wait for them."""

    def __init__(self, database: Database, asker: Asker, clock: Clock) -> None:
        self._database = database
        self._asker = asker
        self._clock = clock

    async def admit_next(self, endpoint_id: str) -> None:
        """Ask for the next deliveries of an endpoint. The attempt that has ended never fails for
        it: what is not taken here is asked for by the worker's watch, seconds later."""
        try:
            found = await self._database.write(admit, self._clock(), endpoint_id=endpoint_id)
            for event, delivery_id in found:
                request = RetryRequest(DOORSTEP, [delivery_id], only_waiting=True)
                await self._asker.request_retry(event, request)
        except (StoreUnavailable, EngineUnavailable) as error:
            log.warning(
                "deliveries that wait for endpoint %s wait longer: %s",
                endpoint_id,
                error,
                extra={"endpoint_id": endpoint_id},
            )
