"""Notifications for tests: an endpoint that was switched off, and what was written of it."""

from sqlmodel import col, select

from contracts.endpoints.notifications import NotificationChannel
from store.tables import EndpointRow, NotificationRow
from tests.support.shelf import Shelf, Webhook, an_event

PHONE = "+919812345678"
URL = "https://hooks.shop.example/doorstep?token=hook-secret"


async def shop_with_a_phone(shelf: Shelf, phone: str | None = PHONE) -> EndpointRow:
    """The partner `shop` with one endpoint, and the owner's phone."""
    await shelf.add_partner(contact_phone=phone)
    return await shelf.add_endpoint(url=URL)


async def delivery_to(shelf: Shelf, endpoint_id: str) -> Webhook:
    """A planned delivery to the endpoint of a partner that has no other."""
    event = an_event()
    [planned] = (await shelf.plan(event)).deliveries
    return Webhook(shelf, event, planned.delivery_id, endpoint_id)


async def switched_off(
    shelf: Shelf, phone: str | None = PHONE
) -> dict[NotificationChannel, NotificationRow]:
    """The notifications of an endpoint that has answered 410."""
    endpoint = await shop_with_a_phone(shelf, phone)
    await (await delivery_to(shelf, endpoint.id)).attempt(410)
    return {notification.channel: notification for notification in await notifications_of(shelf)}


async def notifications_of(shelf: Shelf) -> list[NotificationRow]:
    """Every notification: those for ops, then the texts, each in the order they were written."""
    query = select(NotificationRow).order_by(
        col(NotificationRow.channel).desc(), col(NotificationRow.id)
    )
    return await shelf.database.read(lambda session: list(session.exec(query)))
