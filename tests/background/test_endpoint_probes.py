"""The watch over endpoints: one that somebody has locked keeps it from no other."""

from typing import Any, cast

from background.endpoint_probes import EndpointWatch
from contracts.clock import utc_now
from contracts.delivery.messages import RetryRequest
from dispatch.recoveries import Recoveries
from store.events.outbox import Startable
from store.tables import DeliveryRow, EndpointRow
from tests.support.locks import locked
from tests.support.shelf import NOW, Shelf, Webhook, after, an_event


class EngineStandIn:
    """Stands in for Temporal: what is asked for, and what is begun, by endpoint."""

    def __init__(self) -> None:
        self.deliveries: list[str] = []
        self.recovered: list[str] = []

    async def request_retry(self, event: Startable, request: RetryRequest) -> None:
        """As the gateway."""
        self.deliveries += request.delivery_ids

    async def start(self, recovery_id: str, endpoint_id: str, partner_id: str) -> None:
        """As `Recoveries`."""
        self.recovered.append(endpoint_id)


async def waiting(shelf: Shelf, partner_id: str) -> tuple[str, str]:
    """An endpoint with a delivery that waits for the place that another one has left."""
    await shelf.add_partner(partner_id)
    endpoint = await shelf.add_endpoint(partner_id, in_flight_limit=1)
    webhooks = []
    for _ in range(2):
        event = an_event(partner_id=partner_id)
        [planned] = (await shelf.plan(event)).deliveries
        webhooks.append(Webhook(shelf, event, planned.delivery_id, endpoint.id))
    ready = await webhooks[0].ready(now=NOW)
    await webhooks[1].begin(now=after(1))
    await webhooks[0].finish(ready, 200, now=after(2))
    return endpoint.id, planned.delivery_id


async def watch_beside_a_lock(shelf: Shelf, endpoint_id: str) -> EngineStandIn:
    asked = EngineStandIn()
    gateway, recoveries = cast(Any, asked), cast(Recoveries, asked)
    async with locked(shelf, (EndpointRow, endpoint_id)):
        await EndpointWatch(shelf.database, gateway, recoveries, utc_now).look()
    return asked


async def test_the_others_are_let_in(shelf: Shelf) -> None:
    stuck, free = [await waiting(shelf, one) for one in ("stuck", "free")]
    asked = await watch_beside_a_lock(shelf, stuck[0])
    assert asked.deliveries == [free[1]]
    assert (await shelf.one(DeliveryRow, stuck[1])).hold_reason == "endpoint_busy"


async def test_the_others_are_recovered(shelf: Shelf) -> None:
    stuck, free = [(await waiting(shelf, one))[0] for one in ("stuck", "free")]
    for one in (stuck, free):
        await shelf.change(EndpointRow, one, recover_since=NOW)
    assert (await watch_beside_a_lock(shelf, stuck)).recovered == [free]
