"""Attempts that have ended, as the log and the metrics tell of them: ids, states and codes.

An attempt is settled and told of in one transaction, which has the rows at hand: the telling reads
next to nothing, and never says what was not committed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from contracts.delivery.messages import SendResult
from contracts.delivery.retry import RetrySchedule
from contracts.delivery.states import Channel, DeliveryState, Trigger
from contracts.delivery.verdicts import Answer
from contracts.sms.answers import SmsAnswer, SmsFate
from store.deliveries.attempt_endings import EndedAttempt, finish_attempt, interrupt_attempt
from store.deliveries.attempt_results import Settled, count_in_spans
from store.deliveries.plain_successes import (
    AttemptInFlight,
    close_plain_ones,
    lock_plain_ones,
)
from store.sms.outcomes import lose_sight, refuse_sms, settle_sms
from store.tables import AttemptRow, DeliveryRow, EventRow, SmsMessageRow

RETRY, INTERRUPTED = "retry", "interrupted"

_BY_ATTEMPT = (
    select(EventRow.accepted_at, EventRow.order_id)
    .join(DeliveryRow, col(DeliveryRow.event_id) == col(EventRow.event_id))
    .join(AttemptRow, col(AttemptRow.delivery_id) == col(DeliveryRow.id))
)


@dataclass(frozen=True)
class AttemptReport:
    """One attempt. `result` is what it led to: a state, why it is a dead letter, `retry` or
    `interrupted`. `propagation_s` is set by the attempt that delivered first: the seconds since the
    event was accepted."""

    event_id: str
    order_id: str
    delivery_id: str
    endpoint_id: str | None
    partner_id: str
    channel: Channel | None
    number: int
    round: int
    trigger: Trigger
    code: str
    status: int | None
    duration_ms: int | None
    charged: bool
    next_in_s: float | None
    result: str
    propagation_s: float | None = None


def finish_plain(
    session: Session, ended: Sequence[EndedAttempt], now: datetime
) -> list[tuple[Settled, AttemptReport] | None]:
    """Close the plain successes among attempts that succeeded, and tell of them; None for each of
    the others, which `finish_webhook` closes."""
    answers = {one.attempt_id: one.answer for one in ended}
    plain = lock_plain_ones(session, list(answers))
    if plain:
        close_plain_ones(session, plain, answers, now)
        counted = [(one.endpoint_id, answers[id_]) for id_, one in plain.items() if not one.is_test]
        count_in_spans(session, counted, now)
    return [
        _plain(plain[one.attempt_id], one.answer, now) if one.attempt_id in plain else None
        for one in ended
    ]


def finish_webhook(
    session: Session, ended: EndedAttempt, now: datetime
) -> tuple[Settled, AttemptReport]:
    """Close an attempt as `finish_attempt` does, and tell of it.

    That leaves the endpoint's rows locked until the commit: what has to be read is read before it.
    But no row that it locks: it would be taken for what it is after the lock.
    """
    event = session.exec(_BY_ATTEMPT.where(col(AttemptRow.id) == ended.attempt_id)).one()
    accepted_at, order_id = event
    done = finish_attempt(session, ended, now)
    return done.settled, AttemptReport(
        **_of_attempt(done.attempt, done.delivery, order_id),
        **_led_to(done.settled, done.delivery, accepted_at, now),
        code=ended.answer.code,
        status=ended.answer.status,
        duration_ms=ended.answer.duration_ms,
        charged=done.attempt.charged,
    )


def _plain(one: AttemptInFlight, answer: Answer, now: datetime) -> tuple[Settled, AttemptReport]:
    result = SendResult(DeliveryState.DELIVERED, code=answer.code)
    report = AttemptReport(
        event_id=one.event_id,
        order_id=one.order_id,
        delivery_id=one.delivery_id,
        endpoint_id=one.endpoint_id,
        partner_id=one.partner_id,
        channel=Channel.WEBHOOK,
        number=one.number,
        round=one.round,
        trigger=one.trigger,
        code=answer.code,
        status=answer.status,
        duration_ms=answer.duration_ms,
        charged=False,
        next_in_s=None,
        result=DeliveryState.DELIVERED.value,
        propagation_s=max(0.0, (now - one.accepted_at).total_seconds()),
    )
    return Settled(result, has_waiting=one.has_waiting), report


def interrupt_webhook(session: Session, attempt_id: str, now: datetime) -> AttemptReport:
    """Close an attempt as `interrupt_attempt` does, and tell of it."""
    interrupt_attempt(session, attempt_id, now)
    attempt = session.get_one(AttemptRow, attempt_id)
    delivery = session.get_one(DeliveryRow, attempt.delivery_id)
    _, order_id = session.exec(_BY_ATTEMPT.where(col(AttemptRow.id) == attempt_id)).one()
    return AttemptReport(
        **_of_attempt(attempt, delivery, order_id),
        code=INTERRUPTED,
        status=None,
        duration_ms=None,
        charged=False,
        next_in_s=None,
        result=INTERRUPTED,
    )


def settle_text(
    session: Session,
    sms_id: str,
    answer: SmsAnswer,
    schedule: RetrySchedule,
    duration_ms: int,
    now: datetime,
) -> tuple[Settled, AttemptReport]:
    """Write down what Twilio answered to a text, and tell of it."""
    sms = session.get_one(SmsMessageRow, sms_id)
    delivery = session.get_one(DeliveryRow, sms.delivery_id)
    charged_before = delivery.charged
    event = session.get_one(EventRow, sms.event_id)
    accepted_at, order_id = event.accepted_at, event.order_id
    settled = _settled(session, sms_id, answer, schedule, now)
    by_hand = sms.round > 1 and charged_before == 0
    return settled, AttemptReport(
        **_of_delivery(delivery, order_id),
        **_led_to(settled, delivery, accepted_at, now),
        number=delivery.attempts,
        round=sms.round,
        trigger=Trigger.MANUAL if by_hand else Trigger.SCHEDULED,
        code=answer.code,
        status=None,
        duration_ms=duration_ms,
        charged=delivery.charged > charged_before,
    )


def _settled(
    session: Session, sms_id: str, answer: SmsAnswer, schedule: RetrySchedule, now: datetime
) -> Settled:
    if answer.fate is SmsFate.TAKEN:
        return Settled(settle_sms(session, sms_id, answer, now))
    if answer.fate is SmsFate.UNKNOWN:
        return Settled(lose_sight(session, sms_id, code=answer.code, now=now))
    return refuse_sms(session, sms_id, answer, schedule, now)


def _of_attempt(attempt: AttemptRow, delivery: DeliveryRow, order_id: str) -> dict[str, Any]:
    return {
        **_of_delivery(delivery, order_id),
        "number": attempt.number,
        "round": attempt.round,
        "trigger": attempt.trigger,
    }


def _of_delivery(delivery: DeliveryRow, order_id: str) -> dict[str, Any]:
    return {
        "event_id": delivery.event_id,
        "order_id": order_id,
        "delivery_id": delivery.id,
        "endpoint_id": delivery.endpoint_id,
        "partner_id": delivery.partner_id,
        "channel": delivery.channel,
    }


def _led_to(
    settled: Settled, delivery: DeliveryRow, accepted_at: datetime, now: datetime
) -> dict[str, Any]:
    if settled.result is None:
        return {"result": RETRY, "next_in_s": settled.delay_s}
    result = settled.result.dead_letter or settled.result.state
    first = settled.result.state is DeliveryState.DELIVERED and delivery.delivered_at == now
    propagation_s = max(0.0, (now - accepted_at).total_seconds()) if first else None
    return {"result": result.value, "next_in_s": None, "propagation_s": propagation_s}
