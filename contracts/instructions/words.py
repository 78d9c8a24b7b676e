"""The words of instructions: what may be asked for, by whom, when in the day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum


class InstructionAction(StrEnum):
    """What is to be done with a parcel that could not be delivered."""

    REATTEMPT = "reattempt"
    """With the next run, as it is."""
    RESCHEDULE = "reschedule"
    """On a day, and in a slot of it."""
    CHANGE_ADDRESS = "change_address"
    """To another address, by a landmark, or to somebody on another phone."""
    HOLD = "hold"
    """Keep it until somebody collects it, or says more."""
    RETURN = "return"
    """Back to the merchant: the customer does not want it."""


class GivenBy(StrEnum):
    """Who gives an instruction: the customer on the page, the merchant, or operations."""

    CUSTOMER = "customer"
    MERCHANT = "merchant"
    OPS = "ops"


class Slot(StrEnum):
    """A part of the day, in the partner's time zone."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


@dataclass(frozen=True)
class SlotHours:
    """When a slot begins and ends."""

    begins: time
    ends: time


SLOT_HOURS: Mapping[Slot, SlotHours] = {
    Slot.MORNING: SlotHours(time(9), time(12)),
    Slot.AFTERNOON: SlotHours(time(12), time(16)),
    Slot.EVENING: SlotHours(time(16), time(20)),
}


def action_names(actions: Sequence[InstructionAction] | None) -> list[str] | None:
    """The actions as the database keeps them; null stays null."""
    return None if actions is None else [one.value for one in actions]
