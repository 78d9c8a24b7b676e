"""The OMS's decision on an instruction."""

from datetime import datetime

from sqlmodel import Session

from contracts.access.audit import AuditAction
from contracts.errors import Conflict
from contracts.instructions.posts import PostState
from contracts.instructions.transitions import InstructionCommand, InstructionState
from contracts.instructions.views import DecisionRequest
from store.access.audit import record_change
from store.instructions.content import content_of, put_content
from store.instructions.endings import apply, end_if_over, locked_instruction
from store.tables import InstructionRow

_COMMANDS = {
    "accepted": (InstructionCommand.ACCEPT, AuditAction.INSTRUCTION_ACCEPTED),
    "rejected": (InstructionCommand.REJECT, AuditAction.INSTRUCTION_REJECTED),
}
_DECIDED = (InstructionState.ACCEPTED, InstructionState.REJECTED)


def decide(
    session: Session, instruction_id: str, asked: DecisionRequest, now: datetime, *, actor: str
) -> InstructionRow:
    """Accept or reject an instruction. The same decision again changes nothing.

    NotFound without it; Conflict for another decision than before, and for one that is not open:
    superseded, closed, expired, or waiting for its code.
    """
    row = locked_instruction(session, instruction_id)
    end_if_over(session, row, now)
    command, action = _COMMANDS[asked.decision]
    content = content_of(session, row)
    if row.state in _DECIDED:
        before = (row.state.value, content.decision_reason, row.next_attempt_at)
        if before != (asked.decision, asked.reason, asked.next_attempt_at) and not row.erased_at:
            raise Conflict(f"instruction {row.id} was {row.state} already, in other words")
    is_new = row.state is InstructionState.OPEN
    apply(row, command, now)
    if is_new:
        put_content(session, row, content.model_copy(update={"decision_reason": asked.reason}))
        row.next_attempt_at = asked.next_attempt_at
        if row.post_state is PostState.WAITING:
            row.post_state, row.post_code, row.post_due_at = PostState.SKIPPED, "decided", None
        details = {"next_attempt_at": _written(asked.next_attempt_at)}
        record_change(session, action, row, actor, now, details)
    return row


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
