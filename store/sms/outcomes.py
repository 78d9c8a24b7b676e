"""What Twilio answered to a text, written down, and what follows for its delivery."""

from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from contracts.access.callers import DOORSTEP
from contracts.delivery.messages import SendResult
from contracts.delivery.retry import RetrySchedule
from contracts.delivery.states import (
    DeadLetterReason,
    DeliveryState,
    HoldReason,
    OptOutSource,
    SkipReason,
    SmsState,
)
from contracts.delivery.transitions import Command
from contracts.payload.fields import mask_phone
from contracts.sms.answers import SmsAnswer, SmsFate, SuspensionScope
from store.db.row_locks import TO_CHANGE
from store.deliveries.attempt_endings import overtaken
from store.deliveries.attempt_results import Settled
from store.deliveries.state_changes import change_state, hold, skip
from store.encryption.columns import SMS_PHONE
from store.encryption.sealing import open_sealed
from store.events.phones import country_code_of
from store.sms.daily_caps import uncount_sms
from store.sms.opt_outs import opt_out
from store.sms.suspensions import SuspensionScopes, lift_mended, suspend
from store.tables import DeliveryRow, SmsMessageRow

ILL_AFTER = 5
"""So many texts in ILL_WITHIN of which nobody can tell whether they were sent, and none taken
meanwhile: then Twilio is ill, and the next ones wait."""

ILL_WITHIN = timedelta(minutes=5)
_INTERRUPTED = "interrupted"


def settle_sms(session: Session, sms_id: str, answer: SmsAnswer, now: datetime) -> SendResult:
    """Twilio took the text: the delivery is delivered as far as we can see.

    What a status callback has said before this is not taken back.
    """
    sms, delivery = claimed(session, sms_id)
    sms.twilio_sid = sms.twilio_sid or answer.sid
    sms.parts = answer.parts or sms.parts
    sms.taken_at = now
    lift_mended(session, scopes_of(session, sms), now, claimed_at=sms.claimed_at)
    if sms.state not in (SmsState.CLAIMED, SmsState.UNKNOWN):
        return SendResult(delivery.state, code=delivery.last_code)
    sms.state, sms.code, sms.settled_at = SmsState.ACCEPTED, answer.code, now
    reached(session, delivery, now, answer.code)
    return SendResult(delivery.state, code=answer.code)


def refuse_sms(
    session: Session, sms_id: str, answer: SmsAnswer, schedule: RetrySchedule, now: datetime
) -> Settled:
    """Twilio certainly sent nothing: for now, for good, or because something is set up wrongly.

    A claim that was given up meanwhile, or that a callback says was sent, changes nothing for its
    delivery; but what was certainly not sent is known to be so, and a retry may send it.
    """
    sms, delivery = claimed(session, sms_id)
    if sms.state is SmsState.UNKNOWN and sms.code == _INTERRUPTED:
        sms.state, sms.code, sms.settled_at = SmsState.REFUSED, answer.code, now
        sms.says = None
    if sms.state is not SmsState.CLAIMED:
        return overtaken(delivery, now, answer.code)
    sms.code, sms.settled_at, sms.awaits_news = answer.code, now, False
    sms.says = None  # the customer does not have it, so another may say the same
    delivery.last_code, delivery.changed_at = answer.code, now
    uncount_sms(session, sms)
    if answer.fate in (SmsFate.NOT_NOW, SmsFate.MISCONFIGURED):
        sms.state = SmsState.REFUSED
        return _tried_again(session, sms, delivery, answer, schedule, now)
    sms.state = SmsState.REJECTED
    if answer.fate is SmsFate.OPTED_OUT:
        return Settled(note_opt_out(session, sms, delivery, now))
    delivery.charged += 1
    return Settled(SendResult(DeliveryState.DELIVERING, DeadLetterReason.REJECTED, answer.code))


def lose_sight(session: Session, sms_id: str, *, code: str, now: datetime) -> SendResult:
    """Nobody can tell whether the text was sent: it is never sent again by itself.

    Unless a status callback has told already.
    """
    sms, delivery = claimed(session, sms_id)
    if sms.state is not SmsState.CLAIMED:
        return SendResult(delivery.state, code=delivery.last_code)
    sms.state, sms.code, sms.settled_at = SmsState.UNKNOWN, code, now
    sms.awaits_news, delivery.last_code = False, code
    if code != _INTERRUPTED and _is_ill(session, now):
        suspend(
            session,
            scopes_of(session, sms).of(SuspensionScope.ACCOUNT),
            now,
            reason="Twilio does not answer: texts wait, and one tries every minute",
            code=code,
        )
    return SendResult(DeliveryState.DELIVERING, DeadLetterReason.UNKNOWN, code)


def reached(session: Session, delivery: DeliveryRow, now: datetime, code: str) -> None:
    """Twilio has the text, or the customer: a delivery that was given up is one no longer."""
    if delivery.skip_reason is SkipReason.ERASED:
        return
    change_state(session, delivery, Command.DELIVER, now)
    delivery.delivered_at, delivery.last_code = delivery.delivered_at or now, code


def hold_for_mending(
    session: Session,
    sms: SmsMessageRow,
    delivery: DeliveryRow,
    answer: SmsAnswer,
    now: datetime,
    *,
    reason: str,
    by_callback: bool = False,
) -> SendResult:
    """Stop what the answer says is ill, and hold this text until it is mended."""
    scopes = scopes_of(session, sms)
    scope = answer.scope or SuspensionScope.ACCOUNT
    suspension = suspend(
        session,
        scopes.of(scope),
        now,
        reason=reason,
        code=answer.code,
        by_callback=by_callback,
    )
    hold_reason = HoldReason.SMS_SUSPENDED
    return hold(session, delivery, hold_reason, now, sms_suspension_id=suspension.id)


def note_opt_out(
    session: Session, sms: SmsMessageRow, delivery: DeliveryRow, now: datetime
) -> SendResult:
    """The customer told Twilio that they want no more: no text of this partner goes there again."""
    if sms.to_phone_index is not None:
        phone = open_sealed(session, SMS_PHONE, sms.to_phone, sms.id)
        opt_out(
            session,
            sms.partner_id,
            phone_index=sms.to_phone_index,
            phone_masked=mask_phone(phone),
            source=OptOutSource.TWILIO,
            now=now,
            actor=DOORSTEP,
        )
    return skip(session, delivery, SkipReason.OPTED_OUT, now)


def claimed(session: Session, sms_id: str) -> tuple[SmsMessageRow, DeliveryRow]:
    """A text and its delivery, locked, as they are after whoever had the lock before."""
    sms = session.get_one(SmsMessageRow, sms_id)
    delivery = session.get_one(DeliveryRow, sms.delivery_id, with_for_update=TO_CHANGE)
    session.refresh(sms)
    return sms, delivery


def scopes_of(session: Session, sms: SmsMessageRow) -> SuspensionScopes:
    """The scopes that a stop may have to hold this text."""
    phone = open_sealed(session, SMS_PHONE, sms.to_phone, sms.id) if sms.to_phone else ""
    return SuspensionScopes(sms.partner_id, sms.sender or "", country_code_of(phone))


def _tried_again(
    session: Session,
    sms: SmsMessageRow,
    delivery: DeliveryRow,
    answer: SmsAnswer,
    schedule: RetrySchedule,
    now: datetime,
) -> Settled:
    """By the schedule; or, when that is over or only a person can mend it, held under a stop."""
    if answer.fate is SmsFate.MISCONFIGURED:
        reason = f"Twilio refuses it ({answer.code}): mend the account or the sender"
        return Settled(hold_for_mending(session, sms, delivery, answer, now, reason=reason))
    delivery.charged += 1
    delay_s = schedule.delay_after(delivery.charged)
    if delay_s is None and _takes_texts(session, now):  # others': so it is this one's own trouble
        exhausted = DeadLetterReason.EXHAUSTED
        return Settled(SendResult(DeliveryState.DELIVERING, exhausted, answer.code))
    if delay_s is None:
        reason = "Twilio has taken no text for a whole schedule: texts wait, one tries every minute"
        return Settled(hold_for_mending(session, sms, delivery, answer, now, reason=reason))
    delivery.next_attempt_at = now + timedelta(seconds=delay_s)
    return Settled(None, delay_s, answer.code)


def _is_ill(session: Session, now: datetime) -> bool:
    """Whether Twilio has left many texts unanswered and taken none for a while."""
    unknown = _recently(now).where(
        col(SmsMessageRow.state) == SmsState.UNKNOWN,
        col(SmsMessageRow.code) != _INTERRUPTED,
    )
    return session.exec(unknown).one() >= ILL_AFTER and not _takes_texts(session, now)


def _takes_texts(session: Session, now: datetime) -> bool:
    """Whether Twilio has answered a call of the last minutes that it has the text. What callbacks
    say of older ones proves nothing: they come while its API is down, too."""
    taken = _recently(now).where(col(SmsMessageRow.taken_at).is_not(None))
    return session.exec(taken).one() > 0


def _recently(now: datetime) -> SelectOfScalar[int]:
    return select(func.count()).where(col(SmsMessageRow.claimed_at) > now - ILL_WITHIN)
