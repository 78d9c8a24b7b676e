"""What the API shows of instructions, and the filters that it takes."""

from dataclasses import asdict
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field

from api.pages import Page
from api.queries import LongText, PageLimit, QueryTime, ShortText
from api.rows import view_of
from contracts.body import Body
from contracts.ids import EventRef
from contracts.instructions.choices import Choices, NoChoice
from contracts.instructions.transitions import InstructionState
from contracts.instructions.views import InstructionPublic
from contracts.instructions.words import InstructionAction, Slot
from contracts.payload.fields import UtcDatetime
from store.instructions.search import InstructionDetail

_MOST_NUMBER_DIGITS = 18


def _a_number(cursor: str) -> str:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= _MOST_NUMBER_DIGITS):
        raise ValueError("use next_cursor of the last page, or the number of the last instruction")
    return cursor


class InstructionQuery(Body):
    """The feed's filters; all that are set must hold. No other names are taken."""

    cursor: Annotated[str, AfterValidator(_a_number)] | None = Field(
        default=None,
        max_length=_MOST_NUMBER_DIGITS,
        description="next_cursor of the last page, or the number of the last instruction you have",
    )
    limit: PageLimit = 50
    partner_id: ShortText | None = None
    order_id: LongText | None = None
    state: InstructionState | None = None
    since: QueryTime | None = Field(default=None, description="opened then or later")


class OrderInstructionsQuery(Body):
    """Whose order it is: named by keys of oms and ops, left out by a partner."""

    partner_id: ShortText | None = Field(
        default=None,
        description="whose order it is: named by keys of `oms` and `ops`, left out by a partner",
        examples=["chai-point"],
    )


class InstructionPage(Page[InstructionPublic]):
    """A page of the feed, the oldest first; `next_cursor` is null on the last one. Whoever polls
    keeps the `number` of the last instruction, and goes on behind it."""


class DayView(BaseModel):
    """A day that may be asked for, and its slots that have not begun."""

    date: str = Field(examples=["2026-11-30"])
    slots: list[Slot]


class ChoicesView(BaseModel):
    """The last failed attempt of the order, and what may be asked for after it."""

    event_id: EventRef
    attempt_number: int = Field(examples=[1])
    reason_code: str = Field(examples=["customer_unavailable"])
    until: UtcDatetime = Field(description="when it becomes too late to ask for anything")
    actions: list[InstructionAction]
    days: list[DayView]
    refused: NoChoice | None = Field(description="why nothing may be asked for; null: it may")

    @classmethod
    def of(cls, choices: Choices) -> "ChoicesView":
        """Show what is open."""
        days = [DayView(date=one.date.isoformat(), slots=[*one.slots]) for one in choices.days]
        return cls.model_validate({**asdict(choices), "days": days})


class OrderInstructions(BaseModel):
    """The instructions of an order, the newest first. `choices` is null where no delivery of it has
    failed."""

    items: list[InstructionPublic]
    choices: ChoicesView | None


class PostAttemptView(BaseModel):
    """One POST to the OMS. Without a code it is on the wire."""

    number: int = Field(examples=[1])
    code: str | None = Field(examples=["http_204"])
    status_code: int | None = Field(examples=[204])
    duration_ms: int | None = Field(examples=[41])
    started_at: UtcDatetime
    finished_at: UtcDatetime | None


class InstructionWithAttempts(InstructionPublic):
    """An instruction, and how its webhook to the OMS went."""

    attempts: list[PostAttemptView]


def public(detail: InstructionDetail) -> InstructionPublic:
    """An instruction as it is shown."""
    return view_of(InstructionPublic, detail.row, **besides_the_row(detail))


def besides_the_row(detail: InstructionDetail) -> dict[str, Any]:
    """What is shown of an instruction and is no column of its row."""
    content = detail.content
    return {
        "state": detail.state,
        "closed_by": detail.closed_by,
        "address": content.address,
        "phone": content.phone,
        "comment": content.comment,
        "decision_reason": content.decision_reason,
    }
