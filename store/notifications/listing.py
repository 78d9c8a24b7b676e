"""Messages of notifications, sent or to be sent: each with whom it is for and what it tells."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue
from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from contracts.access.users import masked_email
from contracts.notifications.kinds import NotificationKind
from contracts.notifications.messages import MessageChannel, MessageState
from store.db.keyset import Position, newest_first
from store.encryption.columns import USER_EMAIL
from store.encryption.sealing import open_sealed
from store.tables import NotificationItemRow, NotificationMessageRow, NotificationRow, UserRow

MOST_NAMED = 10
"""So many notifications of a message are read; an e-mail may carry hundreds."""


@dataclass(frozen=True)
class MessageFilter:
    """Which messages to show. Nothing set shows all."""

    partner_id: str | None = None
    channel: MessageChannel | None = None
    states: Collection[MessageState] = ()


@dataclass(frozen=True)
class Recipient:
    """Whom an e-mail is for. Of the address the first letter and the domain are shown, and nothing
    once the person was removed."""

    user_id: str
    name: str
    address: str | None


@dataclass(frozen=True)
class CarriedNotification:
    """A notification that a message carries; `left_out`: it was over before the message went."""

    id: str
    kind: NotificationKind
    partner_id: str | None
    endpoint_id: str | None
    about: Mapping[str, JsonValue]
    created_at: datetime
    left_out: bool


@dataclass(frozen=True)
class ListedMessage:
    """One message. `notifications` are the first of the `count` that it carries; `recipient` is
    None for what goes to a phone or a webhook."""

    row: NotificationMessageRow
    recipient: Recipient | None
    notifications: Sequence[CarriedNotification]
    count: int


def list_messages(
    session: Session,
    wanted: MessageFilter,
    *,
    owner: str | None = None,
    after: Position | None,
    limit: int,
) -> list[ListedMessage]:
    """A page of messages, the newest first; of those that went to one owner's people, phone and
    webhook, where there is an owner."""
    message = NotificationMessageRow
    query = select(message, UserRow).outerjoin(UserRow, col(UserRow.id) == col(message.user_id))
    query = query.where(*_conditions(wanted))
    if owner is not None:
        query = query.where(col(message.partner_id) == owner)
    query = newest_first(query, col(message.created_at), col(message.id), after).limit(limit)
    found = session.exec(query).all()
    carried = _carried(session, [row.id for row, _ in found])
    return [
        ListedMessage(row, _recipient(session, user), *carried.get(row.id, ((), 0)))
        for row, user in found
    ]


def _conditions(wanted: MessageFilter) -> list[ColumnElement[bool]]:
    message, conditions = NotificationMessageRow, []
    if wanted.partner_id is not None:
        conditions.append(col(message.partner_id) == wanted.partner_id)
    if wanted.channel is not None:
        conditions.append(col(message.channel) == wanted.channel)
    if wanted.states:
        conditions.append(col(message.state).in_(wanted.states))
    return conditions


def _recipient(session: Session, user: UserRow | None) -> Recipient | None:
    if user is None:
        return None
    address = user.email and masked_email(open_sealed(session, USER_EMAIL, user.email, user.id))
    return Recipient(user.id, user.name, address)


def _carried(
    session: Session, message_ids: Sequence[str]
) -> dict[str, tuple[list[CarriedNotification], int]]:
    """The first notifications of each message, and how many it carries."""
    item = NotificationItemRow
    message, notification = col(item.message_id), col(item.notification_id)
    place = func.row_number().over(partition_by=message, order_by=notification)
    count_of_it = func.count().over(partition_by=message)
    numbered = (
        select(item, place.label("place"), count_of_it.label("count"))
        .where(message.in_(message_ids))
        .subquery()
    )
    query = (
        select(numbered.c.message_id, numbered.c["count"], numbered.c.left_out, NotificationRow)
        .join(NotificationRow, col(NotificationRow.id) == numbered.c.notification_id)
        .where(numbered.c.place <= MOST_NAMED)
        .order_by(col(NotificationRow.id))
    )
    found: dict[str, tuple[list[CarriedNotification], int]] = {}
    for message_id, count, left_out, row in session.execute(query):
        named, _ = found.setdefault(message_id, ([], count))
        named.append(
            CarriedNotification(
                row.id,
                row.kind,
                row.partner_id,
                row.endpoint_id,
                row.about,
                row.created_at,
                left_out,
            )
        )
    return found
