"""The messages of notifications, as fan-out writes them: whom each goes to, and with what else."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from contracts.ids import IdKind, new_id
from contracts.notifications.kinds import RULES, NotificationKind
from contracts.notifications.messages import MessageChannel, MessageState
from contracts.notifications.quiet_hours import end_of_quiet_hours
from store.notifications.messages import notifications_of
from store.notifications.pairs import RECOVERED, told_of_failing
from store.notifications.recipients import recipients_of, time_zone_of
from store.tables import (
    NotificationItemRow,
    NotificationMessageRow,
    NotificationRow,
    NotificationWebhookRow,
    PartnerRow,
    UserRow,
)

ADDRESS_REFUSED = "the mail server refuses the address"
NO_PHONE = "the partner has no contact_phone"
MOST_MISSED = 2
"""An e-mail that has missed more attempts sleeps for minutes or an hour: what is new does not sleep
with it."""


def draft_emails(session: Session, told: Sequence[NotificationRow], now: datetime) -> set[str]:
    """One e-mail for each person and bundle; into one that still waits, where there is one. Gives
    the ids of the notifications that somebody gets."""
    users: dict[str, UserRow] = {}
    mails: dict[tuple[str, str], list[NotificationRow]] = defaultdict(list)
    for one in told:
        for user in recipients_of(session, one):
            users[user.id] = user
            mails[user.id, RULES[one.kind].bundle or one.id].append(one)
    for (user_id, _), items in mails.items():
        _mail(session, users[user_id], items, now)
    return {one.id for items in mails.values() for one in items}


def draft_texts(session: Session, told: Sequence[NotificationRow], now: datetime) -> set[str]:
    """One text for each partner and kind, of what cannot wait; skipped where it has no phone."""
    texts: dict[tuple[str, str], list[NotificationRow]] = defaultdict(list)
    for one in told:
        if RULES[one.kind].sms and one.partner_id is not None:
            texts[one.partner_id, one.kind].append(one)
    for (partner_id, _), items in texts.items():
        message = _message(MessageChannel.SMS, items[0], now, partner_id=partner_id)
        if session.get_one(PartnerRow, partner_id).contact_phone is None:
            _skip(message, NO_PHONE, now)
        _keep(session, message, items)
    return {one.id for items in texts.values() for one in items}


def draft_webhooks(
    session: Session, told: Sequence[NotificationRow], now: datetime, *, to_ops: bool
) -> set[str]:
    """One to ops and one to the partner's receiver for each notification, where they have one."""
    made = set()
    for one in told:
        if not RULES[one.kind].webhooks or _programs_do_not_know(session, one):
            continue
        if to_ops:
            _keep(session, _message(MessageChannel.OPS_WEBHOOK, one, now), [one])
            made.add(one.id)
        if one.partner_id and session.get(NotificationWebhookRow, one.partner_id):
            message = _message(MessageChannel.PARTNER_WEBHOOK, one, now, partner_id=one.partner_id)
            _keep(session, message, [one])
            made.add(one.id)
    return made


def _programs_do_not_know(session: Session, one: NotificationRow) -> bool:
    return one.kind is RECOVERED and not told_of_failing(session, one).programs


def _mail(session: Session, user: UserRow, items: Sequence[NotificationRow], now: datetime) -> None:
    """Into the e-mails of the bundle that wait, as far as they take it, and the rest into one of
    its own. An all-clear is in no hurry: it goes with the failing that still waits."""
    rule = RULES[items[0].kind]
    for waiting in _waiting_mails(session, user.id, rule.bundle):
        taken = _that_go_with(session, waiting, items)
        _keep(session, waiting, taken)
        ids = {one.id for one in taken}
        items = [one for one in items if one.id not in ids]
    if not items:
        return
    message = _message(
        MessageChannel.EMAIL, items[0], now, partner_id=user.partner_id, user_id=user.id
    )
    if rule.can_wait:
        message.send_after = end_of_quiet_hours(now, time_zone_of(session, user.partner_id))
    if items[0].kind is NotificationKind.INVITATION:
        user.email_refused_at = user.email_refused_code = None  # whoever invites says it is right
    if user.email_refused_at is not None:
        _skip(message, ADDRESS_REFUSED, now)
    _keep(session, message, items)


def _waiting_mails(
    session: Session, user_id: str, bundle: str | None
) -> Sequence[NotificationMessageRow]:
    """E-mails of the bundle that have not left yet, the oldest first: the mail server may be away,
    or it is night."""
    if bundle is None:
        return []
    message = NotificationMessageRow
    query = select(message).where(
        col(message.user_id) == user_id,
        col(message.bundle) == bundle,
        col(message.channel) == MessageChannel.EMAIL,
        col(message.state) == MessageState.WAITING,
        col(message.claimed_at).is_(None),
    )
    in_order = query.order_by(col(message.created_at), col(message.id))
    return session.exec(in_order.with_for_update(key_share=True)).all()


def _that_go_with(
    session: Session, waiting: NotificationMessageRow, items: Sequence[NotificationRow]
) -> Sequence[NotificationRow]:
    """All; of one that sleeps for long the all-clears of what it carries."""
    if waiting.attempts <= MOST_MISSED:
        return items
    endpoints = {one.endpoint_id for one in notifications_of(session, waiting.id)}
    return [one for one in items if one.kind is RECOVERED and one.endpoint_id in endpoints]


def _message(
    channel: MessageChannel,
    first: NotificationRow,
    now: datetime,
    *,
    partner_id: str | None = None,
    user_id: str | None = None,
) -> NotificationMessageRow:
    return NotificationMessageRow(
        id=new_id(IdKind.NOTIFICATION_MESSAGE),
        channel=channel,
        partner_id=partner_id,
        user_id=user_id,
        bundle=RULES[first.kind].bundle,
        state=MessageState.WAITING,
        created_at=now,
        send_after=now,
    )


def _skip(message: NotificationMessageRow, why: str, now: datetime) -> None:
    message.state, message.why, message.settled_at = MessageState.SKIPPED, why, now


def _keep(
    session: Session, message: NotificationMessageRow, items: Iterable[NotificationRow]
) -> None:
    """The message and what it carries; the message comes first, which the items point to."""
    session.add(message)
    session.flush()
    session.add_all(
        NotificationItemRow(message_id=message.id, notification_id=one.id) for one in items
    )
