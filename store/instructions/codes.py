"""The code that a customer's change of address or phone needs: texted to the order's phone.

It is made when its text is claimed, and only its keyed digest is kept: nobody reads it out of the
database, however early they look.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.access.callers import CUSTOMER
from contracts.errors import Conflict
from contracts.ids import IdKind, new_id
from contracts.instructions.texts import (
    CODE_DIGITS,
    InstructionTextKind,
    InstructionTextState,
)
from contracts.instructions.transitions import InstructionState
from store.access.audit import record_change
from store.access.budgets import INSTRUCTION_CODES, spend
from store.db.row_locks import TO_CHANGE
from store.encryption.sealing import code_digest, phone_index
from store.events.bodies import body_of
from store.events.phones import is_mobile
from store.instructions.endings import end_if_over, locked_instruction
from store.instructions.giving import confirm
from store.sms.opt_outs import is_opted_out
from store.tables import EventRow, InstructionRow, InstructionTextRow

CODE_VALID_FOR = timedelta(minutes=10)
MOST_ATTEMPTS = 5


@dataclass(frozen=True)
class AwaitedCode:
    """A code that a customer has to type. `is_over`: it is too old, or was tried too often;
    `was_not_sent`: its text was refused, or may not go to this phone."""

    attempts_left: int
    is_over: bool
    was_not_sent: bool


def issue_code(session: Session, instruction_id: str, now: datetime) -> InstructionTextRow:
    """Have a code texted to the order's phone; an earlier one ends. While its text has not left, a
    second request is the first.

    Conflict where the instruction waits for no code, or the order has no phone that can be texted;
    LimitReached after three for an order in a day.
    """
    row = locked_instruction(session, instruction_id)
    end_if_over(session, row, now)
    if row.state is not InstructionState.WAITING_FOR_CODE:
        raise Conflict(f"instruction {row.id} waits for no code: it is {row.state}")
    latest = _latest(session, row.id, locked=True)
    if latest is not None and latest.state is InstructionTextState.WAITING:
        return latest
    _require_a_phone(session, row)
    spend(session, INSTRUCTION_CODES, f"{row.partner_id}/{row.order_id}", now)
    text = InstructionTextRow(
        id=new_id(IdKind.INSTRUCTION_TEXT),
        kind=InstructionTextKind.CODE,
        partner_id=row.partner_id,
        order_id=row.order_id,
        event_id=row.event_id,
        instruction_id=row.id,
        state=InstructionTextState.WAITING,
        attempts_left=MOST_ATTEMPTS,
        created_at=now,
        expires_at=now + CODE_VALID_FOR,
    )
    session.add(text)
    record_change(session, AuditAction.INSTRUCTION_CODE_ISSUED, row, CUSTOMER, now)
    return text


def confirm_code(session: Session, instruction_id: str, code: str, now: datetime) -> bool:
    """Open an instruction, where the code is right. False: it is not, and that was counted.

    Conflict without a code that is awaited: too old, tried too often, or the instruction is over.
    """
    row = locked_instruction_and_event(session, instruction_id)
    text = _latest(session, row.id, locked=True)
    if row.state is not InstructionState.WAITING_FOR_CODE:
        raise Conflict(f"instruction {row.id} waits for no code: it is {row.state}")
    if text is None or text.expires_at <= now or text.attempts_left < 1:
        raise Conflict("no code is awaited: it is too old or was tried too often, ask for another")
    if not _is_right(session, text, code):
        text.attempts_left -= 1
        details = {"attempts_left": text.attempts_left}
        record_change(session, AuditAction.INSTRUCTION_CODE_REFUSED, row, CUSTOMER, now, details)
        return False
    text.code_digest, text.attempts_left = None, 0
    confirm(session, row, now, actor=CUSTOMER)
    return True


def locked_instruction_and_event(session: Session, instruction_id: str) -> InstructionRow:
    """An instruction, and the gate to all that answer its attempt, locked in the order in which
    whoever gives one locks them."""
    found = session.get(InstructionRow, instruction_id)
    if found is not None:
        session.get_one(EventRow, found.event_id, with_for_update=TO_CHANGE)
    return locked_instruction(session, instruction_id)


def can_be_texted(session: Session, event: EventRow) -> bool:
    """Whether a code can be texted to the phone of an event's order."""
    customer = body_of(session, event).data.order.customer if event.erased_at is None else None
    phone = customer.phone if customer else None
    if phone is None or not is_mobile(phone):
        return False
    return not is_opted_out(session, event.partner_id, phone_index(session, phone))


def awaited_code(session: Session, instruction_id: str, now: datetime) -> AwaitedCode | None:
    """How the code of an instruction stands; None before one was issued."""
    text = _latest(session, instruction_id)
    if text is None:
        return None
    unsent = text.state in (InstructionTextState.FAILED, InstructionTextState.SKIPPED)
    is_over = text.expires_at <= now or text.attempts_left < 1
    return AwaitedCode(text.attempts_left, is_over=is_over, was_not_sent=unsent)


def new_code(session: Session, text: InstructionTextRow) -> str:
    """A fresh code for a text that is being claimed; its digest replaces the one before."""
    code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    text.code_digest = code_digest(session, text.id, code)
    return code


def _is_right(session: Session, text: InstructionTextRow, code: str) -> bool:
    if text.code_digest is None:
        return False
    return secrets.compare_digest(code_digest(session, text.id, code), text.code_digest)


def _latest(
    session: Session, instruction_id: str, *, locked: bool = False
) -> InstructionTextRow | None:
    query = select(InstructionTextRow).where(
        col(InstructionTextRow.instruction_id) == instruction_id,
        col(InstructionTextRow.kind) == InstructionTextKind.CODE,
    )
    newest = query.order_by(
        col(InstructionTextRow.created_at).desc(), col(InstructionTextRow.id).desc()
    ).limit(1)
    return session.exec(newest.with_for_update(key_share=True) if locked else newest).first()


def _require_a_phone(session: Session, row: InstructionRow) -> None:
    if not can_be_texted(session, session.get_one(EventRow, row.event_id)):
        raise Conflict("no code can be texted to the phone of this order: call the shop")
