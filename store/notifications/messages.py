"""Messages of notifications: locked, and settled by whoever sends them.

What became of a message is decided under its row's lock. A secret link ends with its message.
"""

import logging
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from contracts.delivery.retry import RetrySchedule, spread_of, spread_out
from contracts.errors import NotFound
from contracts.notifications.messages import (
    MAIL_DELAYS_S,
    MAIL_THEN_S,
    NOTIFICATION_DELAYS_S,
    MessageChannel,
    MessageResult,
    MessageState,
)
from store.db.restores import may_have_happened
from store.db.row_locks import TO_CHANGE
from store.notifications.still_true import useful_until
from store.tables import NotificationItemRow, NotificationMessageRow, NotificationRow

log = logging.getLogger(__name__)


OUR_FAULT, INTERRUPTED = "our_fault", "interrupted"
MAY_BE_SENT = "it may have been sent, so it is not sent again"
_SCHEDULE = RetrySchedule(NOTIFICATION_DELAYS_S)
_MAIL_SCHEDULE = RetrySchedule(MAIL_DELAYS_S)
_SOON_S = 1.0


def locked_message(session: Session, message_id: str) -> NotificationMessageRow:
    """A message, locked, as it is after whoever had the lock before. NotFound without it."""
    message = session.get(
        NotificationMessageRow, message_id, with_for_update=TO_CHANGE, populate_existing=True
    )
    if message is None:
        raise NotFound(f"no message {message_id} of a notification")
    return message


def notifications_of(session: Session, message_id: str) -> list[NotificationRow]:
    """What a message carries, the oldest first."""
    item = NotificationItemRow
    query = (
        select(NotificationRow)
        .join(item, col(item.notification_id) == col(NotificationRow.id))
        .where(col(item.message_id) == message_id)
        .order_by(col(NotificationRow.created_at), col(NotificationRow.id))
    )
    return list(session.exec(query))


def may_have_told(session: Session, message: NotificationMessageRow) -> bool:
    """Whether somebody may have been told before a restore of the database, which has forgotten
    that. The message itself may be younger: what was not fanned out in the backup is again."""
    written = (one.created_at for one in notifications_of(session, message.id))
    return may_have_happened(session, min(written, default=message.created_at))


def skip_waiting(session: Session, message_id: str, why: str, now: datetime) -> MessageResult:
    """Send nothing, unless it has ended already."""
    message = locked_message(session, message_id)
    if message.state is not MessageState.WAITING:
        return MessageResult(message.state)
    return skip(session, message, why, now)


def sent(
    session: Session, message: NotificationMessageRow, now: datetime, code: str
) -> MessageResult:
    """It was taken, also if that comes late."""
    return _end(session, message, MessageState.SENT, None, now, code)


def missed(
    session: Session,
    message: NotificationMessageRow,
    code: str,
    now: datetime,
    *,
    retry_after_s: float | None = None,
) -> MessageResult:
    """An attempt that certainly told nobody: the next one by the schedule, or none after the last.
    An e-mail has no last one: it ends when nothing of it is of use any more."""
    message.attempts, message.claimed_at, message.code = message.attempts + 1, None, code
    if message.channel is MessageChannel.EMAIL:
        delay_s = _MAIL_SCHEDULE.delay_after(message.attempts) or MAIL_THEN_S
        return mail_again(session, message, code, delay_s, now)
    next_s = _SCHEDULE.delay_after(message.attempts, retry_after_s)
    if next_s is None:
        why = f"{message.attempts} attempts failed, the last one with {code}"
        return give_up(session, message, MessageState.FAILED, why, now, code)
    return MessageResult(MessageState.WAITING, code, next_s)


def mail_again(
    session: Session, message: NotificationMessageRow, code: str, delay_s: float, now: datetime
) -> MessageResult:
    """An e-mail that is tried again after so long, or when it is of no use any more, if that comes
    first. What missed together does not come back together."""
    left = (useful_until(one) for one in notifications_of(session, message.id))
    useful_for_s = (max(left, default=now) - now).total_seconds()
    delay_s = min(spread_out(delay_s, spread_of(message.id)), useful_for_s)
    return MessageResult(MessageState.WAITING, code, max(delay_s, _SOON_S))


def note_mistake(session: Session, message_id: str, now: datetime) -> MessageResult | None:
    """A mistake of ours stopped an attempt: it counts as one that told nobody. None for a message
    that is claimed already: it may have been sent, and the next look ends it."""
    message = locked_message(session, message_id)
    if message.state is not MessageState.WAITING:
        return MessageResult(message.state)
    return None if message.claimed_at is not None else missed(session, message, OUR_FAULT, now)


def unknown(
    session: Session, message: NotificationMessageRow, code: str, now: datetime
) -> MessageResult:
    """Nobody can tell whether it was sent."""
    why = f"{code}: {MAY_BE_SENT}"
    return give_up(session, message, MessageState.UNKNOWN, why, now, code)


def give_up(
    session: Session,
    message: NotificationMessageRow,
    state: MessageState,
    why: str,
    now: datetime,
    code: str | None = None,
) -> MessageResult:
    """Nobody was told, or nobody can tell: ops has to look."""
    log.error(
        "message %s (%s) of a notification has ended as %s: %s",
        message.id,
        message.channel,
        state,
        why,
        extra=_ids(message),
    )
    return _end(session, message, state, why, now, code)


def skip(
    session: Session, message: NotificationMessageRow, why: str, now: datetime
) -> MessageResult:
    """Send nothing, on purpose; the row and the log say why."""
    log.warning(
        "message %s (%s) of a notification is skipped: %s",
        message.id,
        message.channel,
        why,
        extra=_ids(message),
    )
    return _end(session, message, MessageState.SKIPPED, why, now, None)


def _end(
    session: Session,
    message: NotificationMessageRow,
    state: MessageState,
    why: str | None,
    now: datetime,
    code: str | None,
) -> MessageResult:
    message.state, message.why, message.settled_at = state, why, now
    message.code = code or message.code
    carried = select(NotificationItemRow.notification_id).where(
        col(NotificationItemRow.message_id) == message.id
    )
    session.execute(
        update(NotificationRow)
        .where(col(NotificationRow.id).in_(carried), col(NotificationRow.secret).is_not(None))
        .values(secret=None)
    )
    return MessageResult(state, code)


def _ids(message: NotificationMessageRow) -> dict[str, str | None]:
    """What log lines about it carry as fields."""
    return {"message_id": message.id, "partner_id": message.partner_id}
