"""What became of the deliveries that a person asked for in one moment.

The audit log has a wish for each of them, all at the moment of asking: so whoever has that moment
finds them again, after a reload and in any process.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_
from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.delivery.states import OPEN_STATES, TURN_COMES, DeliveryState
from store.tables import AuditEntryRow, DeadLetterRow, DeliveryRow

MOST_SHOWN = 1_000
"""Deliveries of one moment that are looked at."""


@dataclass(frozen=True)
class RetryProgress:
    """How many were asked for, and how each stands. `not_begun`: their workflow has not heard of
    the wish yet; `waiting`: held for their endpoint or their partner; `closed`: given up, expired
    or skipped meanwhile. `deliveries` are the ids of all of them."""

    asked: int
    delivered: int = 0
    under_way: int = 0
    waiting: int = 0
    failed: int = 0
    not_begun: int = 0
    closed: int = 0
    deliveries: frozenset[str] = field(default=frozenset(), compare=False, repr=False)

    @property
    def ended(self) -> int:
        """How many have ended, well or not."""
        return self.delivered + self.failed + self.closed

    @property
    def is_over(self) -> bool:
        """Whether all have ended."""
        return self.ended >= self.asked


def retry_progress(session: Session, asked_at: datetime, *, owner: str) -> RetryProgress:
    """How far the retries have got that were asked for at this moment for a partner."""
    wishes = select(AuditEntryRow.object_id).where(
        col(AuditEntryRow.partner_id) == owner,
        col(AuditEntryRow.at) == asked_at,
        col(AuditEntryRow.action) == AuditAction.DELIVERY_RETRY_REQUESTED,
    )
    ids: Sequence[str] = session.exec(wishes.limit(MOST_SHOWN)).all()
    open_dead_letter = and_(
        col(DeadLetterRow.delivery_id) == col(DeliveryRow.id),
        col(DeadLetterRow.resolved_at).is_(None),
    )
    query = (
        select(DeliveryRow.state, DeliveryRow.hold_reason, DeadLetterRow.created_at)
        .outerjoin(DeadLetterRow, open_dead_letter)
        .where(col(DeliveryRow.id).in_(ids))
    )
    counts = Counter(
        _standing(DeliveryState(state), held_for, buried_at, asked_at)
        for state, held_for, buried_at in session.exec(query)
    )
    return RetryProgress(asked=counts.total(), deliveries=frozenset(ids), **counts)


def _standing(
    state: DeliveryState,
    held_for: str | None,
    buried_at: datetime | None,
    asked_at: datetime,
) -> str:
    """One delivery's standing: a field of `RetryProgress`."""
    if state is DeliveryState.DELIVERED:
        return "delivered"
    if state in OPEN_STATES or held_for in TURN_COMES:
        return "under_way"
    if state is DeliveryState.HELD:
        return "waiting"
    if state is DeliveryState.DEAD_LETTERED:
        return "failed" if buried_at is not None and buried_at > asked_at else "not_begun"
    return "closed"
