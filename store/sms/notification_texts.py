"""Texts of notifications to partners' contact phones: claimed before Twilio is called, never sent
twice.

They have no event, so they are no deliveries: the claim is on the notification's own row. What
holds or forbids other texts holds and forbids them too, but they lift no stop, make none, and count
against no cap.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session

from contracts.endpoints.notifications import (
    NotificationResult,
    NotificationState,
    text_of_notification,
)
from contracts.endpoints.url import read_endpoint_url
from contracts.sms.answers import SmsAnswer, SmsFate
from contracts.sms.dlt import departure
from contracts.sms.rules import TextRules
from store.encryption.columns import PARTNER_PHONE
from store.encryption.sealing import open_sealed, phone_index
from store.events.phones import INDIA, country_code_of, is_mobile
from store.notifications.notifications import (
    NO_PHONE,
    give_up,
    locked_notification,
    missed,
    sent,
    skip_notification,
)
from store.sms.after_restore import RESTORED, may_have_happened
from store.sms.opt_outs import is_opted_out
from store.sms.senders import texts_of_sender
from store.sms.suspensions import SuspensionScopes, suspension_in_force
from store.tables import EndpointNotificationRow, EndpointRow, PartnerRow

USEFUL_FOR = timedelta(hours=6)
"""After that Twilio must not send it any more: whoever reads it at night can do nothing."""

STOPPED = "sms_suspended"
MAY_BE_SENT = "it may have been sent, so it is not sent again"
_NO_SENDER = "it has no sender: set TWILIO_SENDER, or the partner's sms_sender"
_NO_MOBILE = "the partner's contact_phone is no mobile number"
_OPTED_OUT = "the partner's contact_phone has opted out"


@dataclass(frozen=True)
class ReadyNotificationText:
    """A claimed text. Never leaves the activity. `validity_s` is how long it is of use."""

    to_phone: str = field(repr=False)
    body: str
    sender: str
    validity_s: int


def claim_notification_text(
    session: Session, notification_id: str, now: datetime, rules: TextRules
) -> ReadyNotificationText | NotificationResult:
    """Claim the text of a notification, or say why nothing is to be sent now. NotFound without
    it."""
    notification = locked_notification(session, notification_id)
    if notification.state is not NotificationState.WAITING:
        return NotificationResult(notification.state)
    if notification.claimed_at is not None:
        return give_up(notification, f"interrupted: {MAY_BE_SENT}", now, "interrupted")
    if may_have_happened(session, notification.created_at):
        return give_up(notification, f"{RESTORED}: {MAY_BE_SENT}", now, RESTORED)
    partner = session.get_one(PartnerRow, notification.partner_id)
    if partner.contact_phone is None:
        return skip_notification(notification, NO_PHONE, now)
    phone = open_sealed(session, PARTNER_PHONE, partner.contact_phone, partner.id)
    sender = partner.sms_sender or rules.default_sender
    if sender is None:
        return skip_notification(notification, _NO_SENDER, now)
    if not is_mobile(phone):
        return skip_notification(notification, _NO_MOBILE, now)
    if is_opted_out(session, partner.id, phone_index(session, phone)):
        return skip_notification(notification, _OPTED_OUT, now)
    return _claim(session, notification, phone, sender, now, rules)


def settle_notification_text(
    session: Session, notification_id: str, answer: SmsAnswer, now: datetime
) -> NotificationResult:
    """What Twilio answered, written down. Only what certainly was not sent is tried again."""
    notification = locked_notification(session, notification_id)
    match answer.fate:
        case SmsFate.TAKEN:
            return sent(notification, now, answer.code)
        case _ if notification.state is not NotificationState.WAITING:
            return NotificationResult(notification.state)
        case SmsFate.NOT_NOW | SmsFate.MISCONFIGURED:
            return missed(notification, answer.code, now)
        case SmsFate.OPTED_OUT:
            return skip_notification(notification, _OPTED_OUT, now)
        case SmsFate.UNKNOWN:
            return give_up(notification, f"{answer.code}: {MAY_BE_SENT}", now, answer.code)
        case _:
            return give_up(
                notification, f"Twilio refuses it for good: {answer.code}", now, answer.code
            )


def _claim(
    session: Session,
    notification: EndpointNotificationRow,
    phone: str,
    sender: str,
    now: datetime,
    rules: TextRules,
) -> ReadyNotificationText | NotificationResult:
    """The claim itself, where no stop is in force and nothing registered forbids it. Behind a stop
    it waits as long as its schedule does, and no longer."""
    scopes = SuspensionScopes(notification.partner_id, sender, country_code_of(phone))
    if suspension_in_force(session, scopes) is not None:
        return missed(notification, STOPPED, now)
    endpoint = session.get_one(EndpointRow, notification.endpoint_id)
    body = text_of_notification(read_endpoint_url(endpoint.url).host, rules.longest_value)
    if scopes.country == INDIA and not _is_registered(session, sender, body, rules):
        return skip_notification(
            notification, f"sender {sender} has no registered text that it matches", now
        )
    notification.claimed_at = now
    return ReadyNotificationText(phone, body, sender, int(USEFUL_FOR.total_seconds()))


def _is_registered(session: Session, sender: str, body: str, rules: TextRules) -> bool:
    """Whether the operators let it through: it matches some template of its sender, of whatever
    type of event; or its sender has no registration, and nothing to match."""
    registered = texts_of_sender(session, sender)
    if registered is None:
        return True
    return any(departure(row.text, body, rules.longest_value) is None for row in registered)
