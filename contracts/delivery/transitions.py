"""What may happen to a delivery: one table of (state, command), the only place that decides it.

The store applies it to the row, and so decides for API, dashboard, recoveries and activities alike;
a workflow obeys. What the table does not name is refused, and changes nothing.
"""

from collections.abc import Mapping
from enum import StrEnum

from contracts.delivery.states import DeliveryState, HoldReason


class Command(StrEnum):
    """What somebody wants to become of a delivery."""

    ATTEMPT = "attempt"
    RETRY = "retry"
    """Run the schedule again: a person, a recovery, or the end of what held it."""
    RESEND = "resend"
    """As a retry, also of what was delivered."""
    HOLD = "hold"
    SKIP = "skip"
    DELIVER = "deliver"
    """An attempt succeeded, however late: what a partner or a customer has, they have."""
    DEAD_LETTER = "dead_letter"
    DISCARD = "discard"
    EXPIRE = "expire"
    TAKE_BACK = "take_back"
    """Twilio says of a text that it did not arrive; what follows is another command."""
    REDIRECT = "redirect"
    """A text that was skipped goes to another phone."""
    TAKE_UP = "take_up"
    """A text that the plan had skipped for its type stands in for a webhook."""


_State, _Do = DeliveryState, Command

_WHILE_OPEN: Mapping[Command, DeliveryState] = {
    _Do.ATTEMPT: _State.DELIVERING,
    _Do.RETRY: _State.DELIVERING,
    _Do.RESEND: _State.DELIVERING,
    _Do.TAKE_BACK: _State.DELIVERING,
    _Do.HOLD: _State.HELD,
    _Do.SKIP: _State.SKIPPED,
    _Do.DELIVER: _State.DELIVERED,
    _Do.DEAD_LETTER: _State.DEAD_LETTERED,
}

TRANSITIONS: Mapping[DeliveryState, Mapping[Command, DeliveryState]] = {
    _State.PENDING: _WHILE_OPEN,
    _State.HELD: _WHILE_OPEN,
    _State.DELIVERING: _WHILE_OPEN,
    _State.DELIVERED: {
        _Do.DELIVER: _State.DELIVERED,
        _Do.RESEND: _State.DELIVERING,
        _Do.TAKE_BACK: _State.DELIVERING,
    },
    _State.DEAD_LETTERED: {
        _Do.DEAD_LETTER: _State.DEAD_LETTERED,
        _Do.RETRY: _State.DELIVERING,
        _Do.RESEND: _State.DELIVERING,
        _Do.TAKE_BACK: _State.DELIVERING,
        _Do.DELIVER: _State.DELIVERED,
        _Do.DISCARD: _State.DISCARDED,
        _Do.EXPIRE: _State.EXPIRED,
    },
    _State.SKIPPED: {
        _Do.DELIVER: _State.DELIVERED,
        _Do.REDIRECT: _State.HELD,
        _Do.TAKE_UP: _State.PENDING,
    },
    _State.DISCARDED: {_Do.DELIVER: _State.DELIVERED},
    _State.EXPIRED: {_Do.DELIVER: _State.DELIVERED},
}

_NOT_SENT = frozenset({_State.SKIPPED, _State.DEAD_LETTERED})
_UNTIL_SOMEBODY_ACTS = frozenset(
    {HoldReason.PARTNER_PAUSED, HoldReason.ENDPOINT_OFF, HoldReason.ENDPOINT_FAILING}
)


def state_after(
    state: DeliveryState,
    command: Command,
    *,
    was_delivered: bool = False,
    hold_reason: HoldReason | None = None,
) -> DeliveryState | None:
    """The state that a command leads to; None when it is refused.

    `was_delivered`: it is being sent again. However that ends, it is delivered; it only waits where
    the wait ends by itself.
    """
    after = TRANSITIONS[state].get(command)
    if was_delivered and (after in _NOT_SENT or hold_reason in _UNTIL_SOMEBODY_ACTS):
        return DeliveryState.DELIVERED
    return after


def may_begin_round(state: DeliveryState, *, resend: bool) -> bool:
    """Whether a person may ask for a delivery in this state, and is obeyed."""
    return state_after(state, Command.RESEND if resend else Command.RETRY) is not None
