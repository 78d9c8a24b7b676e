"""Posting instructions to the OMS: in the order of an order, each until it is taken or is over.

What of a post was done is in the rows, so that a worker that dies anywhere in between leaves
nothing out.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.access.callers import DOORSTEP
from contracts.delivery.retry import spread_of
from contracts.delivery.verdicts import Answer, Verdict, retry_after_seconds, verdict_of
from contracts.errors import Conflict
from contracts.ids import IdKind, new_id
from contracts.instructions.posts import PostInstructions, PostResult, PostState, next_wait_s
from contracts.instructions.transitions import InstructionState
from store.access.audit import record_change
from store.db.row_locks import TO_CHANGE
from store.instructions.endings import end_if_over, locked_instruction
from store.instructions.post_body import body_of_post
from store.tables import InstructionAttemptRow, InstructionRow

log = logging.getLogger(__name__)

INTERRUPTED, OUR_FAULT = "interrupted", "our_fault"
NO_WEBHOOK = "no_oms_webhook"


@dataclass(frozen=True)
class ReadyPost:
    """An attempt that is about to leave. Never leaves the activity."""

    attempt_id: str
    instruction_id: str
    number: int
    body: bytes = field(repr=False)


def begin_post(
    session: Session, task: PostInstructions, now: datetime, *, has_webhook: bool
) -> ReadyPost | PostResult:
    """Open the next attempt of an order, or say how long to wait, or that nothing is left."""
    while (row := _first_waiting(session, task)) is not None:
        end_if_over(session, row, now)
        if row.state is InstructionState.EXPIRED:
            _dead_letter(session, row, row.state.value, now)
        elif row.state is not InstructionState.OPEN:
            _skip(row, row.state.value)
        elif not has_webhook:
            _skip(row, NO_WEBHOOK)
            log.warning("instruction %s is only in the feed: no OMS webhook is set", row.id)
        elif row.post_due_at is not None and row.post_due_at > now and row.id != task.waited_for:
            return PostResult((row.post_due_at - now).total_seconds(), row.id)
        else:
            return _opened(session, row, now)
        session.flush()
    return PostResult()


def settle_post(session: Session, attempt_id: str, answer: Answer, now: datetime) -> PostResult:
    """What the OMS answered, written down: 2xx is the end, 410 a dead letter, all else is tried
    again while the instruction lasts."""
    attempt = session.get_one(InstructionAttemptRow, attempt_id, with_for_update=TO_CHANGE)
    row = locked_instruction(session, attempt.instruction_id)
    if attempt.finished_at is None:
        attempt.code, attempt.status_code = answer.code, answer.status
        attempt.duration_ms, attempt.finished_at = answer.duration_ms, now
    verdict = verdict_of(answer)
    if verdict is Verdict.DELIVERED:
        row.post_state, row.post_code = PostState.POSTED, answer.code
        row.posted_at, row.post_due_at = now, None
    elif row.post_state is PostState.WAITING:
        row.post_code = answer.code
        if verdict is Verdict.GONE:
            _dead_letter(session, row, answer.code, now)
        else:
            asked_s = retry_after_seconds(answer, now)
            _put_off(session, row, now, asked_s, spread_of(attempt_id))
    session.flush()
    return _what_is_left(session, row, now)


def note_mistake(session: Session, task: PostInstructions, now: datetime) -> PostResult:
    """A mistake of ours stopped an attempt: it counts as one that told nobody."""
    row = _first_waiting(session, task)
    if row is None:
        return PostResult()
    row.post_code = OUR_FAULT
    _put_off(session, row, now, None, spread_of(row.id))
    session.flush()
    return _what_is_left(session, row, now)


def retry_post(
    session: Session, instruction_id: str, now: datetime, *, actor: str
) -> InstructionRow:
    """Begin the schedule again for a dead letter, or for one not sent for want of a webhook.

    NotFound without it; Conflict for every other one, and for one that is not open any more.
    """
    row = locked_instruction(session, instruction_id)
    end_if_over(session, row, now)
    if row.state is not InstructionState.OPEN:
        raise Conflict(f"instruction {row.id} is {row.state}: the OMS has no use for it any more")
    unsent = row.post_state is PostState.SKIPPED and row.post_code == NO_WEBHOOK
    if row.post_state is not PostState.DEAD_LETTERED and not unsent:
        raise Conflict(f"instruction {row.id} is no dead letter: its post is {row.post_state}")
    row.post_state, row.post_failures = PostState.WAITING, 0
    row.post_due_at = row.asked_at = None
    record_change(session, AuditAction.INSTRUCTION_RETRY_REQUESTED, row, actor, now)
    return row


def attempts_of(session: Session, instruction_id: str) -> Sequence[InstructionAttemptRow]:
    """The attempts to post an instruction, by number."""
    query = select(InstructionAttemptRow).where(
        col(InstructionAttemptRow.instruction_id) == instruction_id
    )
    return session.exec(query.order_by(col(InstructionAttemptRow.number))).all()


def _first_waiting(session: Session, task: PostInstructions) -> InstructionRow | None:
    query = (
        select(InstructionRow)
        .where(
            col(InstructionRow.partner_id) == task.partner_id,
            col(InstructionRow.order_id) == task.order_id,
            col(InstructionRow.post_state) == PostState.WAITING,
        )
        .order_by(col(InstructionRow.number))
        .limit(1)
    )
    return session.exec(
        query.with_for_update(key_share=True).execution_options(populate_existing=True)
    ).first()


def _opened(session: Session, row: InstructionRow, now: datetime) -> ReadyPost:
    """A new attempt; one that a dead worker has left open told us nothing, and costs nothing."""
    session.execute(
        update(InstructionAttemptRow)
        .where(
            col(InstructionAttemptRow.instruction_id) == row.id,
            col(InstructionAttemptRow.finished_at).is_(None),
        )
        .values(code=INTERRUPTED, finished_at=now)
    )
    row.post_attempts += 1
    attempt = InstructionAttemptRow(
        id=new_id(IdKind.ATTEMPT),
        instruction_id=row.id,
        number=row.post_attempts,
        started_at=now,
    )
    session.add(attempt)
    body = body_of_post(session, row)
    return ReadyPost(attempt.id, row.id, attempt.number, body.to_bytes())


def _put_off(
    session: Session,
    row: InstructionRow,
    now: datetime,
    retry_after_s: float | None,
    spread: float,
) -> None:
    """The next attempt by the schedule, or a dead letter where it would come too late."""
    row.post_failures += 1
    left_s = (row.expires_at - now).total_seconds()
    wait_s = next_wait_s(row.post_failures, left_s, retry_after_s, spread)
    if wait_s is None:
        _dead_letter(session, row, row.post_code or OUR_FAULT, now)
    else:
        row.post_due_at = now + timedelta(seconds=wait_s)


def _what_is_left(session: Session, row: InstructionRow, now: datetime) -> PostResult:
    """How the row stands, and how long the next one of its order waits."""
    waiting = _first_waiting(session, PostInstructions(row.partner_id, row.order_id))
    wait_s = None if waiting is None else 0.0
    if waiting is not None and waiting.post_due_at is not None:
        wait_s = max(0.0, (waiting.post_due_at - now).total_seconds())
    waits = waiting.id if waiting else None
    return PostResult(wait_s, waits, row.id, row.post_state, row.post_code)


def _skip(row: InstructionRow, code: str) -> None:
    row.post_state, row.post_code, row.post_due_at = PostState.SKIPPED, code, None


def _dead_letter(session: Session, row: InstructionRow, code: str, now: datetime) -> None:
    row.post_state, row.post_due_at = PostState.DEAD_LETTERED, None
    row.post_code = row.post_code or code
    details = {"code": row.post_code, "attempts": row.post_attempts}
    record_change(session, AuditAction.INSTRUCTION_DEAD_LETTERED, row, DOORSTEP, now, details)
    log.error(
        "instruction %s of order %s of %s did not reach the OMS in %s attempts, the last with %s",
        row.id,
        row.order_id,
        row.partner_id,
        row.post_attempts,
        row.post_code,
        extra={"instruction_id": row.id, "partner_id": row.partner_id},
    )
