"""Notifications: written with the change that they tell of, and settled by whoever sends them.

What became of a notification is decided under its row's lock. `store/sms/notification_texts.py` has
what only SMS needs.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from contracts.delivery.retry import RetrySchedule
from contracts.delivery.verdicts import Answer, Verdict, retry_after_seconds, verdict_of
from contracts.endpoints.notifications import (
    NOTIFICATION_DELAYS_S,
    NotificationChannel,
    NotificationData,
    NotificationKind,
    NotificationResult,
    NotificationState,
    OperationalWebhook,
)
from contracts.errors import NotFound
from contracts.ids import IdKind, new_id
from store.db.row_locks import TO_CHANGE
from store.tables import EndpointNotificationRow, EndpointRow, PartnerRow

log = logging.getLogger(__name__)

STILL_AFTER = timedelta(minutes=10)
"""Temporal is asked again for a notification that waits for so long: its workflow may be lost."""

OUR_FAULT = "our_fault"
NO_PHONE = "the partner has no contact_phone"
_SCHEDULE = RetrySchedule(NOTIFICATION_DELAYS_S)


@dataclass(frozen=True)
class NotificationToStart:
    """What starting the workflow of a notification needs."""

    notification_id: str
    channel: NotificationChannel
    endpoint_id: str
    partner_id: str


@dataclass(frozen=True)
class ReadyNotification:
    """What the operational webhook of a notification says, and how many attempts went before."""

    endpoint_id: str
    body: bytes
    attempts: int


def write_notifications(
    session: Session, endpoint: EndpointRow, reason: str, now: datetime
) -> None:
    """Have ops and the partner told that an endpoint was switched off; sent after the commit."""
    _write(session, endpoint, NotificationChannel.OPS_WEBHOOK, reason, now)
    text = _write(session, endpoint, NotificationChannel.CONTACT_TEXT, reason, now)
    if session.get_one(PartnerRow, endpoint.partner_id).contact_phone is None:
        skip_notification(text, NO_PHONE, now)


def notifications_to_start(session: Session, now: datetime) -> list[NotificationToStart]:
    """Notifications that wait and that Temporal was not asked for lately. Asking for one whose
    workflow runs changes nothing."""
    asked = col(EndpointNotificationRow.asked_at)
    query = select(EndpointNotificationRow).where(
        col(EndpointNotificationRow.state) == NotificationState.WAITING,
        or_(asked.is_(None), asked < now - STILL_AFTER),
    )
    return [
        NotificationToStart(row.id, row.channel, row.endpoint_id, row.partner_id)
        for row in session.exec(query.order_by(col(EndpointNotificationRow.created_at)))
    ]


def mark_asked(session: Session, notification_id: str, now: datetime) -> None:
    """Temporal has a notification's workflow."""
    session.execute(
        update(EndpointNotificationRow)
        .where(col(EndpointNotificationRow.id) == notification_id)
        .values(asked_at=now)
    )


def ready_notification(
    session: Session, notification_id: str
) -> ReadyNotification | NotificationResult:
    """What is to be posted to ops; or how the notification ended, where it has. NotFound without
    it."""
    notification = session.get(EndpointNotificationRow, notification_id)
    if notification is None:
        raise NotFound(f"no notification {notification_id}")
    if notification.state is not NotificationState.WAITING:
        return NotificationResult(notification.state)
    about = NotificationData(
        partner_id=notification.partner_id,
        endpoint_id=notification.endpoint_id,
        reason=notification.reason,
    )
    said = OperationalWebhook(id=notification.id, created_at=notification.created_at, data=about)
    return ReadyNotification(notification.endpoint_id, said.to_bytes(), notification.attempts)


def settle_post(
    session: Session, notification_id: str, answer: Answer, now: datetime
) -> NotificationResult:
    """What ops's receiver answered, written down: any 2xx is the end, any other is tried again."""
    notification = locked_notification(session, notification_id)
    if verdict_of(answer) is Verdict.DELIVERED:
        return sent(notification, now, answer.code)
    if notification.state is not NotificationState.WAITING:
        return NotificationResult(notification.state)
    return missed(notification, answer.code, now, retry_after_s=retry_after_seconds(answer, now))


def skip_waiting(
    session: Session, notification_id: str, why: str, now: datetime
) -> NotificationResult:
    """Send nothing, unless it has ended already."""
    notification = locked_notification(session, notification_id)
    if notification.state is not NotificationState.WAITING:
        return NotificationResult(notification.state)
    return skip_notification(notification, why, now)


def locked_notification(session: Session, notification_id: str) -> EndpointNotificationRow:
    """A notification, locked, as it is after whoever had the lock before. NotFound without it."""
    notification = session.get(
        EndpointNotificationRow, notification_id, with_for_update=TO_CHANGE, populate_existing=True
    )
    if notification is None:
        raise NotFound(f"no notification {notification_id}")
    return notification


def sent(notification: EndpointNotificationRow, now: datetime, code: str) -> NotificationResult:
    """It was taken, also if that comes late."""
    _end(notification, NotificationState.SENT, None, now)
    return NotificationResult(NotificationState.SENT, code)


def missed(
    notification: EndpointNotificationRow,
    code: str,
    now: datetime,
    *,
    retry_after_s: float | None = None,
) -> NotificationResult:
    """An attempt that certainly told nobody: the next one by the schedule, or none after the
    last."""
    notification.attempts, notification.claimed_at = notification.attempts + 1, None
    delay_s = _SCHEDULE.delay_after(notification.attempts, retry_after_s)
    if delay_s is None:
        return give_up(
            notification,
            f"{notification.attempts} attempts failed, the last one with {code}",
            now,
            code,
        )
    return NotificationResult(NotificationState.WAITING, code, delay_s)


def note_mistake(
    session: Session, notification_id: str, now: datetime
) -> NotificationResult | None:
    """A mistake of ours stopped an attempt: it counts as one that told nobody. None for a text that
    is claimed already: it may have been sent, and the next look ends it."""
    notification = locked_notification(session, notification_id)
    if notification.state is not NotificationState.WAITING:
        return NotificationResult(notification.state)
    return None if notification.claimed_at is not None else missed(notification, OUR_FAULT, now)


def give_up(
    notification: EndpointNotificationRow, why: str, now: datetime, code: str | None = None
) -> NotificationResult:
    """Nobody was told, or nobody can tell: ops has to look."""
    _end(notification, NotificationState.FAILED, why, now)
    log.error(
        "notification %s (%s) of endpoint %s of %s has failed: %s",
        notification.id,
        notification.channel,
        notification.endpoint_id,
        notification.partner_id,
        why,
        extra=_ids(notification),
    )
    return NotificationResult(NotificationState.FAILED, code)


def skip_notification(
    notification: EndpointNotificationRow, why: str, now: datetime
) -> NotificationResult:
    """Send nothing, on purpose; the row and the log say why."""
    _end(notification, NotificationState.SKIPPED, why, now)
    log.warning(
        "notification %s (%s) is skipped: %s",
        notification.id,
        notification.channel,
        why,
        extra=_ids(notification),
    )
    return NotificationResult(NotificationState.SKIPPED)


def _ids(notification: EndpointNotificationRow) -> dict[str, str]:
    """What log lines about it carry as fields."""
    return {
        "notification_id": notification.id,
        "endpoint_id": notification.endpoint_id,
        "partner_id": notification.partner_id,
    }


def _write(
    session: Session,
    endpoint: EndpointRow,
    channel: NotificationChannel,
    reason: str,
    now: datetime,
) -> EndpointNotificationRow:
    notification = EndpointNotificationRow(
        id=new_id(IdKind.NOTIFICATION),
        kind=NotificationKind.ENDPOINT_DISABLED,
        channel=channel,
        endpoint_id=endpoint.id,
        partner_id=endpoint.partner_id,
        reason=reason,
        state=NotificationState.WAITING,
        created_at=now,
    )
    session.add(notification)
    return notification


def _end(
    notification: EndpointNotificationRow, state: NotificationState, why: str | None, now: datetime
) -> None:
    notification.state, notification.why, notification.settled_at = state, why, now
