"""What is open to whoever answers a failed delivery, as pages and the API show it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from contracts.instructions.words import InstructionAction, Slot


class NoChoice(StrEnum):
    """Why nothing can be asked for any more. `order_went_on`: there was another attempt, it was
    delivered, or it goes back; `decided`: the OMS has accepted an instruction; `expired`: the next
    attempt's time has come; `nothing_allowed`: not after this reason, or the partner allows none;
    `erased`: nobody knows any more whose it was."""

    ORDER_WENT_ON = "order_went_on"
    DECIDED = "decided"
    EXPIRED = "expired"
    NOTHING_ALLOWED = "nothing_allowed"
    ERASED = "erased"


NO_CHOICE_WORDS = {
    NoChoice.ORDER_WENT_ON: "the order has gone on since this attempt failed",
    NoChoice.DECIDED: "an instruction was accepted already: it cannot be changed any more",
    NoChoice.EXPIRED: "the time to say what is to be done has passed",
    NoChoice.NOTHING_ALLOWED: "nothing can be asked for after this failure",
    NoChoice.ERASED: "the data of this order was erased",
}


@dataclass(frozen=True)
class DayChoice:
    """A day that may be asked for, and its slots."""

    date: date
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class Choices:
    """The last failed attempt of an order, and what may be asked for: nothing where `refused` says
    why. `instruction_id` is the one that stands: undecided, or accepted; a new one supersedes an
    undecided one. `until` is when it becomes too late."""

    event_id: str
    order_id: str
    attempt_number: int
    reason_code: str
    until: datetime
    actions: tuple[InstructionAction, ...] = ()
    days: tuple[DayChoice, ...] = ()
    refused: NoChoice | None = None
    instruction_id: str | None = None
