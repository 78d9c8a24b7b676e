"""How instructions change their state: by the table of the contracts, under the row's lock.

What happens to an order closes its instruction without a statement on the path of the event: who
reads, decides, answers or posts looks whether the order went on, and a sweep writes it down.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.access.callers import DOORSTEP
from contracts.errors import Conflict, NotFound
from contracts.instructions.posts import PostState
from contracts.instructions.transitions import (
    UNDECIDED,
    InstructionCommand,
    InstructionState,
    state_after,
)
from contracts.payload.events import EventType
from store.access.audit import record_change
from store.db.row_locks import TO_CHANGE
from store.instructions.attempts import order_went_on, went_on_by
from store.tables import InstructionRow

_REFUSED = {
    InstructionState.WAITING_FOR_CODE: "it still waits for the customer's code",
    InstructionState.OPEN: "it is open",
    InstructionState.ACCEPTED: "it was accepted already",
    InstructionState.REJECTED: "it was rejected already",
    InstructionState.SUPERSEDED: "a later instruction took its place",
    InstructionState.CLOSED: "the order has gone on since",
    InstructionState.EXPIRED: "its time has passed",
}


@dataclass(frozen=True)
class Ending:
    """How an undecided instruction has ended by what happened meanwhile."""

    command: InstructionCommand
    closed_by: str | None = None


def locked_instruction(
    session: Session, instruction_id: str, *, owner: str | None = None
) -> InstructionRow:
    """One instruction, for its change. NotFound when there is none, or it is another partner's."""
    row = session.get(
        InstructionRow, instruction_id, with_for_update=TO_CHANGE, populate_existing=True
    )
    if row is None or owner not in (None, row.partner_id):
        raise NotFound(f"no instruction {instruction_id}")
    return row


def apply(row: InstructionRow, command: InstructionCommand, now: datetime) -> None:
    """Change its state as the table says. Conflict, in words, where the table refuses."""
    after = state_after(row.state, command)
    if after is None:
        raise Conflict(f"instruction {row.id}: {_REFUSED[row.state]}")
    row.state = after
    if after is not InstructionState.OPEN and row.ended_at is None:
        row.ended_at = now


def ending_of(row: InstructionRow, went_on: EventType | None, now: datetime) -> Ending | None:
    """How it has ended meanwhile; None while it stands as it is written, or was ended before."""
    if row.state not in UNDECIDED:
        return None
    if went_on is not None:
        return Ending(InstructionCommand.CLOSE, went_on.value)
    return Ending(InstructionCommand.EXPIRE) if row.expires_at <= now else None


def end(
    session: Session,
    row: InstructionRow,
    ending: Ending,
    now: datetime,
    *,
    actor: str = DOORSTEP,
    by: str | None = None,
) -> None:
    """End an undecided instruction; what of its webhook has not left is not sent. `by`: the
    instruction that takes its place."""
    apply(row, ending.command, now)
    row.closed_by = ending.closed_by
    if row.post_state is PostState.WAITING and row.state is not InstructionState.EXPIRED:
        row.post_state, row.post_code, row.post_due_at = PostState.SKIPPED, row.state.value, None
    details = {"state": row.state, "by": by or ending.closed_by}
    record_change(session, AuditAction.INSTRUCTION_ENDED, row, actor, now, details)


def end_if_over(session: Session, row: InstructionRow, now: datetime) -> bool:
    """End a locked instruction whose order went on or whose time has passed; whether it did."""
    went_on = went_on_by(session, [row.id]).get(row.id) if row.state in UNDECIDED else None
    ending = ending_of(row, went_on, now)
    if ending is None:
        return False
    end(session, row, ending, now)
    return True


def end_what_is_over(session: Session, now: datetime, *, limit: int) -> int:
    """Write down the next endings; how many. Rows that somebody else has locked are left to them:
    they look by themselves."""
    query = (
        select(InstructionRow)
        .where(
            col(InstructionRow.state).in_(UNDECIDED),
            or_(col(InstructionRow.expires_at) <= now, order_went_on()),
        )
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True, of=InstructionRow)
    )
    rows = session.exec(query).all()
    went_on: Mapping[str, EventType] = went_on_by(session, [row.id for row in rows])
    for row in rows:
        ending = ending_of(row, went_on.get(row.id), now)
        if ending is not None:
            end(session, row, ending, now)
    return len(rows)
