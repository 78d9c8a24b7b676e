"""What may happen to an instruction: one table of (state, command), the only place that decides it.

The store applies it to the row under its lock. What the table does not name is refused, and changes
nothing.
"""

from collections.abc import Mapping
from enum import StrEnum


class InstructionState(StrEnum):
    """`waiting_for_code` until the customer has proved to have the order's phone; `open` until the
    OMS decides. `superseded`: a later one took its place; `closed`: the order went on without it;
    `expired`: its time has passed."""

    WAITING_FOR_CODE = "waiting_for_code"
    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    CLOSED = "closed"
    EXPIRED = "expired"


class InstructionCommand(StrEnum):
    """What somebody wants to become of an instruction."""

    CONFIRM = "confirm"
    """The code was right."""
    ACCEPT = "accept"
    REJECT = "reject"
    SUPERSEDE = "supersede"
    CLOSE = "close"
    """The order went on, or its data was erased."""
    EXPIRE = "expire"


_State, _Do = InstructionState, InstructionCommand

_UNDECIDED: Mapping[InstructionCommand, InstructionState] = {
    _Do.SUPERSEDE: _State.SUPERSEDED,
    _Do.CLOSE: _State.CLOSED,
    _Do.EXPIRE: _State.EXPIRED,
}

TRANSITIONS: Mapping[InstructionState, Mapping[InstructionCommand, InstructionState]] = {
    _State.WAITING_FOR_CODE: {_Do.CONFIRM: _State.OPEN, **_UNDECIDED},
    _State.OPEN: {_Do.ACCEPT: _State.ACCEPTED, _Do.REJECT: _State.REJECTED, **_UNDECIDED},
    _State.ACCEPTED: {_Do.ACCEPT: _State.ACCEPTED},
    _State.REJECTED: {_Do.REJECT: _State.REJECTED},
    _State.SUPERSEDED: {},
    _State.CLOSED: {},
    _State.EXPIRED: {},
}

UNDECIDED = (InstructionState.WAITING_FOR_CODE, InstructionState.OPEN)
"""What can still be superseded, closed or expire."""


def state_after(state: InstructionState, command: InstructionCommand) -> InstructionState | None:
    """The state that a command leads to; None when it is refused."""
    return TRANSITIONS[state].get(command)
