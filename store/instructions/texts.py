"""Texts about instructions to the order's phone: claimed before Twilio is called, never sent twice.

They are no deliveries of an event: the claim is on the text's own row. What holds or forbids other
texts holds and forbids them, too.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from contracts.delivery.retry import RetrySchedule
from contracts.errors import NotFound
from contracts.instructions.texts import (
    TEXT_DELAYS_S,
    InstructionTextKind,
    InstructionTextResult,
    InstructionTextState,
)
from contracts.instructions.transitions import InstructionState
from contracts.sms.answers import SmsAnswer, SmsFate
from contracts.sms.rules import TextRules
from store.db.restores import RESTORED, may_have_happened
from store.db.row_locks import TO_CHANGE
from store.events.phones import INDIA, country_code_of
from store.instructions.choices import choices_for
from store.instructions.reminders import REMIND_AFTER
from store.instructions.text_routes import may_travel, route_of, ways_to_write
from store.sms.after_restore import taken_first
from store.sms.suspensions import SuspensionScopes, suspension_in_force
from store.tables import EventRow, InstructionRow, InstructionTextRow, PartnerRow

STILL_AFTER = timedelta(minutes=2)
"""Temporal is asked again for a text that waits for so long: its workflow may be lost."""

STOPPED, INTERRUPTED, OUR_FAULT = "sms_suspended", "interrupted", "our_fault"
_SCHEDULE = RetrySchedule(TEXT_DELAYS_S)
_SENT, _FAILED, _SKIPPED = (
    InstructionTextState.SENT,
    InstructionTextState.FAILED,
    InstructionTextState.SKIPPED,
)


@dataclass(frozen=True)
class TextToStart:
    """What starting the workflow of a text needs."""

    text_id: str
    partner_id: str
    order_id: str
    kind: InstructionTextKind


@dataclass(frozen=True)
class ReadyInstructionText:
    """A claimed text. Never leaves the activity."""

    to_phone: str = field(repr=False)
    body: str = field(repr=False)
    sender: str
    validity_s: int


def texts_to_start(session: Session, now: datetime) -> list[TextToStart]:
    """Texts that wait and that Temporal was not asked for lately, the oldest first."""
    asked = col(InstructionTextRow.asked_at)
    query = select(InstructionTextRow).where(
        col(InstructionTextRow.state) == InstructionTextState.WAITING,
        or_(asked.is_(None), asked < now - STILL_AFTER),
    )
    return [
        TextToStart(row.id, row.partner_id, row.order_id, row.kind)
        for row in session.exec(query.order_by(col(InstructionTextRow.created_at)).limit(100))
    ]


def mark_text_asked(session: Session, text_id: str, now: datetime) -> None:
    """Temporal has a text's workflow."""
    session.execute(
        update(InstructionTextRow).where(col(InstructionTextRow.id) == text_id).values(asked_at=now)
    )


def claim_text(
    session: Session, text_id: str, now: datetime, rules: TextRules
) -> ReadyInstructionText | InstructionTextResult:
    """Claim a text, or say why nothing is to be sent now. NotFound without it."""
    text = _locked(session, text_id)
    if text.state is not InstructionTextState.WAITING:
        return InstructionTextResult(text.state)
    if text.claimed_at is not None:
        return _end(text, _FAILED, f"{INTERRUPTED}: it may have been sent", now)
    if _is_forgotten(session, text):
        return _end(text, _FAILED, f"{RESTORED}: it may have been sent", now)
    why = _not_of_use(session, text, now)
    if why is not None:
        return _end(text, _SKIPPED, why, now)
    partner = session.get_one(PartnerRow, text.partner_id)
    route = route_of(session, text, partner, rules)
    if isinstance(route, str):
        return _end(text, _SKIPPED, route, now)
    scopes = SuspensionScopes(text.partner_id, route.sender, country_code_of(route.phone))
    if suspension_in_force(session, scopes) is not None:
        return _missed(text, STOPPED, now)
    ways = ways_to_write(session, text, partner, now, rules)
    if scopes.country == INDIA:
        ways = [one for one in ways if may_travel(session, route.sender, one, rules)]
    if not ways:
        text.code_digest = None
        return _end(text, _SKIPPED, "no registered text of its sender matches it", now)
    text.claimed_at = now
    left_s = int((text.expires_at - now).total_seconds())
    return ReadyInstructionText(route.phone, ways[0], route.sender, max(1, left_s))


def settle_text(
    session: Session, text_id: str, answer: SmsAnswer, now: datetime
) -> InstructionTextResult:
    """What Twilio answered, written down. Only what certainly was not sent is tried again."""
    text = _locked(session, text_id)
    if answer.fate is SmsFate.TAKEN:
        return _end(text, _SENT, None, now, answer.code)
    if text.state is not InstructionTextState.WAITING:
        return InstructionTextResult(text.state)
    if answer.fate in (SmsFate.NOT_NOW, SmsFate.MISCONFIGURED):
        return _missed(text, answer.code, now)
    if answer.fate is SmsFate.OPTED_OUT:
        return _end(text, _SKIPPED, "the phone has opted out", now, answer.code)
    may_be = " and may have been sent" if answer.fate is SmsFate.UNKNOWN else ""
    return _end(text, _FAILED, f"Twilio answered {answer.code}{may_be}", now, answer.code)


def note_text_mistake(
    session: Session, text_id: str, now: datetime
) -> InstructionTextResult | None:
    """A mistake of ours stopped an attempt: it counts as one that told nobody. None for a text that
    is claimed already: it may have been sent, and the next look ends it."""
    text = _locked(session, text_id)
    if text.state is not InstructionTextState.WAITING:
        return InstructionTextResult(text.state)
    return None if text.claimed_at is not None else _missed(text, OUR_FAULT, now)


def _locked(session: Session, text_id: str) -> InstructionTextRow:
    text = session.get(
        InstructionTextRow, text_id, with_for_update=TO_CHANGE, populate_existing=True
    )
    if text is None:
        raise NotFound(f"no text {text_id}")
    return text


def _is_forgotten(session: Session, text: InstructionTextRow) -> bool:
    """Whether it may have gone out before the database was restored: a code since its row was made,
    a reminder since it was due, whichever row it has now."""
    if text.kind is InstructionTextKind.CODE:
        return may_have_happened(session, text.created_at)
    event = session.get_one(EventRow, text.event_id)
    return may_have_happened(session, taken_first(event), after=REMIND_AFTER)


def _not_of_use(session: Session, text: InstructionTextRow, now: datetime) -> str | None:
    """Why nobody needs it any more."""
    if text.expires_at <= now:
        return "its time has passed"
    if text.kind is InstructionTextKind.CODE:
        instruction = session.get(InstructionRow, text.instruction_id)
        waits = instruction and instruction.state is InstructionState.WAITING_FOR_CODE
        return None if waits else "no code is awaited any more"
    choices = choices_for(session, text.partner_id, text.order_id, now)
    unanswered = choices and not choices.refused and choices.instruction_id is None
    same = choices and choices.event_id == text.event_id
    return None if unanswered and same else "nobody has to be reminded any more"


def _missed(text: InstructionTextRow, code: str, now: datetime) -> InstructionTextResult:
    """An attempt that certainly told nobody: the next by the schedule, or none after the last."""
    text.attempts, text.claimed_at = text.attempts + 1, None
    delay_s = _SCHEDULE.delay_after(text.attempts)
    if delay_s is None:
        return _end(text, _FAILED, f"{text.attempts} attempts failed, the last: {code}", now, code)
    return InstructionTextResult(text.state, code, delay_s)


def _end(
    text: InstructionTextRow,
    state: InstructionTextState,
    why: str | None,
    now: datetime,
    code: str | None = None,
) -> InstructionTextResult:
    text.state, text.why, text.settled_at = state, why, now
    return InstructionTextResult(state, code)
