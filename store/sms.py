"""Texts: claimed before Twilio is called, settled with its answer.

Twilio has no idempotency key. So the claim comes first, and a claim without an answer may have
been sent: it becomes `unknown` and a dead letter, and is never sent again by itself.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from contracts.errors import NotFound
from contracts.events import EventType, TrackingEvent
from contracts.ids import IdKind, new_id
from contracts.messages import SendResult, SendSms
from contracts.retry import RetrySchedule
from contracts.sms import is_stale, render_text
from contracts.states import (
    DeadLetterReason,
    DeadLetterResolution,
    DeliveryState,
    SkipReason,
    SmsState,
)
from store.attempts import Settled, overtaken, start_round
from store.dead_letters import resolve
from store.event_bodies import body_of
from store.sealed_columns import SMS_BODY, SMS_PHONE
from store.sealing import open_sealed, phone_index, seal
from store.tables import DeliveryRow, EventRow, PartnerRow, SmsMessageRow


@dataclass(frozen=True)
class ReadySms:
    """A claimed text. Never leaves the activity."""

    sms_id: str
    to_phone: str = field(repr=False)
    body: str = field(repr=False)


def claim_sms(
    session: Session, task: SendSms, now: datetime, request_time: timedelta
) -> ReadySms | SendResult:
    """Claim the text of a delivery's round, or say why nothing is to be sent."""
    delivery = session.get(DeliveryRow, task.delivery_id, with_for_update=True)
    if delivery is None:
        raise NotFound(f"no SMS delivery {task.delivery_id}")
    start_round(session, delivery, task.round, now)
    ended = _nothing_to_send(session, delivery, task, now)
    if ended is not None:
        return ended
    partner = session.get_one(PartnerRow, delivery.partner_id)
    if partner.paused_at is not None:
        delivery.state, delivery.next_attempt_at = DeliveryState.HELD, None
        return SendResult(DeliveryState.HELD)
    row = session.get_one(EventRow, delivery.event_id)
    if row.erased_at is not None:
        return _skip(delivery, SkipReason.ERASED)
    event = body_of(session, row)
    if is_stale(event, now, request_time=request_time) or _has_lost_its_otp(row):
        return _skip(delivery, SkipReason.STALE)
    return _claim(session, delivery, event, partner.name, now)


def settle_sms(
    session: Session, sms_id: str, *, sid: str | None, code: str, parts: int | None, now: datetime
) -> None:
    """Twilio took the text: the delivery is delivered as far as we can see."""
    sms, delivery = _claimed(session, sms_id)
    sms.state, sms.twilio_sid, sms.parts = SmsState.ACCEPTED, sid, parts
    sms.code, sms.settled_at = code, now
    if delivery.state is DeliveryState.DEAD_LETTERED:  # the claim was given up meanwhile
        resolve(session, delivery.id, DeadLetterResolution.DELIVERED, now)
    delivery.state, delivery.next_attempt_at = DeliveryState.DELIVERED, None
    delivery.delivered_at, delivery.last_code = delivery.delivered_at or now, code


def refuse_sms(
    session: Session,
    sms_id: str,
    *,
    code: str,
    schedule: RetrySchedule | None,
    now: datetime,
) -> Settled:
    """Twilio certainly sent nothing. With a schedule it is tried again; without, it is rejected.

    A claim that was given up meanwhile charges nothing.
    """
    sms, delivery = _claimed(session, sms_id)
    if sms.state is not SmsState.CLAIMED:
        return overtaken(delivery, now, code)
    sms.state = SmsState.REFUSED if schedule else SmsState.REJECTED
    sms.code, sms.settled_at = code, now
    delivery.charged += 1
    delivery.last_code, delivery.moved_at = code, now
    if schedule is None:
        return Settled(SendResult(DeliveryState.DELIVERING, DeadLetterReason.REJECTED, code))
    delay_s = schedule.delay_after(delivery.charged)
    if delay_s is None:
        return Settled(_exhausted(code))
    delivery.next_attempt_at = now + timedelta(seconds=delay_s)
    return Settled(None, delay_s, code)


def lose_sight_of_sms(session: Session, sms_id: str, *, code: str, now: datetime) -> SendResult:
    """Nobody can tell whether the text was sent: it is never sent again by itself."""
    sms, delivery = _claimed(session, sms_id)
    sms.state, sms.code, sms.settled_at = SmsState.UNKNOWN, code, now
    delivery.last_code = code
    return SendResult(DeliveryState.DELIVERING, DeadLetterReason.UNKNOWN, code)


def _nothing_to_send(
    session: Session, delivery: DeliveryRow, task: SendSms, now: datetime
) -> SendResult | None:
    if task.round < delivery.round or delivery.state not in (
        DeliveryState.PENDING,
        DeliveryState.DELIVERING,
    ):
        return SendResult(delivery.state, code=delivery.last_code)
    sms = _of_round(session, delivery)
    if sms is None or sms.state is SmsState.REFUSED:
        used_up = delivery.charged >= RetrySchedule(task.retry_delays_s).most_tries
        return _exhausted(delivery.last_code) if used_up else None
    if sms.state is SmsState.CLAIMED:
        return lose_sight_of_sms(session, sms.id, code="interrupted", now=now)
    if sms.state is SmsState.REJECTED:  # a crash kept its end from being told
        return SendResult(DeliveryState.DELIVERING, DeadLetterReason.REJECTED, sms.code)
    return SendResult(DeliveryState.DELIVERING, DeadLetterReason.UNKNOWN, sms.code)


def _exhausted(code: str | None) -> SendResult:
    return SendResult(DeliveryState.DELIVERING, DeadLetterReason.EXHAUSTED, code)


def _skip(delivery: DeliveryRow, reason: SkipReason) -> SendResult:
    delivery.state, delivery.next_attempt_at = DeliveryState.SKIPPED, None
    delivery.skip_reason = reason
    return SendResult(DeliveryState.SKIPPED)


def _has_lost_its_otp(row: EventRow) -> bool:
    """Whether the OTP that the text would carry was superseded or used."""
    return row.event_type is EventType.OUT_FOR_DELIVERY and row.otp_erased_at is not None


def _claim(
    session: Session, delivery: DeliveryRow, event: TrackingEvent, shop: str, now: datetime
) -> ReadySms:
    customer = event.data.order.customer
    if customer is None or customer.phone is None:
        raise NotFound(f"delivery {delivery.id} has no phone to text")
    delivery.state, delivery.next_attempt_at = DeliveryState.DELIVERING, None
    delivery.attempts, delivery.moved_at = delivery.attempts + 1, now
    sms = _of_round(session, delivery)
    if sms is None:
        sms = _new_text(session, delivery, customer.phone, render_text(event, shop), now)
    sms.state, sms.settled_at = SmsState.CLAIMED, None
    session.add(sms)
    return ReadySms(
        sms.id,
        open_sealed(session, SMS_PHONE, sms.to_phone, sms.id),
        open_sealed(session, SMS_BODY, sms.body, sms.id),
    )


def _new_text(
    session: Session, delivery: DeliveryRow, phone: str, body: str, now: datetime
) -> SmsMessageRow:
    sms_id = new_id(IdKind.SMS)
    return SmsMessageRow(
        id=sms_id,
        delivery_id=delivery.id,
        partner_id=delivery.partner_id,
        round=delivery.round,
        to_phone=seal(session, SMS_PHONE, phone, sms_id),
        to_phone_index=phone_index(session, phone),
        body=seal(session, SMS_BODY, body, sms_id),
        state=SmsState.CLAIMED,
        created_at=now,
    )


def _of_round(session: Session, delivery: DeliveryRow) -> SmsMessageRow | None:
    query = select(SmsMessageRow).where(
        col(SmsMessageRow.delivery_id) == delivery.id,
        col(SmsMessageRow.round) == delivery.round,
    )
    return session.exec(query).first()


def _claimed(session: Session, sms_id: str) -> tuple[SmsMessageRow, DeliveryRow]:
    sms = session.get_one(SmsMessageRow, sms_id)
    delivery = session.get_one(DeliveryRow, sms.delivery_id, with_for_update=True)
    session.refresh(sms)  # it may have been given up while this waited for the row
    return sms, delivery
