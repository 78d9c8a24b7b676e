"""Texts of notifications to partners' contact phones: claimed before Twilio is called, never sent
twice.

They have no event, so they are no deliveries: the claim is on the message's own row. What
holds or forbids other texts holds and forbids them too, but they lift no stop, make none, and count
against no cap.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session

from contracts.notifications.messages import MessageResult, MessageState
from contracts.notifications.texts import text_of_notification
from contracts.sms.answers import SmsAnswer, SmsFate
from contracts.sms.dlt import departure
from contracts.sms.rules import TextRules
from store.db.restores import RESTORED
from store.encryption.columns import PARTNER_PHONE
from store.encryption.sealing import open_sealed, phone_index
from store.events.phones import INDIA, country_code_of, is_mobile
from store.notifications.drafts import NO_PHONE
from store.notifications.mails import OUT_OF_DATE
from store.notifications.messages import (
    INTERRUPTED,
    give_up,
    locked_message,
    may_have_told,
    missed,
    notifications_of,
    sent,
    skip,
    unknown,
)
from store.notifications.still_true import still_true
from store.sms.opt_outs import is_opted_out
from store.sms.senders import texts_of_sender
from store.sms.suspensions import SuspensionScopes, suspension_in_force
from store.tables import NotificationMessageRow, NotificationRow, PartnerRow

USEFUL_FOR = timedelta(hours=6)
"""After that Twilio must not send it any more: whoever reads it at night can do nothing."""

STOPPED = "sms_suspended"
_NO_SENDER = "it has no sender: set TWILIO_SENDER, or the partner's sms_sender"
_NO_MOBILE = "the partner's contact_phone is no mobile number"
_NOT_CONFIRMED = "nobody has confirmed the partner's contact_phone"
_OPTED_OUT = "the partner's contact_phone has opted out"


@dataclass(frozen=True)
class ReadyNotificationText:
    """A claimed text. Never leaves the activity. `validity_s` is how long it is of use."""

    to_phone: str = field(repr=False)
    body: str
    sender: str
    validity_s: int


def claim_notification_text(
    session: Session, message_id: str, now: datetime, rules: TextRules
) -> ReadyNotificationText | MessageResult:
    """Claim the text of a notification, or say why nothing is to be sent now. NotFound without
    it."""
    message = locked_message(session, message_id)
    if message.state is not MessageState.WAITING:
        return MessageResult(message.state)
    if message.claimed_at is not None:
        return unknown(session, message, INTERRUPTED, now)
    if may_have_told(session, message):
        return unknown(session, message, RESTORED, now)
    partner = session.get_one(PartnerRow, message.partner_id)
    if partner.contact_phone is None:
        return skip(session, message, NO_PHONE, now)
    if partner.contact_phone_confirmed_at is None:
        return skip(session, message, _NOT_CONFIRMED, now)
    phone = open_sealed(session, PARTNER_PHONE, partner.contact_phone, partner.id)
    sender = partner.sms_sender or rules.default_sender
    why = _why_not(session, partner.id, phone, sender)
    if sender is None or why is not None:
        return skip(session, message, why or _NO_SENDER, now)
    told = still_true(session, notifications_of(session, message_id), now)
    if not told:
        return skip(session, message, OUT_OF_DATE, now)
    return _claim(session, message, told, phone, sender, now, rules)


def settle_notification_text(
    session: Session, message_id: str, answer: SmsAnswer, now: datetime
) -> MessageResult:
    """What Twilio answered, written down. Only what certainly was not sent is tried again."""
    message = locked_message(session, message_id)
    match answer.fate:
        case SmsFate.TAKEN:
            return sent(session, message, now, answer.code)
        case _ if message.state is not MessageState.WAITING:
            return MessageResult(message.state)
        case SmsFate.NOT_NOW | SmsFate.MISCONFIGURED:
            return missed(session, message, answer.code, now)
        case SmsFate.OPTED_OUT:
            return skip(session, message, _OPTED_OUT, now)
        case SmsFate.UNKNOWN:
            return unknown(session, message, answer.code, now)
    why = f"Twilio refuses it for good: {answer.code}"
    return give_up(session, message, MessageState.REFUSED, why, now, answer.code)


def _why_not(session: Session, partner_id: str, phone: str, sender: str | None) -> str | None:
    """What forbids a text to this phone for good."""
    if sender is None:
        return _NO_SENDER
    if not is_mobile(phone):
        return _NO_MOBILE
    if is_opted_out(session, partner_id, phone_index(session, phone)):
        return _OPTED_OUT
    return None


def _claim(
    session: Session,
    message: NotificationMessageRow,
    told: list[NotificationRow],
    phone: str,
    sender: str,
    now: datetime,
    rules: TextRules,
) -> ReadyNotificationText | MessageResult:
    """The claim itself, where no stop is in force and nothing registered forbids it. Behind a stop
    it waits as long as its schedule does, and no longer."""
    country = country_code_of(phone)
    scopes = SuspensionScopes(told[0].partner_id or "", sender, country)
    if suspension_in_force(session, scopes) is not None:
        return missed(session, message, STOPPED, now)
    host, others = str(told[0].about.get("host", "")), len(told) - 1
    body = text_of_notification(told[0].kind, host, rules.longest_value, others=others)
    if country == INDIA and not _is_registered(session, sender, body, rules):
        why = f"sender {sender} has no registered text that it matches"
        return skip(session, message, why, now)
    message.claimed_at = now
    return ReadyNotificationText(phone, body, sender, int(USEFUL_FOR.total_seconds()))


def _is_registered(session: Session, sender: str, body: str, rules: TextRules) -> bool:
    """Whether the operators let it through: it matches some template of its sender, of whatever
    type of event; or its sender has no registration, and nothing to match."""
    registered = texts_of_sender(session, sender)
    if registered is None:
        return True
    return any(departure(row.text, body, rules.longest_value) is None for row in registered)
