"""Ends what is open of many deliveries at once: their events are erased, their endpoint removed."""

from datetime import datetime

from sqlalchemy import ColumnElement, case, null, update
from sqlmodel import Session, col

from contracts.delivery.states import NOT_ENDED, DeliveryState, SkipReason
from contracts.delivery.transitions import Command, state_after
from store.tables import DeliveryRow

_OPEN = DeliveryState.DELIVERING
_SKIP = state_after(_OPEN, Command.SKIP)
_SKIP_AGAIN = state_after(_OPEN, Command.SKIP, was_delivered=True)
"""Where skipping leads to, from any open state alike."""


def skip_open(
    session: Session, which: ColumnElement[bool], reason: SkipReason, now: datetime
) -> int:
    """Skip those that have not ended; one that was delivered before stays so. Gives how many."""
    delivered = col(DeliveryRow.delivered_at).is_not(None)
    ended = session.execute(
        update(DeliveryRow)
        .where(which, col(DeliveryRow.state).in_(NOT_ENDED))
        .values(
            state=case((delivered, _SKIP_AGAIN), else_=_SKIP),
            skip_reason=case((delivered, null()), else_=reason),
            hold_reason=None,
            sms_suspension_id=None,
            next_attempt_at=None,
            changed_at=now,
        )
        .returning(col(DeliveryRow.id))
    )
    return len(ended.all())
