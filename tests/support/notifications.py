"""Notifications for tests: an endpoint that was switched off, and what was written of it."""

from sqlmodel import Session, col, select

from contracts.endpoints.notifications import NotificationChannel
from contracts.notifications.kinds import NotificationKind
from store.encryption.columns import NOTIFICATION_WEBHOOK_SECRET
from store.encryption.sealing import seal
from store.notifications.notify import notify
from store.tables import EndpointNotificationRow, EndpointRow, NotificationWebhookRow
from tests.support.shelf import NOW, Shelf, Webhook, an_event

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
) -> dict[NotificationChannel, EndpointNotificationRow]:
    """The notifications of an endpoint that has answered 410."""
    endpoint = await shop_with_a_phone(shelf, phone)
    await (await delivery_to(shelf, endpoint.id)).attempt(410)
    return {notification.channel: notification for notification in await notifications_of(shelf)}


async def notifications_of(shelf: Shelf) -> list[EndpointNotificationRow]:
    """Every notification: those for ops, then the texts, each in the order they were written."""
    query = select(EndpointNotificationRow).order_by(
        col(EndpointNotificationRow.channel).desc(), col(EndpointNotificationRow.id)
    )
    return await shelf.database.read(lambda session: list(session.exec(query)))


def write_secrets(session: Session) -> None:
    """A link that goes by e-mail, and what signs a partner's own notifications."""
    notify(session, NotificationKind.INVITATION, NOW, secret="lnk_1.token")
    sealed = seal(session, NOTIFICATION_WEBHOOK_SECRET, "whsec_x", "shop")
    session.add(
        NotificationWebhookRow(
            partner_id="shop", url=URL, secret=sealed, created_at=NOW, created_by="test"
        )
    )
