"""E-mails of notifications: put together, claimed right before the body leaves, and settled."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from contracts.notifications.kinds import RULES
from contracts.notifications.links import link_path
from contracts.notifications.mail import MailAnswer, MailFate, MailItem
from contracts.notifications.messages import MessageResult, MessageState
from contracts.notifications.quiet_hours import end_of_quiet_hours
from store.db.restores import RESTORED
from store.encryption.columns import NOTIFICATION_SECRET, USER_EMAIL
from store.encryption.sealing import open_sealed
from store.notifications.drafts import ADDRESS_REFUSED
from store.notifications.messages import (
    INTERRUPTED,
    give_up,
    locked_message,
    mail_again,
    may_have_told,
    missed,
    notifications_of,
    sent,
    skip,
    unknown,
)
from store.notifications.recipients import time_zone_of
from store.notifications.still_true import SomeWait, still_true, what_is_true
from store.tables import (
    NotificationItemRow,
    NotificationMessageRow,
    NotificationRow,
    PartnerRow,
    UserRow,
)

OUT_OF_DATE = "nothing of it is true or of use any more"
TOO_LATE = "it could not be sent while it was of use"
NO_USER = "they cannot sign in any more"
QUIET, CHANGED = "quiet_hours", "changed"
NO_PLACE_AGAIN_S = 30.0
"""So long an e-mail waits that found all connections to the mail server taken."""


@dataclass(frozen=True)
class ReadyMail:
    """What an e-mail tells, and whom. Never leaves the activity. `told` are the ids of its
    notifications: if others are true when it is claimed, it is put together anew. `optional`:
    whoever gets it may switch all that is in it off."""

    to: str = field(repr=False)
    name: str = field(repr=False)
    language: str | None
    items: Sequence[MailItem]
    told: Sequence[str]
    optional: bool


def ready_mail(
    session: Session,
    message_id: str,
    now: datetime,
    base_url: str,
    some_unanswered: SomeWait,
) -> ReadyMail | MessageResult:
    """What is to be sent now; or how the message stands, where nothing is. NotFound without it."""
    message = locked_message(session, message_id)
    if message.state is not MessageState.WAITING:
        return MessageResult(message.state)
    if message.claimed_at is not None:
        return unknown(session, message, INTERRUPTED, now)
    if may_have_told(session, message):
        return unknown(session, message, RESTORED, now)
    user = _user_of(session, message)
    if user.removed_at is not None or user.email is None:
        return skip(session, message, NO_USER, now)
    if user.email_refused_at is not None:
        return skip(session, message, ADDRESS_REFUSED, now)
    carried = notifications_of(session, message_id)
    told = still_true(session, carried, now, some_unanswered)
    if not told:
        true = what_is_true(session, carried, now, some_unanswered)
        return _nothing_left(session, message, now, came_too_late=bool(true))
    if (morning := _end_of_quiet(session, user, told, now)) > now:
        message.send_after = morning
        return MessageResult(MessageState.WAITING, QUIET, (morning - now).total_seconds())
    return _put_together(session, user, user.email, told, base_url)


def claim_mail(
    session: Session,
    message_id: str,
    told: Sequence[str],
    now: datetime,
    some_unanswered: SomeWait,
) -> bool:
    """Claim it before its body leaves. False where it has ended, or would tell something else
    now."""
    message = locked_message(session, message_id)
    if message.state is not MessageState.WAITING or message.claimed_at is not None:
        return False
    carried = notifications_of(session, message_id)
    true = still_true(session, carried, now, some_unanswered)
    if [one.id for one in true] != list(told):
        return False
    message.claimed_at = now
    _leave_out(session, message_id, [one.id for one in carried if one.id not in told])
    return True


def settle_mail(
    session: Session, message_id: str, answer: MailAnswer, now: datetime
) -> MessageResult:
    """What the mail server answered, written down. Only what certainly was not sent is tried
    again."""
    message = locked_message(session, message_id)
    if answer.fate is MailFate.SENT:
        return sent(session, message, now, answer.code)
    if message.state is not MessageState.WAITING:
        return MessageResult(message.state)
    match answer.fate:
        case MailFate.STOPPED:
            return MessageResult(MessageState.WAITING, CHANGED, 0.0)
        case MailFate.NO_PLACE:
            return mail_again(session, message, answer.code, NO_PLACE_AGAIN_S, now)
        case MailFate.NOT_SENT:
            return missed(session, message, answer.code, now)
        case MailFate.UNKNOWN:
            return unknown(session, message, answer.code, now)
        case MailFate.REFUSED:
            user = _user_of(session, message)
            user.email_refused_at, user.email_refused_code = now, answer.code
    why = f"the mail server refuses it for good: {answer.detail or answer.code}"
    return give_up(session, message, MessageState.REFUSED, why, now, answer.code)


def _user_of(session: Session, message: NotificationMessageRow) -> UserRow:
    return session.get_one(UserRow, message.user_id)


def _nothing_left(
    session: Session, message: NotificationMessageRow, now: datetime, *, came_too_late: bool
) -> MessageResult:
    if came_too_late:
        return give_up(session, message, MessageState.FAILED, TOO_LATE, now, message.code)
    return skip(session, message, OUT_OF_DATE, now)


def _end_of_quiet(
    session: Session, user: UserRow, told: Sequence[NotificationRow], now: datetime
) -> datetime:
    """The morning, where it is night and all of it can wait; else now."""
    if not all(RULES[one.kind].can_wait for one in told):
        return now
    return end_of_quiet_hours(now, time_zone_of(session, user.partner_id))


def _put_together(
    session: Session, user: UserRow, email: str, told: Sequence[NotificationRow], base_url: str
) -> ReadyMail:
    return ReadyMail(
        to=open_sealed(session, USER_EMAIL, email, user.id),
        name=user.name,
        language=user.language,
        items=[_item(session, one, base_url) for one in told],
        told=[one.id for one in told],
        optional=all(RULES[one.kind].optional for one in told),
    )


def _item(session: Session, one: NotificationRow, base_url: str) -> MailItem:
    partner = session.get(PartnerRow, one.partner_id) if one.partner_id else None
    secret = one.secret and open_sealed(session, NOTIFICATION_SECRET, one.secret, one.id)
    path = link_path(
        one.kind, partner_id=one.partner_id, endpoint_id=one.endpoint_id, secret=secret
    )
    return MailItem(
        kind=one.kind,
        about=one.about,
        created_at=one.created_at,
        time_zone=time_zone_of(session, one.partner_id),
        partner_id=one.partner_id,
        partner_name=partner.name if partner else None,
        endpoint_id=one.endpoint_id,
        link=f"{base_url}{path}",
    )


def _leave_out(session: Session, message_id: str, left_out: Sequence[str]) -> None:
    session.execute(
        update(NotificationItemRow)
        .where(
            col(NotificationItemRow.message_id) == message_id,
            col(NotificationItemRow.notification_id).in_(left_out),
        )
        .values(left_out=True)
    )
