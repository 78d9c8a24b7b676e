"""Endpoints that fail, attempt by attempt."""

from datetime import datetime
from typing import Any

from contracts.endpoints.circuit_breaker import FAILURES_TO_OPEN
from tests.support.shelf import NOW, Shelf, Webhook, after, an_event

APART_S = 4.0
OPENED_AT = after((FAILURES_TO_OPEN - 1) * APART_S)
"""When the breaker opens of an endpoint that fails from NOW on."""


async def delivery_to(shelf: Shelf, endpoint_id: str, **event: Any) -> Webhook:
    """One more planned delivery to the endpoint of a partner that has no other."""
    of_event = an_event(**event)
    [planned] = (await shelf.plan(of_event)).deliveries
    return Webhook(shelf, of_event, planned.delivery_id, endpoint_id)


async def answer(
    shelf: Shelf, endpoint_id: str, status: int, now: datetime = NOW, **event: Any
) -> Webhook:
    """What the endpoint answers to one more event."""
    webhook = await delivery_to(shelf, endpoint_id, **event)
    await webhook.finish(await webhook.ready(now=now), status, now=now)
    return webhook


async def open_breaker(shelf: Shelf, endpoint_id: str, since: datetime = NOW) -> Webhook:
    """Let it fail until its breaker opens; gives the delivery that opened it."""
    for number in range(FAILURES_TO_OPEN):
        webhook = await answer(shelf, endpoint_id, 503, since + number * (after(APART_S) - NOW))
    return webhook
