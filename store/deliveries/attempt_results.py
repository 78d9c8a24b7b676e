"""What the answer to an attempt leads to: for its delivery, for its endpoint's breaker and sums.

All of it happens in the transaction that closes the attempt (`store/deliveries/attempts.py`).
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from contracts.delivery.messages import SendResult
from contracts.delivery.retry import RetrySchedule, asked_wait, spread_of
from contracts.delivery.states import (
    OPEN_STATES,
    AttemptState,
    DeadLetterReason,
    DeliveryState,
)
from contracts.delivery.transitions import Command
from contracts.delivery.verdicts import (
    Answer,
    Verdict,
    asks_to_wait,
    retry_after_seconds,
    verdict_of,
)
from contracts.endpoints.slowdown import UNCHARGED_WAIT_S
from store.deliveries.state_changes import change_state
from store.encryption.columns import RESPONSE_EXCERPT
from store.encryption.sealing import seal
from store.endpoints.circuit_breaker import note_failure, note_gone, note_refusal, note_success
from store.endpoints.health import CountedAttempt, add_to_span
from store.endpoints.ordering import wake_later
from store.tables import AttemptRow, DeliveryRow, EndpointRow

log = logging.getLogger(__name__)

TIMED_OUT = "timeout"
"""The code of an attempt that had no answer in time."""


@dataclass(frozen=True)
class Settled:
    """What a closed attempt leads to: an end of this round, or a wait in seconds.

    `has_waiting`: other deliveries may wait for the place that is free now. `has_later`: later
    events of the same order wait for this one.
    """

    result: SendResult | None
    delay_s: float = 0.0
    code: str | None = None
    has_waiting: bool = False
    has_later: bool = False


def settle(
    session: Session,
    attempt: AttemptRow,
    delivery: DeliveryRow,
    answer: Answer,
    schedule: RetrySchedule,
    now: datetime,
    *,
    is_test: bool = False,
) -> Settled:
    """What an answer leads to for its delivery."""
    verdict = verdict_of(answer)
    if verdict is Verdict.DELIVERED:
        return _delivered(session, attempt, delivery, now)
    attempt.state = AttemptState.FAILED
    attempt.retry_after_s = asked_s = retry_after_seconds(answer, now)
    refused = asks_to_wait(answer, asked_s)
    wait_s = _slow_down(session, attempt, delivery, asked_s, now) if refused else 0.0
    attempt.charged = not refused or delivery.waited_s >= UNCHARGED_WAIT_S
    delivery.charged += attempt.charged
    if verdict is Verdict.GONE:
        return _gone(session, attempt, delivery, answer, now, is_test=is_test)
    if delivery.state not in OPEN_STATES:  # by an earlier try, or with its endpoint, meanwhile
        return Settled(SendResult(delivery.state, code=answer.code))
    spread = spread_of(attempt.id)
    if not attempt.charged:
        return _asked_to_wait(delivery, asked_wait(wait_s, spread), now)
    at_least_s = max(asked_s or 0.0, wait_s)
    return _charged(delivery, schedule.delay_after(delivery.charged, at_least_s, spread), now)


def _slow_down(
    session: Session,
    attempt: AttemptRow,
    delivery: DeliveryRow,
    asked_s: float | None,
    now: datetime,
) -> float:
    """Slow the endpoint down, as it asks; gives the seconds until it may be sent to again."""
    endpoint_id = delivery.endpoint_id or ""
    return note_refusal(session, endpoint_id, asked_s, attempt.started_at, now)


def note_health(
    session: Session,
    endpoint_id: str,
    answer: Answer,
    attempt: AttemptRow,
    schedule: RetrySchedule,
    now: datetime,
    *,
    is_test: bool = False,
) -> EndpointRow:
    """Let the breaker of the endpoint know of an answer; gives the endpoint.

    One that asks us to wait is no failing one; but one whose breaker is open still fails. A test
    event that fails holds nothing back; one that arrives closes the breaker.
    """
    endpoint = session.get_one(EndpointRow, endpoint_id)
    if is_success(answer):
        note_success(session, endpoint_id, attempt, now, is_test=is_test)
    elif is_test:
        return endpoint
    elif attempt.charged or endpoint.opened_at is not None:
        note_failure(session, endpoint_id, attempt, now, schedule.pace)
    return endpoint


def is_success(answer: Answer) -> bool:
    """Whether it delivers."""
    return verdict_of(answer) is Verdict.DELIVERED


def count_in_spans(session: Session, answers: Sequence[tuple[str, Answer]], now: datetime) -> None:
    """Count answers, each with its endpoint, in the sums of their endpoints, these in one order.
    Last in the transaction: they stay locked until the commit."""
    by_endpoint: dict[str, list[CountedAttempt]] = {}
    for endpoint_id, answer in answers:
        by_endpoint.setdefault(endpoint_id, []).append(_counted(answer))
    for endpoint_id in sorted(by_endpoint):
        add_to_span(session, endpoint_id, by_endpoint[endpoint_id], now)


def _counted(answer: Answer) -> CountedAttempt:
    timed_out = answer.code == TIMED_OUT
    return CountedAttempt(
        succeeded=is_success(answer),
        timed_out=timed_out,
        duration_ms=answer.duration_ms if timed_out or answer.status is not None else None,
    )


def record_answer(session: Session, attempt: AttemptRow, answer: Answer, now: datetime) -> None:
    """Write an answer down on its attempt; the start of its body encrypted."""
    attempt.code, attempt.status_code = answer.code, answer.status
    attempt.duration_ms, attempt.finished_at = answer.duration_ms, now
    if answer.excerpt is not None:
        attempt.response_excerpt = seal(session, RESPONSE_EXCERPT, answer.excerpt, attempt.id)


def _delivered(
    session: Session, attempt: AttemptRow, delivery: DeliveryRow, now: datetime
) -> Settled:
    attempt.state = AttemptState.SUCCEEDED
    change_state(session, delivery, Command.DELIVER, now)
    delivery.delivered_at = delivery.delivered_at or now
    has_later = wake_later(session, delivery, now)
    result = SendResult(DeliveryState.DELIVERED, code=attempt.code)
    return Settled(result, has_later=has_later)


def _gone(
    session: Session,
    attempt: AttemptRow,
    delivery: DeliveryRow,
    answer: Answer,
    now: datetime,
    *,
    is_test: bool,
) -> Settled:
    """The end of this delivery and of its endpoint, unless it was only a test."""
    if is_test:
        ids = {
            "event_id": delivery.event_id,
            "delivery_id": delivery.id,
            "endpoint_id": delivery.endpoint_id,
            "partner_id": delivery.partner_id,
        }
        log.warning("endpoint %s answers 410 Gone to a test event", delivery.endpoint_id, extra=ids)
    else:
        note_gone(session, delivery.endpoint_id or "", attempt, now)
    result = SendResult(DeliveryState.DELIVERING, DeadLetterReason.GONE, answer.code)
    return Settled(result)


def _asked_to_wait(delivery: DeliveryRow, wait_s: float, now: datetime) -> Settled:
    """It comes again when its endpoint may be sent to, at no charge."""
    delivery.waited_s += wait_s
    delivery.next_attempt_at = now + timedelta(seconds=wait_s)
    return Settled(None, wait_s, delivery.last_code)


def _charged(delivery: DeliveryRow, delay_s: float | None, now: datetime) -> Settled:
    if delay_s is None:
        delivery.next_attempt_at = None
        reason = DeadLetterReason.EXHAUSTED
        return Settled(SendResult(DeliveryState.DELIVERING, reason, delivery.last_code))
    delivery.next_attempt_at = now + timedelta(seconds=delay_s)
    return Settled(None, delay_s, delivery.last_code)
