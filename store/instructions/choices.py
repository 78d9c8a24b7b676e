"""What may be asked for an order now: which failed attempt waits for an answer, what is open."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from contracts.instructions.choices import Choices, NoChoice
from contracts.instructions.rules import actions_after, days_ahead
from contracts.instructions.transitions import UNDECIDED, InstructionState
from contracts.instructions.words import InstructionAction
from store.instructions.attempts import FailedAttempt, failed_attempt
from store.tables import InstructionRow, PartnerRow


def choices_for(session: Session, partner_id: str, order_id: str, now: datetime) -> Choices | None:
    """What may be asked for after the last failed attempt of an order, or why nothing may be; None
    where no attempt has failed, or there is no such order of the partner."""
    attempt = failed_attempt(session, partner_id, order_id)
    if attempt is None:
        return None
    return choices_of(session, attempt, answers_to(session, attempt), now)


def choices_of(
    session: Session, attempt: FailedAttempt, answers: Sequence[InstructionRow], now: datetime
) -> Choices:
    """The same, of an attempt and the instructions that answer it."""
    event, failure = attempt.event, attempt.failure
    partner = session.get_one(PartnerRow, event.partner_id)
    actions = actions_after(failure, partner.instruction_actions) if failure else ()
    refused = _refusal(attempt, answers, actions, now)
    standing = [one.id for one in answers if _stands(one)]
    return Choices(
        event_id=event.event_id,
        order_id=event.order_id,
        attempt_number=failure.attempt_number if failure else 0,
        reason_code=failure.reason_code if failure else "",
        until=attempt.until,
        actions=() if refused else actions,
        days=() if refused else days_ahead(now, partner.time_zone, no_sundays=partner.no_sundays),
        refused=refused,
        instruction_id=standing[-1] if standing else None,
    )


def answers_to(
    session: Session, attempt: FailedAttempt, *, locked: bool = False
) -> Sequence[InstructionRow]:
    """The instructions that answer an attempt, in the order they were given."""
    query = select(InstructionRow).where(col(InstructionRow.event_id) == attempt.event.event_id)
    query = query.order_by(col(InstructionRow.created_at), col(InstructionRow.id))
    if locked:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.exec(query).all()


def _refusal(
    attempt: FailedAttempt,
    answers: Sequence[InstructionRow],
    actions: Sequence[InstructionAction],
    now: datetime,
) -> NoChoice | None:
    if attempt.went_on is not None:
        return NoChoice.ORDER_WENT_ON
    if any(one.state is InstructionState.ACCEPTED for one in answers):
        return NoChoice.DECIDED
    if attempt.failure is None:
        return NoChoice.ERASED
    if attempt.until <= now:
        return NoChoice.EXPIRED
    return None if actions else NoChoice.NOTHING_ALLOWED


def _stands(row: InstructionRow) -> bool:
    return row.state in (*UNDECIDED, InstructionState.ACCEPTED)
