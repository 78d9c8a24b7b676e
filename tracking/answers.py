"""What a page says of the answer to a failed attempt: never an address, a phone or a note."""

import datetime as dt
from dataclasses import dataclass, field

from contracts.instructions.choices import DayChoice, NoChoice
from contracts.instructions.transitions import InstructionState
from contracts.instructions.words import GivenBy, InstructionAction, Slot
from store.instructions.customers import CustomerAnswers
from store.instructions.search import InstructionDetail


@dataclass(frozen=True)
class GivenAnswer:
    """What was asked for, and what became of it: the last two are of the decision."""

    state: InstructionState
    action: InstructionAction
    date: dt.date | None
    slot: Slot | None
    by_customer: bool
    reason: str | None = field(repr=False)
    next_attempt_at: dt.datetime | None


@dataclass(frozen=True)
class Answer:
    """What was said after the last failed attempt, and what may be said until when."""

    actions: tuple[InstructionAction, ...]
    days: tuple[DayChoice, ...]
    until: dt.datetime
    is_too_late: bool
    awaits_code: bool
    said: GivenAnswer | None

    @property
    def is_confirmed(self) -> bool:
        """Whether it is settled: what the failed attempt's event announced does not count then."""
        return self.said is not None and self.said.state is InstructionState.ACCEPTED


def answer_of(answers: CustomerAnswers) -> Answer:
    """The answers as a page shows them."""
    choices = answers.choices
    return Answer(
        actions=choices.actions,
        days=choices.days,
        until=choices.until,
        is_too_late=choices.refused is NoChoice.EXPIRED,
        awaits_code=answers.code_for is not None,
        said=_said(answers.said) if answers.said else None,
    )


def _said(detail: InstructionDetail) -> GivenAnswer:
    row = detail.row
    return GivenAnswer(
        state=detail.state,
        action=row.action,
        date=row.date,
        slot=row.slot,
        by_customer=row.given_by is GivenBy.CUSTOMER,
        reason=detail.content.decision_reason,
        next_attempt_at=row.next_attempt_at,
    )
