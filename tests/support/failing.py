"""Endpoints that fail, attempt by attempt."""

from datetime import datetime
from typing import Any

from contracts.endpoints.circuit_breaker import FAILURES_TO_OPEN, OPENS_AFTER
from store.tables import EndpointRow
from tests.support.shelf import NOW, Shelf, Webhook, an_event

OPENED_AT = NOW + OPENS_AFTER
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
    """Let one that has failed since then fail once more, which opens its breaker; gives that
    delivery."""
    before = {"failures_in_row": FAILURES_TO_OPEN - 1, "failing_since": since}
    await shelf.change(EndpointRow, endpoint_id, **before)
    return await answer(shelf, endpoint_id, 503, since + OPENS_AFTER)


async def failed_until(shelf: Shelf, endpoint_id: str, last: datetime) -> None:
    """As if every probe until then had failed, and the next one's turn had come."""
    await shelf.change(EndpointRow, endpoint_id, last_failed_at=last, probe_at=last)
