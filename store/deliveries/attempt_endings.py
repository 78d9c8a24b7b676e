"""Attempts of a webhook delivery, closed with their answers.

What is charged to the partner is counted when one is closed (`attempt_results`) and nowhere else.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from contracts.delivery.messages import SendResult
from contracts.delivery.retry import RetrySchedule
from contracts.delivery.states import OPEN_STATES, AttemptState, SkipReason
from contracts.delivery.verdicts import Answer, Verdict, verdict_of
from store.deliveries.attempt_results import (
    Settled,
    count_in_spans,
    note_health,
    record_answer,
    settle,
)
from store.tables import AttemptRow, DeliveryRow, EventRow

_SOON_S = 1.0


@dataclass(frozen=True)
class EndedAttempt:
    """An attempt that has ended, and the schedule that it was part of."""

    attempt_id: str
    answer: Answer
    schedule: RetrySchedule


@dataclass(frozen=True)
class FinishedAttempt:
    """An attempt that was closed, and what follows; counted in its endpoint's sums, unless it was
    closed before or is of a test event."""

    attempt: AttemptRow
    delivery: DeliveryRow
    settled: Settled
    is_counted: bool


def finish_attempt(session: Session, ended: EndedAttempt, now: datetime) -> FinishedAttempt:
    """Close an attempt with its answer and say what follows.

    One that was closed as interrupted meanwhile charges nothing, but a success counts: the partner
    has it. The sums of its endpoint come last: they stay locked until the commit.
    """
    attempt, delivery, is_test = _locked(session, ended.attempt_id)
    done = _finish(session, ended, attempt, delivery, now, is_test=is_test)
    if done.is_counted:
        count_in_spans(session, [(delivery.endpoint_id or "", ended.answer)], now)
    return done


def _finish(
    session: Session,
    ended: EndedAttempt,
    attempt: AttemptRow,
    delivery: DeliveryRow,
    now: datetime,
    *,
    is_test: bool,
) -> FinishedAttempt:
    answer, verdict = ended.answer, verdict_of(ended.answer)
    if attempt.state is not AttemptState.IN_FLIGHT and verdict is not Verdict.DELIVERED:
        return FinishedAttempt(attempt, delivery, overtaken(delivery, now), is_counted=False)
    if delivery.skip_reason is SkipReason.ERASED:
        answer = replace(answer, excerpt=None)
    record_answer(session, attempt, answer, now)
    delivery.last_code, delivery.changed_at = answer.code, now
    settled = settle(session, attempt, delivery, answer, ended.schedule, now, is_test=is_test)
    endpoint = note_health(
        session,
        delivery.endpoint_id or "",
        answer,
        attempt,
        ended.schedule,
        now,
        is_test=is_test,
    )
    settled = replace(settled, has_waiting=endpoint.has_waiting)
    return FinishedAttempt(attempt, delivery, settled, is_counted=not is_test)


def interrupt_attempt(session: Session, attempt_id: str, now: datetime) -> None:
    """Close an attempt that we ended ourselves: a deploy or a mistake of ours. Not charged."""
    session.execute(
        update(AttemptRow)
        .where(col(AttemptRow.id) == attempt_id)
        .where(col(AttemptRow.state) == AttemptState.IN_FLIGHT)
        .values(state=AttemptState.INTERRUPTED, code="interrupted", finished_at=now)
    )


def overtaken(delivery: DeliveryRow, now: datetime, code: str | None = None) -> Settled:
    """What follows from an attempt that was given up meanwhile, or written down already.

    Never the end of a delivery that is still open: the next attempt finds out how it stands.
    """
    if delivery.state not in OPEN_STATES:
        return Settled(SendResult(delivery.state, code=code))
    wait = (delivery.next_attempt_at - now).total_seconds() if delivery.next_attempt_at else 0.0
    return Settled(None, max(wait, _SOON_S), code)


def _locked(session: Session, attempt_id: str) -> tuple[AttemptRow, DeliveryRow, bool]:
    """An attempt and its delivery, locked, for it may have been closed meanwhile; and whether its
    event is a test."""
    query = (
        select(AttemptRow, DeliveryRow, EventRow.is_test)
        .join(DeliveryRow, col(DeliveryRow.id) == col(AttemptRow.delivery_id))
        .join(EventRow, col(EventRow.event_id) == col(DeliveryRow.event_id))
        .where(col(AttemptRow.id) == attempt_id)
        .with_for_update(key_share=True, of=[AttemptRow, DeliveryRow])
    )
    return session.exec(query).one()
