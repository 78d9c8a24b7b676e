"""Which messages of notifications wait for Temporal to send them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from contracts.notifications.messages import MessageChannel, MessageState
from store.tables import NotificationMessageRow

STILL_AFTER = timedelta(minutes=10)
"""Temporal is asked again for a message that waits for so long: its workflow may be lost."""


@dataclass(frozen=True)
class MessageToStart:
    """What starting the workflow of a message needs. `partner_id` is None for what goes to ops."""

    message_id: str
    channel: MessageChannel
    partner_id: str | None


def messages_to_start(session: Session, now: datetime) -> list[MessageToStart]:
    """Messages that wait, not for the morning, and that Temporal was not asked for lately. Asking
    for one whose workflow runs changes nothing."""
    message, asked = NotificationMessageRow, col(NotificationMessageRow.asked_at)
    query = select(message).where(
        col(message.state) == MessageState.WAITING,
        col(message.send_after) <= now,
        or_(asked.is_(None), asked < now - STILL_AFTER),
    )
    return [
        MessageToStart(row.id, row.channel, row.partner_id)
        for row in session.exec(query.order_by(col(message.created_at)))
    ]


def mark_asked(session: Session, message_id: str, now: datetime) -> None:
    """Temporal has a message's workflow."""
    session.execute(
        update(NotificationMessageRow)
        .where(col(NotificationMessageRow.id) == message_id)
        .values(asked_at=now)
    )
