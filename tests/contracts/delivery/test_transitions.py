"""The table of what may happen to a delivery, which the state machine of the store lives by."""

import pytest

from contracts.delivery.states import NOT_ENDED, DeliveryState, HoldReason
from contracts.delivery.transitions import (
    TRANSITIONS,
    Command,
    may_begin_round,
    state_after,
)

GIVEN_UP = (DeliveryState.DISCARDED, DeliveryState.EXPIRED)


def test_every_state_has_its_row() -> None:
    assert set(TRANSITIONS) == set(DeliveryState)


def test_every_command_is_obeyed_somewhere() -> None:
    assert {command for row in TRANSITIONS.values() for command in row} == set(Command)


@pytest.mark.parametrize("state", DeliveryState)
def test_a_success_counts_whenever_it_comes(state: DeliveryState) -> None:
    assert state_after(state, Command.DELIVER) is DeliveryState.DELIVERED


@pytest.mark.parametrize("state", GIVEN_UP)
def test_what_was_given_up_changes_for_a_success_alone(state: DeliveryState) -> None:
    assert set(TRANSITIONS[state]) == {Command.DELIVER}


@pytest.mark.parametrize(
    ("state", "retried", "resent"),
    [
        *((one, True, True) for one in (*sorted(NOT_ENDED), DeliveryState.DEAD_LETTERED)),
        (DeliveryState.DELIVERED, False, True),
        *((one, False, False) for one in (*GIVEN_UP, DeliveryState.SKIPPED)),
    ],
)
def test_what_a_person_may_ask_for(state: DeliveryState, retried: bool, resent: bool) -> None:
    assert may_begin_round(state, resend=False) is retried
    assert may_begin_round(state, resend=True) is resent


@pytest.mark.parametrize(
    ("command", "reason", "after"),
    [
        (Command.DEAD_LETTER, None, DeliveryState.DELIVERED),
        (Command.SKIP, None, DeliveryState.DELIVERED),
        (Command.HOLD, HoldReason.ENDPOINT_FAILING, DeliveryState.DELIVERED),
        (Command.HOLD, HoldReason.ENDPOINT_BUSY, DeliveryState.HELD),
        (Command.HOLD, HoldReason.SMS_SUSPENDED, DeliveryState.HELD),
        (Command.ATTEMPT, None, DeliveryState.DELIVERING),
    ],
)
def test_a_resend_leaves_it_delivered_however_it_ends(
    command: Command, reason: HoldReason | None, after: DeliveryState
) -> None:
    state = DeliveryState.DELIVERING
    assert state_after(state, command, was_delivered=True, hold_reason=reason) is after
