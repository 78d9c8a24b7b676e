"""Instructions in words, and their forms: what may be asked for after a failed delivery, and when.

Nobody's address, phone or note is shown: whoever gave an instruction knows what it says.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from babel.dates import format_date

from contracts.errors import NotFound
from contracts.instructions.choices import Choices, DayChoice
from contracts.instructions.forms import FIELDS
from contracts.instructions.transitions import InstructionState
from contracts.instructions.words import GivenBy, InstructionAction, Slot
from dashboard.page_context import PartnerContext
from dashboard.state_texts import BAD, GOOD, QUIET, WAITING
from dashboard.translations import Words
from store.instructions.search import InstructionDetail
from store.tables import InstructionRow
from web_forms import Fields

_DAY = "EEE, d MMM"
_TONES = {
    InstructionState.WAITING_FOR_CODE: WAITING,
    InstructionState.OPEN: WAITING,
    InstructionState.ACCEPTED: GOOD,
    InstructionState.REJECTED: BAD,
}


@dataclass(frozen=True)
class InstructionShown:
    """One instruction in words; `reason` is the decision's."""

    row: InstructionRow
    state: InstructionState
    tone: str
    when: str | None
    reason: str | None = field(repr=False)


@dataclass(frozen=True)
class AnswerForms:
    """What may be asked for, and what was typed wrong: `faults` by the fields of the form that was
    sent, which was of `action`."""

    choices: Choices
    times: Sequence[tuple[str, str]]
    action: str = ""
    typed: Mapping[str, str] = field(default_factory=dict, repr=False)
    faults: Mapping[str, str] = field(default_factory=dict)


def shown_instructions(
    words: Words, details: Sequence[InstructionDetail]
) -> list[InstructionShown]:
    """Instructions in words, in the order that they come in."""
    return [
        InstructionShown(
            row=one.row,
            state=one.state,
            tone=_TONES.get(one.state, QUIET),
            when=_time(words, one.row.date, one.row.slot) if one.row.date else None,
            reason=one.content.decision_reason,
        )
        for one in details
    ]


def times_of(words: Words, days: Sequence[DayChoice]) -> list[tuple[str, str]]:
    """The days and slots that may be asked for, as a choice in a form: value and words."""
    times = []
    for day in days:
        whole = [None] if len(day.slots) == len(Slot) else []
        for slot in (*whole, *day.slots):
            value = f"{day.date}/{slot}" if slot else f"{day.date}"
            times.append((value, _time(words, day.date, slot)))
    return times


def given_by(context: PartnerContext) -> GivenBy:
    """Whom an instruction of this page is from."""
    return GivenBy.OPS if context.viewer.is_ops else GivenBy.MERCHANT


def typed_in(fields: Fields) -> Mapping[str, str]:
    """What was typed, to be shown again."""
    return {name: fields.text(name) for name in FIELDS}


def action_of(fields: Fields) -> InstructionAction:
    """The action that a form names; NotFound for what is none."""
    name = fields.text("action")
    action = next((one for one in InstructionAction if one.value == name), None)
    if action is None:
        raise NotFound("there is no such page")
    return action


def _time(words: Words, day: dt.date, slot: Slot | None) -> str:
    shown = format_date(day, _DAY, locale=words.language)
    return words(f"slot-{slot}", day=shown) if slot else shown
