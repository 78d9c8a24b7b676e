"""Reading instructions: one, those of an order, and the feed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, select

from contracts.errors import NotFound
from contracts.instructions.request import InstructionContent
from contracts.instructions.transitions import UNDECIDED, InstructionState, state_after
from store.instructions.attempts import went_on_by
from store.instructions.content import content_of
from store.instructions.endings import ending_of
from store.tables import EventRow, InstructionRow

MOST_OF_AN_ORDER = 100


@dataclass(frozen=True)
class InstructionFilter:
    """Which instructions to show; all that are set must hold. `since` is when they were opened."""

    partner_id: str | None = None
    order_id: str | None = None
    state: InstructionState | None = None
    since: datetime | None = None


@dataclass(frozen=True)
class InstructionDetail:
    """An instruction as it stands now: `state` and `closed_by` know of what has happened since the
    row was written."""

    row: InstructionRow
    content: InstructionContent = field(repr=False)
    state: InstructionState
    closed_by: str | None


def get_instruction(
    session: Session, instruction_id: str, now: datetime, *, owner: str | None = None
) -> InstructionDetail:
    """One instruction. NotFound when there is none, or it is another partner's than `owner`."""
    row = session.get(InstructionRow, instruction_id)
    if row is None or owner not in (None, row.partner_id):
        raise NotFound(f"no instruction {instruction_id}")
    return as_they_stand(session, [row], now)[0]


def list_feed(
    session: Session,
    wanted: InstructionFilter,
    now: datetime,
    *,
    owner: str | None = None,
    after: int | None,
    limit: int,
) -> list[InstructionDetail]:
    """The next of the feed behind a number, in the order in which they were opened.

    By state as it is written: one whose order went on a moment ago may still be among the open.
    """
    number = col(InstructionRow.number)
    query = select(InstructionRow).where(number.is_not(None), number > (after or 0))
    for column, value in (
        (InstructionRow.partner_id, owner),
        (InstructionRow.partner_id, wanted.partner_id),
        (InstructionRow.order_id, wanted.order_id),
        (InstructionRow.state, wanted.state),
    ):
        if value is not None:
            query = query.where(col(column) == value)
    if wanted.since is not None:
        query = query.where(col(InstructionRow.opened_at) >= wanted.since)
    return as_they_stand(session, session.exec(query.order_by(number).limit(limit)).all(), now)


def require_order(session: Session, partner_id: str, order_id: str) -> None:
    """NotFound where the partner has no event of this order."""
    query = select(EventRow.event_id).where(
        col(EventRow.order_id) == order_id, col(EventRow.partner_id) == partner_id
    )
    if session.exec(query.limit(1)).first() is None:
        raise NotFound(f"no order {order_id}")


def list_of_order(
    session: Session, partner_id: str, order_id: str, now: datetime
) -> list[InstructionDetail]:
    """The instructions of an order, the newest first; also those that wait for a code."""
    query = (
        select(InstructionRow)
        .where(
            col(InstructionRow.partner_id) == partner_id, col(InstructionRow.order_id) == order_id
        )
        .order_by(col(InstructionRow.created_at).desc(), col(InstructionRow.id).desc())
        .limit(MOST_OF_AN_ORDER)
    )
    return as_they_stand(session, session.exec(query).all(), now)


def as_they_stand(
    session: Session, rows: Sequence[InstructionRow], now: datetime
) -> list[InstructionDetail]:
    """The instructions with what has happened to their orders meanwhile."""
    undecided = [row.id for row in rows if row.state in UNDECIDED]
    went_on = went_on_by(session, undecided) if undecided else {}
    details = []
    for row in rows:
        ending = ending_of(row, went_on.get(row.id), now)
        state = state_after(row.state, ending.command) if ending else None
        closed_by = ending.closed_by if ending else row.closed_by
        details.append(
            InstructionDetail(row, content_of(session, row), state or row.state, closed_by)
        )
    return details
