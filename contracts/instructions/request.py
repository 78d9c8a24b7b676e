"""An instruction as it is given, by a page or over the API."""

import datetime as dt
import re
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from contracts.body import Body
from contracts.instructions.words import InstructionAction, Slot
from contracts.payload.fields import Phone, Pincode, Text
from contracts.refusals import UnusableValue

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _a_written_date(value: object) -> object:
    """Only `2026-11-30`: a number or a time of day would be read as some day or other."""
    is_date = isinstance(value, dt.date) and not isinstance(value, dt.datetime)
    if is_date or (isinstance(value, str) and _DATE.fullmatch(value)):
        return value
    raise UnusableValue("send a date such as 2026-11-30", cause="date_parsing")


Day = Annotated[dt.date, BeforeValidator(_a_written_date)]
"""A calendar day, in the partner's time zone."""


class InstructionAddress(Body):
    """Where the parcel is to go: a whole address, or what helps to find the old one.

    A whole one has at least `line1`, `city` and `pincode`; without those it has a landmark.
    """

    line1: Text | None = None
    line2: Text | None = None
    landmark: Text | None = None
    city: Text | None = None
    state: Text | None = None
    pincode: Pincode | None = None

    @model_validator(mode="after")
    def _can_be_found(self) -> Self:
        whole = (self.line1, self.city, self.pincode)
        if all(whole) or (self.landmark and not any(whole)):
            return self
        raise ValueError("send line1, city and pincode, or only a landmark for the old address")


class AddressShown(BaseModel):
    """An address as it was given, with every field, null or not."""

    model_config = ConfigDict(frozen=True, from_attributes=True, hide_input_in_errors=True)

    line1: Text | None
    line2: Text | None
    landmark: Text | None
    city: Text | None
    state: Text | None
    pincode: str | None = Field(examples=["411004"])


_TAKES: dict[InstructionAction, frozenset[str]] = {
    InstructionAction.REATTEMPT: frozenset({"phone", "comment"}),
    InstructionAction.RESCHEDULE: frozenset({"date", "slot", "phone", "comment"}),
    InstructionAction.CHANGE_ADDRESS: frozenset({"date", "slot", "address", "phone", "comment"}),
    InstructionAction.HOLD: frozenset({"comment"}),
    InstructionAction.RETURN: frozenset({"comment"}),
}
"""Which fields an action may have; all others are null."""


class InstructionContent(BaseModel):
    """What is personal in an instruction: kept encrypted, as one."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    address: InstructionAddress | None = None
    phone: Phone | None = None
    comment: Text | None = None
    decision_reason: Text | None = None


class InstructionRequest(Body):
    """What is to be done. A field that the action does not take is refused."""

    action: InstructionAction
    date: Day | None = Field(default=None, description="in the partner's time zone")
    slot: Slot | None = Field(
        default=None, description="morning 9 to 12, afternoon 12 to 16, evening 16 to 20"
    )
    address: InstructionAddress | None = None
    phone: Phone | None = Field(default=None, description="whom the rider is to call instead")
    comment: Text | None = None

    @model_validator(mode="after")
    def _has_what_the_action_takes(self) -> Self:
        for name in ("date", "slot", "address", "phone", "comment"):
            if getattr(self, name) is not None and name not in _TAKES[self.action]:
                raise _fault(name, f"{self.action} takes none: leave it out")
        if self.action is InstructionAction.RESCHEDULE and self.date is None:
            raise _fault("date", "reschedule needs one")
        if self.slot is not None and self.date is None:
            raise _fault("date", "a slot needs one")
        moves = self.address is not None or self.phone is not None
        if self.action is InstructionAction.CHANGE_ADDRESS and not moves:
            raise _fault("address", "change_address needs an address, or a phone")
        return self

    @property
    def content(self) -> InstructionContent:
        """What is personal in it."""
        return InstructionContent(address=self.address, phone=self.phone, comment=self.comment)

    @property
    def redirects(self) -> bool:
        """Whether the parcel would go to another place or person: a customer proves for that to
        have the order's phone."""
        return self.address is not None or self.phone is not None


def _fault(field: str, words: str) -> ValidationError:
    """An error of one field, found only when all are read."""
    error = PydanticCustomError("instruction", "{words}", {"words": words})
    line = InitErrorDetails(type=error, loc=(field,), input=None)
    return ValidationError.from_exception_data("instruction", [line], hide_input=True)
