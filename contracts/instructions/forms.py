"""An instruction as a page's form has it: what was typed, read by the contract, and what of it has
to be corrected."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from contracts.errors import Invalid
from contracts.instructions.request import InstructionRequest
from contracts.instructions.words import InstructionAction

_ADDRESS = ("line1", "line2", "landmark", "city", "state", "pincode")
FIELDS = (*_ADDRESS, "phone", "when", "comment")
"""What may be typed. `when` is a date, or a date and a slot: `2026-11-30/evening`."""

_OF_WHEN = ("date", "slot")
_WITH_WHEN = (InstructionAction.RESCHEDULE, InstructionAction.CHANGE_ADDRESS)


def request_of(action: InstructionAction, typed: Mapping[str, str]) -> InstructionRequest:
    """The form as the contract has it; fields that the action does not take count for nothing.
    ValidationError for what is typed wrong."""
    return InstructionRequest.model_validate({"action": action, **_body(action, typed)})


def faults_of(error: ValidationError) -> Mapping[str, str]:
    """The fields that have to be corrected, each with what is wrong: `when`, `address`, `phone`,
    `pincode`, `too-long` or `text`."""
    lines = error.errors(include_url=False, include_input=False, include_context=False)
    return dict(_fault(str(line["loc"][-1]), line["type"]) for line in lines)


def fault_of(error: Invalid) -> Mapping[str, str]:
    """The same for what the calendar does not allow."""
    return dict([_fault(error.field, "")])


def _body(action: InstructionAction, typed: Mapping[str, str]) -> dict[str, Any]:
    body: dict[str, Any] = {"comment": typed["comment"] or None}
    if action in _WITH_WHEN:
        date, _, slot = typed["when"].partition("/")
        body |= {"date": date or None, "slot": slot or None}
    if action is InstructionAction.CHANGE_ADDRESS:
        address = {name: typed[name] or None for name in _ADDRESS}
        body |= {"address": address if any(address.values()) else None}
        body |= {"phone": typed["phone"] or None}
    return body


def _fault(field: str, kind: str) -> tuple[str, str]:
    if field in _OF_WHEN:
        return "when", "when"
    if field in ("address", "phone", "pincode"):
        return field, field
    return field, "too-long" if kind == "string_too_long" else "text"
