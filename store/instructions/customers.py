"""What a customer reads and says of a failed delivery: with the link of one order, and of no other.

Nothing here takes the id of an instruction: what a link may change is found by its order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from contracts.access.callers import CUSTOMER
from contracts.errors import Conflict
from contracts.instructions.choices import NO_CHOICE_WORDS, Choices, NoChoice
from contracts.instructions.request import InstructionRequest
from contracts.instructions.transitions import InstructionState
from contracts.instructions.words import GivenBy, InstructionAction
from store.instructions.attempts import FailedAttempt, failed_attempt
from store.instructions.choices import answers_to, choices_of
from store.instructions.codes import can_be_texted, confirm_code, issue_code
from store.instructions.giving import give_instruction
from store.instructions.search import InstructionDetail, as_they_stand
from store.tables import InstructionRow
from store.tracking.links import LinkedOrder

_SAID = (InstructionState.OPEN, InstructionState.ACCEPTED, InstructionState.REJECTED)


@dataclass(frozen=True)
class CustomerAnswers:
    """What was said after the last failed attempt, and what the customer may ask for.

    `said` is the last that is open or decided, whoever gave it; `code_for` the instruction that
    waits for the customer's code.
    """

    choices: Choices
    said: InstructionDetail | None = None
    code_for: str | None = None


def customer_answers(session: Session, order: LinkedOrder, now: datetime) -> CustomerAnswers | None:
    """The answers to an order's last failed attempt; None where none has failed, where the order
    went on since, and for test orders: no parcel of theirs is on its way."""
    attempt = None if order.is_test else failed_attempt(session, order.partner_id, order.order_id)
    if attempt is None or attempt.went_on is not None:
        return None
    rows = answers_to(session, attempt)
    details = as_they_stand(session, rows, now) if rows else []
    said = [one for one in details if one.state in _SAID]
    waiting = [one for one in details if one.state is InstructionState.WAITING_FOR_CODE]
    return CustomerAnswers(
        choices=_of_customer(session, attempt, choices_of(session, attempt, rows, now)),
        said=said[-1] if said else None,
        code_for=waiting[-1].row.id if waiting else None,
    )


def give_as_customer(
    session: Session,
    order: LinkedOrder,
    answers_event: str,
    request: InstructionRequest,
    now: datetime,
) -> InstructionRow:
    """Say what is to be done after a failed attempt, the one of the event that the customer has
    seen; for a change of address or phone a code is texted. Errors as those of `give_instruction`
    and `issue_code`; then nothing was changed."""
    if order.is_test:
        raise Conflict(NO_CHOICE_WORDS[NoChoice.NOTHING_ALLOWED])
    row = give_instruction(
        session,
        partner_id=order.partner_id,
        order_id=order.order_id,
        given_by=GivenBy.CUSTOMER,
        actor=CUSTOMER,
        request=request,
        now=now,
        answers_event=answers_event,
    )
    if row.state is InstructionState.WAITING_FOR_CODE:
        issue_code(session, row.id, now)
    return row


def confirm_as_customer(session: Session, order: LinkedOrder, code: str, now: datetime) -> bool:
    """Open the instruction of an order that waits for its code. False: the code is wrong, which was
    counted. Conflict where none waits, or its code is awaited no more."""
    return confirm_code(session, _code_for(session, order, now), code, now)


def text_another_code(session: Session, order: LinkedOrder, now: datetime) -> None:
    """Have another code texted for the instruction that waits for one. Conflict where none does;
    LimitReached after three for an order in a day."""
    issue_code(session, _code_for(session, order, now), now)


def _code_for(session: Session, order: LinkedOrder, now: datetime) -> str:
    answers = customer_answers(session, order, now)
    if answers is None or answers.code_for is None:
        raise Conflict("no instruction of this order waits for a code")
    return answers.code_for


def _of_customer(session: Session, attempt: FailedAttempt, choices: Choices) -> Choices:
    """Without a change of address where no code could be texted: it would never be confirmed."""
    changes = InstructionAction.CHANGE_ADDRESS in choices.actions
    if not changes or can_be_texted(session, attempt.event):
        return choices
    return replace(choices, actions=_without_changes(choices.actions))


def _without_changes(actions: Sequence[InstructionAction]) -> tuple[InstructionAction, ...]:
    return tuple(one for one in actions if one is not InstructionAction.CHANGE_ADDRESS)
