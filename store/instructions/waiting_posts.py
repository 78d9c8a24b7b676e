"""Which orders have instructions that wait for Temporal to post them to the OMS.

Rows wait until Temporal has taken them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, update
from sqlmodel import Session, col, select

from contracts.instructions.posts import PostState
from store.tables import InstructionRow

STILL_AFTER = timedelta(minutes=10)
"""Temporal is asked again for a post that waits for so long: its workflow may be lost."""

_MOST_AT_ONCE = 100


@dataclass(frozen=True)
class OrderToPost:
    """An order with instructions that wait. `is_new`: Temporal was not asked for one of them."""

    partner_id: str
    order_id: str
    ids: Sequence[str]
    is_new: bool


def orders_to_post(session: Session, now: datetime) -> list[OrderToPost]:
    """Orders with posts that wait and that Temporal was not asked for lately, the oldest first."""
    asked = col(InstructionRow.asked_at)
    query = (
        select(
            InstructionRow.partner_id,
            InstructionRow.order_id,
            func.array_agg(InstructionRow.id),
            func.bool_or(asked.is_(None)),
        )
        .where(
            col(InstructionRow.post_state) == PostState.WAITING,
            or_(asked.is_(None), asked < now - STILL_AFTER),
        )
        .group_by(col(InstructionRow.partner_id), col(InstructionRow.order_id))
        .order_by(func.min(InstructionRow.number))
        .limit(_MOST_AT_ONCE)
    )
    return [OrderToPost(*row) for row in session.execute(query)]


def mark_asked(session: Session, ids: Sequence[str], now: datetime) -> None:
    """Temporal has their workflow: of these, not of one that was given meanwhile."""
    session.execute(
        update(InstructionRow).where(col(InstructionRow.id).in_(ids)).values(asked_at=now)
    )
