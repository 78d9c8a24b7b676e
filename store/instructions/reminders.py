"""The reminder of a failed delivery that nobody has answered: one at most, before the next attempt.

Where a partner wants it: some hours after the failure, in the day, while an answer is of use.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import exists
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from contracts.ids import IdKind, new_id
from contracts.instructions.texts import InstructionTextKind, InstructionTextState
from contracts.payload.events import EventType
from contracts.time_zones import zone_or_default
from store.instructions.attempts import failed_attempt
from store.tables import EventRow, InstructionRow, InstructionTextRow, PartnerRow

REMIND_AFTER = timedelta(hours=4)
OF_USE_FOR = timedelta(hours=1)
"""So much time has to be left for an answer."""
NOT_AFTER = timedelta(days=1)
_BEGINS, _ENDS = time(9), time(20)


def plan_reminders(session: Session, now: datetime, *, limit: int) -> int:
    """Put the next reminders down to be sent; how many failures were looked at. One that comes too
    late is put down as skipped, so that it is looked at once."""
    partners = [one for one in _who_want_it(session) if _is_day(one, now)]
    events = _unanswered(session, [one.id for one in partners], now, limit) if partners else []
    for event in events:
        attempt = failed_attempt(session, event.partner_id, event.order_id)
        is_last = attempt is not None and attempt.event.event_id == event.event_id
        of_use = is_last and attempt and not attempt.went_on and attempt.until > now + OF_USE_FOR
        _put(session, event, attempt.until if of_use and attempt else None, now)
    return len(events)


def _who_want_it(session: Session) -> Sequence[PartnerRow]:
    wanted = select(PartnerRow).where(
        col(PartnerRow.instruction_reminder), col(PartnerRow.paused_at).is_(None)
    )
    return session.exec(wanted).all()


def _is_day(partner: PartnerRow, now: datetime) -> bool:
    return _BEGINS <= now.astimezone(zone_or_default(partner.time_zone)).time() < _ENDS


def _unanswered(
    session: Session, partner_ids: Sequence[str], now: datetime, limit: int
) -> Sequence[EventRow]:
    event_id = col(EventRow.event_id)
    answered = exists().where(col(InstructionRow.event_id) == event_id)
    reminded = exists().where(
        col(InstructionTextRow.event_id) == event_id,
        col(InstructionTextRow.kind) == InstructionTextKind.REMINDER,
    )
    query = (
        select(EventRow)
        .where(
            col(EventRow.event_type) == EventType.DELIVERY_FAILED,
            ~col(EventRow.is_test),
            col(EventRow.accepted_at) > now - NOT_AFTER,
            col(EventRow.accepted_at) <= now - REMIND_AFTER,
            col(EventRow.partner_id).in_(partner_ids),
            ~answered,
            ~reminded,
        )
        .order_by(col(EventRow.accepted_at))
    )
    return session.exec(query.limit(limit)).all()


def _put(session: Session, event: EventRow, until: datetime | None, now: datetime) -> None:
    """Once for a failure, however many workers look."""
    state = InstructionTextState.SKIPPED if until is None else InstructionTextState.WAITING
    values = {
        "id": new_id(IdKind.INSTRUCTION_TEXT),
        "kind": InstructionTextKind.REMINDER,
        "partner_id": event.partner_id,
        "order_id": event.order_id,
        "event_id": event.event_id,
        "state": state,
        "why": "an answer would come too late" if until is None else None,
        "attempts": 0,
        "attempts_left": 0,
        "created_at": now,
        "expires_at": until or now,
        "settled_at": now if until is None else None,
    }
    session.execute(insert(InstructionTextRow).values(**values).on_conflict_do_nothing())
