"""The one place where the state of a delivery changes, by the table of `contracts/delivery`.

Of many at once, `store/events/endings.py` ends what is open, by the same table.
"""

from datetime import datetime

from sqlmodel import Session

from contracts.delivery.messages import SendResult
from contracts.delivery.states import (
    DeadLetterResolution,
    DeliveryState,
    HoldReason,
    SkipReason,
)
from contracts.delivery.transitions import Command, state_after
from store.dead_letters.record import resolve
from store.tables import DeliveryRow

_RESOLUTIONS = {
    Command.DELIVER: DeadLetterResolution.DELIVERED,
    Command.DISCARD: DeadLetterResolution.DISCARDED,
    Command.EXPIRE: DeadLetterResolution.EXPIRED,
}


def change_state(
    session: Session,
    delivery: DeliveryRow,
    command: Command,
    now: datetime,
    *,
    hold_reason: HoldReason | None = None,
    skip_reason: SkipReason | None = None,
) -> bool:
    """Do what the table says; False when it refuses. The delivery's row is locked.

    A dead letter that the delivery leaves is closed with it.
    """
    after = state_after(
        delivery.state,
        command,
        was_delivered=delivery.delivered_at is not None,
        hold_reason=hold_reason,
    )
    if after is None:
        return False
    left_dead_letter = delivery.state is DeliveryState.DEAD_LETTERED and after is not delivery.state
    delivery.state, delivery.changed_at, delivery.next_attempt_at = after, now, None
    delivery.hold_reason = hold_reason if after is DeliveryState.HELD else None
    delivery.skip_reason = skip_reason if after is DeliveryState.SKIPPED else None
    delivery.sms_suspension_id = None
    if left_dead_letter:
        resolution = _RESOLUTIONS.get(command, DeadLetterResolution.RETRIED)
        resolve(session, delivery.id, resolution, now)
    return True


def hold(
    session: Session,
    delivery: DeliveryRow,
    reason: HoldReason,
    now: datetime,
    *,
    until: datetime | None = None,
    sms_suspension_id: str | None = None,
    command: Command = Command.HOLD,
) -> SendResult:
    """Hold a delivery; `until` is when it is sent again by itself, where that is known."""
    change_state(session, delivery, command, now, hold_reason=reason)
    if delivery.state is DeliveryState.HELD:
        delivery.next_attempt_at, delivery.sms_suspension_id = until, sms_suspension_id
    return SendResult(delivery.state, hold_reason=delivery.hold_reason)


def skip(session: Session, delivery: DeliveryRow, reason: SkipReason, now: datetime) -> SendResult:
    """End a delivery without sending anything."""
    change_state(session, delivery, Command.SKIP, now, skip_reason=reason)
    return SendResult(delivery.state)
