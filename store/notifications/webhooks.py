"""Operational webhooks of notifications: what is posted, to ops or to the partner's receiver."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from contracts.delivery.verdicts import Answer, Verdict, retry_after_seconds, verdict_of
from contracts.notifications.messages import MessageChannel, MessageResult, MessageState
from contracts.notifications.webhooks import OpsWebhook, operational_webhook
from store.encryption.columns import NOTIFICATION_WEBHOOK_SECRET
from store.encryption.sealing import open_sealed
from store.notifications.messages import (
    locked_message,
    missed,
    notifications_of,
    sent,
    skip,
)
from store.tables import NotificationMessageRow, NotificationWebhookRow

NO_OPS_WEBHOOK = "no ops webhook is set"
NO_PARTNER_WEBHOOK = "the partner has no webhook for notifications any more"


@dataclass(frozen=True)
class ReadyPost:
    """What an operational webhook says, and how many attempts went before. Never leaves the
    activity."""

    notification_id: str
    endpoint_id: str | None
    receiver: OpsWebhook
    body: bytes
    attempts: int


def ready_post(
    session: Session, message_id: str, now: datetime, ops: OpsWebhook | None
) -> ReadyPost | MessageResult:
    """What is to be posted; or how the message ended, where it has. NotFound without it."""
    message = locked_message(session, message_id)
    if message.state is not MessageState.WAITING:
        return MessageResult(message.state)
    [told] = notifications_of(session, message_id)
    to_ops = message.channel is MessageChannel.OPS_WEBHOOK
    receiver = ops if to_ops else _receiver_of(session, message)
    if receiver is None:
        return skip(session, message, NO_OPS_WEBHOOK if to_ops else NO_PARTNER_WEBHOOK, now)
    body = operational_webhook(
        told.kind,
        told.id,
        told.created_at,
        told.about,
        partner_id=told.partner_id,
        endpoint_id=told.endpoint_id,
    )
    return ReadyPost(told.id, told.endpoint_id, receiver, body.to_bytes(), message.attempts)


def settle_post(session: Session, message_id: str, answer: Answer, now: datetime) -> MessageResult:
    """What the receiver answered, written down: any 2xx is the end, any other is tried again."""
    message = locked_message(session, message_id)
    if verdict_of(answer) is Verdict.DELIVERED:
        return sent(session, message, now, answer.code)
    if message.state is not MessageState.WAITING:
        return MessageResult(message.state)
    retry_after_s = retry_after_seconds(answer, now)
    return missed(session, message, answer.code, now, retry_after_s=retry_after_s)


def _receiver_of(session: Session, message: NotificationMessageRow) -> OpsWebhook | None:
    row = session.get(NotificationWebhookRow, message.partner_id)
    if row is None:
        return None
    secret = open_sealed(session, NOTIFICATION_WEBHOOK_SECRET, row.secret, row.partner_id)
    return OpsWebhook(row.url, secret)
