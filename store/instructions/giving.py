"""Giving an instruction: the latest of one failed attempt wins until the OMS has decided."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from contracts.access.audit import AuditAction
from contracts.errors import Conflict, Invalid, NotFound
from contracts.ids import IdKind, new_id
from contracts.instructions.choices import NO_CHOICE_WORDS, Choices, NoChoice
from contracts.instructions.posts import PostState
from contracts.instructions.request import InstructionRequest
from contracts.instructions.rules import day_fault
from contracts.instructions.transitions import (
    UNDECIDED,
    InstructionCommand,
    InstructionState,
)
from contracts.instructions.words import GivenBy
from contracts.refusals import Refusal
from store.access.audit import record_change
from store.access.budgets import CUSTOMER_INSTRUCTIONS, spend
from store.instructions.attempts import FailedAttempt, failed_attempt
from store.instructions.choices import answers_to, choices_of
from store.instructions.content import content_of, put_content
from store.instructions.endings import Ending, apply, end
from store.instructions.numbers import next_number
from store.tables import InstructionRow

_SUPERSEDED = Ending(InstructionCommand.SUPERSEDE)


def give_instruction(
    session: Session,
    *,
    partner_id: str,
    order_id: str,
    given_by: GivenBy,
    actor: str,
    request: InstructionRequest,
    now: datetime,
    answers_event: str | None = None,
) -> InstructionRow:
    """Say what is to be done after the last failed attempt of an order; `actor` is written down.
    `answers_event` is the event of the attempt that is meant, where the caller has seen one.

    An undecided one that says the same is given back. A change of address or phone by the customer
    waits for its code (`codes.issue_code`), and takes the place of an earlier one only then.
    NotFound without a failed attempt, Conflict where nothing may be asked for any more, Invalid for
    what is not open, LimitReached after twenty of a customer for an order in a day.
    """
    attempt, answers, choices = _to_answer(session, partner_id, order_id, answers_event, now)
    undecided = [one for one in answers if one.state in UNDECIDED]
    same = _saying_the_same(session, undecided, given_by, request)
    if same is not None:
        return same
    _require_open(request, choices)
    if given_by is GivenBy.CUSTOMER:
        spend(session, CUSTOMER_INSTRUCTIONS, f"{partner_id}/{order_id}", now)
    row = _new(session, attempt, given_by, actor, request, now)
    if given_by is GivenBy.CUSTOMER and request.redirects:
        undecided = [one for one in undecided if one.state is InstructionState.WAITING_FOR_CODE]
    _supersede(session, undecided, row, now)
    session.add(row)
    record_change(
        session,
        AuditAction.INSTRUCTION_GIVEN,
        row,
        actor,
        now,
        {"action": row.action, "given_by": given_by, "event_id": row.event_id, "state": row.state},
    )
    session.flush()
    if row.state is InstructionState.OPEN:
        _into_the_feed(session, row, now)
    return row


def confirm(session: Session, row: InstructionRow, now: datetime, *, actor: str) -> None:
    """Open an instruction whose code was right; it takes the place of the one that was open.
    Conflict where it does not wait for a code any more, or nothing may be asked for."""
    _, answers, _ = _to_answer(session, row.partner_id, row.order_id, row.event_id, now)
    open_ones = [one for one in answers if one.state is InstructionState.OPEN]
    if row.state is not InstructionState.OPEN:
        _supersede(session, open_ones, row, now)
    apply(row, InstructionCommand.CONFIRM, now)
    record_change(session, AuditAction.INSTRUCTION_CONFIRMED, row, actor, now)
    session.flush()
    _into_the_feed(session, row, now)


def _to_answer(
    session: Session, partner_id: str, order_id: str, event_id: str | None, now: datetime
) -> tuple[FailedAttempt, Sequence[InstructionRow], Choices]:
    """The last failed attempt of an order, which is that of the event where one is named, with its
    answers, locked. NotFound without one, Conflict where nothing may be asked for any more."""
    attempt = failed_attempt(session, partner_id, order_id, to_answer=True)
    if attempt is None:
        raise NotFound(f"no failed delivery of order {order_id}")
    if event_id not in (None, attempt.event.event_id):
        raise Conflict(NO_CHOICE_WORDS[NoChoice.ORDER_WENT_ON], cause=Refusal.ORDER_WENT_ON)
    answers = answers_to(session, attempt, locked=True)
    choices = choices_of(session, attempt, answers, now)
    if choices.refused is not None:
        raise Conflict(NO_CHOICE_WORDS[choices.refused], cause=Refusal.ORDER_WENT_ON)
    return attempt, answers, choices


def _into_the_feed(session: Session, row: InstructionRow, now: datetime) -> None:
    row.opened_at, row.post_state = now, PostState.WAITING
    row.number = next_number(session)


def _supersede(
    session: Session, earlier: Sequence[InstructionRow], row: InstructionRow, now: datetime
) -> None:
    for one in earlier:
        if one.state is InstructionState.OPEN:
            row.supersedes = one.id
        end(session, one, _SUPERSEDED, now, actor=row.actor, by=row.id)
    session.flush()  # before the new one stands: the index lets one stand


def _saying_the_same(
    session: Session,
    undecided: Sequence[InstructionRow],
    given_by: GivenBy,
    request: InstructionRequest,
) -> InstructionRow | None:
    said = (given_by, request.action, request.date, request.slot)
    for one in undecided:
        its_own = (one.given_by, one.action, one.date, one.slot)
        if its_own == said and content_of(session, one) == request.content:
            return one
    return None


def _require_open(request: InstructionRequest, choices: Choices) -> None:
    if request.action not in choices.actions:
        named = ", ".join(choices.actions)
        raise Invalid(f"after this failure choose one of {named}", field="action")
    fault = day_fault(request.date, request.slot, choices.days) if request.date else None
    if fault is not None:
        raise Invalid(fault, field="slot" if "slot" in fault else "date")


def _new(
    session: Session,
    attempt: FailedAttempt,
    given_by: GivenBy,
    actor: str,
    request: InstructionRequest,
    now: datetime,
) -> InstructionRow:
    needs_code = given_by is GivenBy.CUSTOMER and request.redirects
    row = InstructionRow(
        id=new_id(IdKind.INSTRUCTION),
        partner_id=attempt.event.partner_id,
        order_id=attempt.event.order_id,
        event_id=attempt.event.event_id,
        attempt_number=attempt.failure.attempt_number if attempt.failure else 1,
        action=request.action,
        date=request.date,
        slot=request.slot,
        content="",
        given_by=given_by,
        actor=actor,
        state=InstructionState.WAITING_FOR_CODE if needs_code else InstructionState.OPEN,
        failed_at=attempt.event.occurred_at,
        created_at=now,
        expires_at=attempt.until,
    )
    put_content(session, row, request.content)
    return row
