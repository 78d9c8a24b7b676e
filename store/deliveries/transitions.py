"""Held and skipped: how a delivery is put into either state, always with its reason."""

from datetime import datetime

from contracts.delivery.messages import SendResult
from contracts.delivery.states import DeliveryState, HoldReason, SkipReason
from store.tables import DeliveryRow


def hold(
    delivery: DeliveryRow,
    reason: HoldReason,
    *,
    until: datetime | None = None,
    sms_suspension_id: str | None = None,
) -> SendResult:
    """Hold a delivery; `until` is when it is sent again by itself, where that is known."""
    delivery.state, delivery.next_attempt_at = DeliveryState.HELD, until
    delivery.hold_reason, delivery.sms_suspension_id = reason, sms_suspension_id
    return SendResult(DeliveryState.HELD)


def skip(delivery: DeliveryRow, reason: SkipReason) -> SendResult:
    """End a delivery without sending anything."""
    delivery.state, delivery.next_attempt_at = DeliveryState.SKIPPED, None
    delivery.skip_reason, delivery.hold_reason, delivery.sms_suspension_id = reason, None, None
    return SendResult(DeliveryState.SKIPPED)
