"""Notifications for tests: an endpoint that was switched off, people who are told, and what was
made of it."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from contracts.access.users import Role
from contracts.notifications.kinds import NotificationKind
from contracts.notifications.messages import Channels, MessageChannel
from store.encryption.columns import NOTIFICATION_WEBHOOK_SECRET
from store.encryption.sealing import seal
from store.notifications.fan_out import fan_out
from store.notifications.notify import notify
from store.tables import (
    EndpointRow,
    NotificationItemRow,
    NotificationMessageRow,
    NotificationRow,
    NotificationWebhookRow,
    UserRow,
)
from tests.support.shelf import NOW, Shelf, Webhook, an_event

PHONE = "+919812345678"
URL = "https://hooks.shop.example/doorstep?token=hook-secret"
HOST = "hooks.shop.example"
OPS_ONLY, ALL = Channels(ops_webhook=True), Channels(email=True, ops_webhook=True)
MAIL_ONLY = Channels(email=True)
AT_ONCE = timedelta()


async def shop_with_a_phone(shelf: Shelf, phone: str | None = PHONE) -> EndpointRow:
    """The partner `shop` with one endpoint, and the owner's phone, confirmed."""
    await shelf.add_partner(contact_phone=phone, contact_phone_confirmed=phone is not None)
    return await shelf.add_endpoint(url=URL)


async def delivery_to(shelf: Shelf, endpoint_id: str) -> Webhook:
    """A planned delivery to the endpoint of a partner that has no other."""
    event = an_event()
    [planned] = (await shelf.plan(event)).deliveries
    return Webhook(shelf, event, planned.delivery_id, endpoint_id)


async def switched_off(
    shelf: Shelf, phone: str | None = PHONE
) -> dict[MessageChannel, NotificationMessageRow]:
    """The messages of an endpoint that has answered 410: to ops, and to the phone."""
    endpoint = await shop_with_a_phone(shelf, phone)
    await (await delivery_to(shelf, endpoint.id)).attempt(410)
    await fanned_out(shelf, OPS_ONLY)
    return {message.channel: message for message in await messages_of(shelf)}


async def fanned_out(
    shelf: Shelf,
    channels: Channels = ALL,
    now: datetime = NOW,
    wait: timedelta = AT_ONCE,
) -> int:
    """Make the messages of what is due."""
    return await shelf.database.write(fan_out, now, channels, wait)


async def messages_of(
    shelf: Shelf, channel: MessageChannel | None = None
) -> list[NotificationMessageRow]:
    """Every message, or those of one channel, in the order they were made."""
    query = select(NotificationMessageRow).order_by(col(NotificationMessageRow.id))
    rows = await shelf.database.read(lambda session: list(session.exec(query)))
    return [one for one in rows if channel in (None, one.channel)]


async def notifications_of(shelf: Shelf) -> list[NotificationRow]:
    """Every notification, in the order they were written."""
    query = select(NotificationRow).order_by(col(NotificationRow.id))
    return await shelf.database.read(lambda session: list(session.exec(query)))


async def carried_by(shelf: Shelf, message_id: str) -> list[NotificationItemRow]:
    """What a message carries, in the order it was written."""
    query = (
        select(NotificationItemRow)
        .where(col(NotificationItemRow.message_id) == message_id)
        .order_by(col(NotificationItemRow.notification_id))
    )
    return await shelf.database.read(lambda session: list(session.exec(query)))


async def somebody(
    shelf: Shelf,
    name: str = "priya",
    role: Role = Role.OWNER,
    partner_id: str | None = "shop",
) -> UserRow:
    """A person who has joined; of ops without a partner."""
    whose = None if role is Role.OPS else partner_id
    user, _ = await shelf.invite(f"{name}@chaipoint.example", role, whose)
    await shelf.change(UserRow, user.id, joined_at=NOW)
    return user


async def tell(
    shelf: Shelf,
    kind: NotificationKind,
    now: datetime = NOW,
    *,
    endpoint_id: str | None = None,
    partner_id: str | None = "shop",
    user_id: str | None = None,
    secret: str | None = None,
    host: str = HOST,
) -> str:
    """Write a notification; gives its id."""
    written = await shelf.database.write(
        lambda session: notify(
            session,
            kind,
            now,
            partner_id=partner_id,
            endpoint_id=endpoint_id,
            user_id=user_id,
            about={"host": host},
            secret=secret,
        )
    )
    assert written is not None
    return written


async def put_webhook(shelf: Shelf, url: str, secret: str, partner_id: str = "shop") -> None:
    """The partner's own receiver of notifications."""

    def put(session: Session) -> None:
        sealed = seal(session, NOTIFICATION_WEBHOOK_SECRET, secret, partner_id)
        session.add(
            NotificationWebhookRow(
                partner_id=partner_id, url=url, secret=sealed, created_at=NOW, created_by="test"
            )
        )

    await shelf.database.write(put)


async def write_secrets(shelf: Shelf) -> None:
    """A link that goes by e-mail, and what signs a partner's own notifications."""
    await tell(shelf, NotificationKind.INVITATION, secret="lnk_1.token")
    await put_webhook(shelf, URL, "whsec_x")
