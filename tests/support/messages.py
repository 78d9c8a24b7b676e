"""Messages of notifications for tests of what shows them: rows as the fan-out leaves them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import JsonValue
from sqlmodel import Session

from contracts.access.users import Invite, Role
from contracts.ids import IdKind, new_id
from contracts.notifications.kinds import NotificationKind
from contracts.notifications.messages import MessageChannel, MessageState
from store.access.invitations import invite
from store.db.database import Database
from store.notifications.notify import notify
from store.tables import NotificationItemRow, NotificationMessageRow, UserRow
from tests.support.shelf import NOW

HOST = "hooks.shop.example"
FAILS: dict[str, JsonValue] = {
    "host": HOST,
    "event_id": "evt-1",
    "order_id": "ORD-1",
    "event_type": "out_for_delivery",
    "code": "http_503",
    "status": 503,
    "since": NOW.isoformat(),
}


@dataclass(frozen=True)
class MessageDraft:
    """What a message tells, and how it stands."""

    kind: NotificationKind = NotificationKind.ENDPOINT_FAILING
    channel: MessageChannel = MessageChannel.EMAIL
    state: MessageState = MessageState.SENT
    partner_id: str | None = "shop"
    user_id: str | None = None
    code: str | None = "smtp_250"
    why: str | None = None
    count: int = 1
    at: datetime = NOW
    send_after: datetime | None = None


async def add_message(database: Database, told: MessageDraft | None = None) -> str:
    """Put a message there with its notifications; gives its id."""
    return await database.write(_add, told or MessageDraft())


async def add_messages(database: Database) -> None:
    """One over each channel and in each state, to an owner of `shop` where it is an e-mail; one
    tells much."""
    priya = await add_owner(database)
    for channel in MessageChannel:
        user_id = priya.id if channel is MessageChannel.EMAIL else None
        for state in MessageState:
            told = MessageDraft(channel=channel, state=state, user_id=user_id, why="in words")
            await add_message(database, told)
    await add_message(database, MessageDraft(user_id=priya.id, count=12))


async def add_owner(
    database: Database, email: str = "priya@chaipoint.example", partner_id: str | None = "shop"
) -> UserRow:
    """Somebody who is told by e-mail: an owner, or of ops without a partner."""
    role = Role.OPS if partner_id is None else Role.OWNER
    asked = Invite(email=email, name="Priya Nair", role=role, partner_id=partner_id)
    user, _ = await database.write(invite, asked, NOW, actor="test")
    return user


def _add(session: Session, told: MessageDraft) -> str:
    message_id = new_id(IdKind.NOTIFICATION_MESSAGE)
    ended = told.at if told.state is not MessageState.WAITING else None
    fields: dict[str, Any] = {
        "channel": told.channel,
        "partner_id": told.partner_id,
        "user_id": told.user_id,
        "state": told.state,
        "code": told.code,
        "why": told.why,
        "created_at": told.at,
        "send_after": told.send_after or told.at,
        "settled_at": ended,
    }
    session.add(NotificationMessageRow(id=message_id, **fields))
    session.flush()
    for _ in range(told.count):
        notification_id = notify(
            session, told.kind, told.at, partner_id=told.partner_id, about=FAILS
        )
        assert notification_id is not None
        session.add(NotificationItemRow(message_id=message_id, notification_id=notification_id))
    return message_id
