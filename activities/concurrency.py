"""Asks for the next deliveries of an endpoint where an attempt of it has ended: those that wait for
its place, and those that wait for its event."""

import logging
from datetime import datetime
from typing import Protocol

from sqlmodel import Session

from contracts.access.callers import DOORSTEP
from contracts.clock import Clock
from contracts.delivery.messages import RetryRequest
from contracts.errors import EngineUnavailable, StoreUnavailable
from contracts.outages import Outage
from store.db.database import Database
from store.deliveries.concurrency import admit
from store.endpoints.ordering import take_woken
from store.events.outbox import Startable

log = logging.getLogger(__name__)

_SETTLED_S = 5.0
"""Some are asked for while others are not: it is over when all were for so long."""

_AT_ONCE = 20


class Take(Protocol):
    """What finds the next deliveries of an endpoint."""

    def __call__(
        self, session: Session, now: datetime, *, endpoint_id: str
    ) -> list[tuple[Startable, str]]:
        """Each event, and the delivery to ask for."""


def _next_of_orders(
    session: Session, now: datetime, *, endpoint_id: str
) -> list[tuple[Startable, str]]:
    return take_woken(session, now, limit=_AT_ONCE, endpoint_id=endpoint_id)


class Asker(Protocol):
    """Whoever reaches the workflow of an event: the gateway to Temporal."""

    async def request_retry(self, event: Startable, request: RetryRequest) -> None:
        """Ask for deliveries to be sent again. EngineUnavailable when that is not taken."""


class ConcurrencyLimit:
    """Hands the free places of endpoints, and the turns of orders, to deliveries that wait."""

    def __init__(self, database: Database, asker: Asker, clock: Clock) -> None:
        self._database = database
        self._asker = asker
        self._clock = clock
        self._outage = Outage(_SETTLED_S)

    async def admit_next(self, endpoint_id: str) -> None:
        """Ask for the next deliveries of an endpoint that wait for a place."""
        await self._ask(admit, endpoint_id)

    async def wake_later(self, endpoint_id: str) -> None:
        """Ask for the deliveries of an endpoint that wait for an earlier event of their order."""
        await self._ask(_next_of_orders, endpoint_id)

    async def _ask(self, take: Take, endpoint_id: str) -> None:
        """The attempt that has ended never fails for it: what is not taken here is asked for by the
        worker's watch, seconds later."""
        try:
            found = await self._database.write(take, self._clock(), endpoint_id=endpoint_id)
            for event, delivery_id in found:
                request = RetryRequest(DOORSTEP, [delivery_id], only_waiting=True)
                await self._asker.request_retry(event, request)
        except (StoreUnavailable, EngineUnavailable) as error:
            if not error.is_logged and self._outage.begins():
                said = "deliveries that wait for a place wait longer, endpoint %s is the first: %s"
                log.warning(said, endpoint_id, error, extra={"endpoint_id": endpoint_id})
        else:
            if self._outage.ends():
                log.info("deliveries that wait for a place are asked for again")
