"""Claims: what a text has to pass before Twilio hears of it, and the row that says so.

Twilio has no idempotency key. So the claim comes first, unique for an event, a phone and a copy,
and a claim without an answer may have been sent: it becomes `unknown` and a dead letter, and is
never sent again by itself. So does a text that may have gone out before the database was restored
(`after_restore.py`).
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from contracts.delivery.messages import SendResult, SendSms
from contracts.delivery.retry import RetrySchedule
from contracts.delivery.states import (
    OPEN_STATES,
    DeadLetterReason,
    DeliveryState,
    HoldReason,
    SkipReason,
    SmsState,
)
from contracts.delivery.transitions import Command
from contracts.errors import NotFound
from contracts.sms.rules import TextRules
from store.db.restores import RESTORED
from store.db.row_locks import TO_CHANGE, TO_KEEP
from store.deliveries.attempts import start_round
from store.deliveries.state_changes import change_state, hold, skip
from store.events.phones import country_code_of
from store.sms.after_restore import is_forgotten
from store.sms.claim_rows import Candidate, candidate_of, current_row, put_row, row_of, said_by
from store.sms.daily_caps import count_text, next_day, uncount_text
from store.sms.opt_outs import is_opted_out
from store.sms.outcomes import lose_sight
from store.sms.relevance import is_pointless, useful_until
from store.sms.rendering import Refused, Wording, word
from store.sms.suspensions import (
    SuspensionScopes,
    become_probe,
    check_suspensions,
    partner_scope,
    suspend,
)
from store.tables import DeliveryRow, EventRow, PartnerRow

_TAKEN = (SmsState.ACCEPTED, SmsState.SENT, SmsState.DELIVERED)
_REJECTED = DeadLetterReason.REJECTED


@dataclass(frozen=True)
class ReadySms:
    """A claimed text. Never leaves the activity. `validity_s` is how long it is of use."""

    sms_id: str
    to_phone: str = field(repr=False)
    body: str = field(repr=False)
    sender: str
    validity_s: int
    status_callback: str | None


def claim_sms(
    session: Session, task: SendSms, now: datetime, request_time: timedelta, rules: TextRules
) -> ReadySms | SendResult:
    """Claim the text of a delivery's round, or say why nothing is to be sent now.

    NotFound when the database does not know the delivery.
    """
    event = _kept_from_erasure(session, task.event_id)
    delivery = session.get(DeliveryRow, task.delivery_id, with_for_update=TO_CHANGE)
    if delivery is None or event is None:
        raise NotFound(f"no SMS delivery {task.delivery_id}")
    start_round(session, delivery, task.round, now, resend=task.resend)
    if task.round < delivery.round or delivery.state not in OPEN_STATES:
        return SendResult(delivery.state, code=delivery.last_code)
    ended = _ended_already(session, delivery, RetrySchedule(task.retry_delays_s), now)
    if ended is not None:
        return ended
    partner = session.get_one(PartnerRow, delivery.partner_id)
    if partner.paused_at is not None:
        return hold(session, delivery, HoldReason.PARTNER_PAUSED, now)
    if event.erased_at is not None:
        return skip(session, delivery, SkipReason.ERASED, now)
    if not task.resend and is_forgotten(session, delivery, event):
        return _give_up(session, candidate_of(session, delivery, event, partner), now)
    if is_pointless(session, delivery, event, now, request_time):
        return skip(session, delivery, SkipReason.STALE, now)
    return _claim(session, candidate_of(session, delivery, event, partner), now, rules)


def _kept_from_erasure(session: Session, event_id: str) -> EventRow | None:
    """The event, locked before its delivery as an erasure locks them: it is erased before the text
    is worded, or after it is claimed, and so is its OTP."""
    return session.get(EventRow, event_id, with_for_update=TO_KEEP)


def _ended_already(
    session: Session, delivery: DeliveryRow, schedule: RetrySchedule, now: datetime
) -> SendResult | None:
    """What the text that this delivery has already says of it, where that settles it.

    One that certainly did not arrive makes room for the next copy when a round asks for it.
    """
    sms = current_row(session, delivery)
    if sms is None:
        return None
    if sms.state is SmsState.REFUSED:
        used_up = delivery.charged >= schedule.most_attempts  # a crash kept its end from being told
        exhausted = SendResult(DeliveryState.DELIVERING, DeadLetterReason.EXHAUSTED, sms.code)
        return exhausted if used_up else None
    if sms.state is SmsState.CLAIMED:
        return lose_sight(session, sms.id, code="interrupted", now=now)
    if sms.state in _TAKEN:
        change_state(session, delivery, Command.DELIVER, now)
        return SendResult(DeliveryState.DELIVERED, code=sms.code)
    if sms.state is SmsState.UNKNOWN:
        return SendResult(DeliveryState.DELIVERING, DeadLetterReason.UNKNOWN, sms.code)
    if sms.round == delivery.round:  # the same
        return SendResult(DeliveryState.DELIVERING, _REJECTED, sms.code)
    if sms.state is SmsState.UNDELIVERED:
        delivery.copy_number += 1
    return None


def _give_up(session: Session, text: Candidate, now: datetime) -> SendResult:
    """The row of a text that may have gone out before the restore, with what words nobody knows."""
    sms = row_of(session, text, now)
    sms.state, sms.code, sms.settled_at = SmsState.UNKNOWN, RESTORED, now
    sms.awaits_news = False
    if said_by(session, text) is None:
        sms.says = text.says
    change_state(session, text.delivery, Command.ATTEMPT, now)
    text.delivery.last_code = RESTORED
    return SendResult(DeliveryState.DELIVERING, DeadLetterReason.UNKNOWN, RESTORED)


def _claim(
    session: Session, text: Candidate, now: datetime, rules: TextRules
) -> ReadySms | SendResult:
    """The claim, once only for what it says: of two at once, the database lets one through."""
    try:
        with session.begin_nested():
            return _claim_alone(session, text, now, rules)
    except IntegrityError:
        return skip(session, text.delivery, SkipReason.DUPLICATE, now)


def _claim_alone(
    session: Session, text: Candidate, now: datetime, rules: TextRules
) -> ReadySms | SendResult:
    if said_by(session, text) not in (None, text.delivery.id):
        return skip(session, text.delivery, SkipReason.DUPLICATE, now)
    if is_opted_out(session, text.partner.id, text.phone_index):
        return skip(session, text.delivery, SkipReason.OPTED_OUT, now)
    sender = text.partner.sms_sender or rules.default_sender
    if sender is None:
        return _hold_for_a_sender(session, text, now)
    scopes = SuspensionScopes(text.partner.id, sender, country_code_of(text.phone))
    gate = check_suspensions(session, scopes, now)
    if gate.holds is not None:
        return _suspended(session, text, gate.holds.id, now)
    worded = word(session, text.event, text.partner, text.phone, sender, now, rules)
    if isinstance(worded, Refused):
        return _reject(session, text, worded, now)
    cap = text.partner.sms_daily_cap or rules.daily_cap
    parts, is_test = worded.parts.count, text.event.only_target is not None
    if not count_text(session, text.partner.id, parts, now, cap=cap, is_test=is_test):
        return hold(session, text.delivery, HoldReason.DAILY_CAP, now, until=next_day(now))
    if (suspension := become_probe(session, gate, now)) is not None:
        uncount_text(session, text.partner.id, parts, now, is_test=is_test)
        return _suspended(session, text, suspension.id, now)
    return _ready(session, text, worded, now, rules)


def _ready(
    session: Session, text: Candidate, worded: Wording, now: datetime, rules: TextRules
) -> ReadySms:
    """The claim itself."""
    sms = put_row(session, text, worded, now)
    callback = rules.status_callback(sms.id)
    sms.state, sms.settled_at, sms.awaits_news = SmsState.CLAIMED, None, callback is not None
    if said_by(session, text) != text.delivery.id:
        sms.says = text.says
        session.flush()  # two at once: the second stops here
    delivery = text.delivery
    change_state(session, delivery, Command.ATTEMPT, now)
    delivery.attempts += 1
    left = int((useful_until(text.event) - now).total_seconds())
    return ReadySms(sms.id, text.phone, worded.body, worded.sender, left, callback)


def _hold_for_a_sender(session: Session, text: Candidate, now: datetime) -> SendResult:
    suspension = suspend(
        session,
        partner_scope(text.partner.id),
        now,
        reason="it has no sender: set TWILIO_SENDER, or the partner's sms_sender",
        code="sms_no_sender",
        partner_id=text.partner.id,
    )
    return _suspended(session, text, suspension.id, now)


def _suspended(session: Session, text: Candidate, suspension_id: str, now: datetime) -> SendResult:
    reason = HoldReason.SMS_SUSPENDED
    return hold(session, text.delivery, reason, now, sms_suspension_id=suspension_id)


def _reject(session: Session, text: Candidate, refused: Refused, now: datetime) -> SendResult:
    """The text must not be sent as it is: the row says why, a dead letter waits for a mend."""
    sms = put_row(session, text, refused.wording, now)
    sms.state, sms.code, sms.fault = SmsState.REJECTED, refused.code, refused.fault
    sms.settled_at, sms.awaits_news = now, False
    change_state(session, text.delivery, Command.ATTEMPT, now)
    text.delivery.last_code = refused.code
    return SendResult(DeliveryState.DELIVERING, _REJECTED, refused.code)
