"""What a person decides of dead letters, many at once: send them again, or give them up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, tuple_
from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.delivery.refusals import RetryRefusal
from contracts.delivery.transitions import Command
from contracts.errors import Conflict
from store.access.audit import record_change
from store.db.keyset import Position
from store.db.row_locks import TO_CHANGE
from store.dead_letters.queue import DeadLetterFilter, dead_letters_of, matching
from store.deliveries.state_changes import change_state
from store.events.outbox import Startable
from store.retries.manual import ask_for_retry
from store.tables import DeadLetterRow, DeliveryRow

MOST_AT_ONCE = 100
"""Dead letters that one call sends again or gives up."""


@dataclass(frozen=True)
class EventToSignal:
    """An event to signal, and its deliveries that are to be sent again, by their dead letters."""

    event: Startable
    deliveries: Mapping[str, str]


@dataclass(frozen=True)
class RetrySelection:
    """What may be sent again, and why the rest may not, by dead letter: in words, and by its
    `causes`. `left` counts those of the filter that come after `last`, where this call ended."""

    events: Sequence[EventToSignal]
    refused: Mapping[str, str]
    left: int = 0
    last: Position | None = None
    causes: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Discarded:
    """How many were given up, and which were closed already."""

    count: int
    not_open: Sequence[str]


def discard(
    session: Session,
    dead_letter_ids: Sequence[str],
    reason: str,
    now: datetime,
    *,
    actor: str,
    owner: str | None = None,
) -> Discarded:
    """Give dead letters up, with the reason: nothing is sent any more. All of them or none.

    NotFound for one that does not exist, or is another partner's than `owner`.
    """
    dead_letters = dead_letters_of(session, dead_letter_ids, owner)
    done: set[str] = set()
    for dead_letter in _in_order_of_locks(dead_letters):
        delivery = session.get_one(DeliveryRow, dead_letter.delivery_id, with_for_update=TO_CHANGE)
        session.refresh(dead_letter)  # after the lock: it may have been closed
        if dead_letter.resolved_at is not None:
            continue
        change_state(session, delivery, Command.DISCARD, now)
        session.refresh(dead_letter)
        dead_letter.resolved_by, dead_letter.note = actor, reason
        _record_discarded(session, dead_letter, delivery, actor, now)
        done.add(dead_letter.id)
    return Discarded(len(done), [one.id for one in dead_letters if one.id not in done])


def ask_for_many(
    session: Session,
    dead_letter_ids: Sequence[str],
    now: datetime,
    *,
    actor: str,
    owner: str | None = None,
    resend: bool = False,
) -> RetrySelection:
    """The events to signal so that these are sent again, with each wish written down.

    One that cannot be sent hinders no other. NotFound for one that does not exist, or is another
    partner's than `owner`; then nothing is written down.
    """
    dead_letters = dead_letters_of(session, dead_letter_ids, owner)
    events: dict[str, Startable] = {}
    asked: dict[str, dict[str, str]] = {}
    refused: dict[str, str] = {}
    causes: dict[str, str | None] = {}
    for dead_letter in _in_order_of_locks(dead_letters):
        try:
            if dead_letter.resolved_at is not None:
                raise Conflict(f"it is closed: {dead_letter.resolution}", cause=RetryRefusal.CLOSED)
            event = ask_for_retry(
                session, dead_letter.delivery_id, now, resend=resend, actor=actor, owner=owner
            )
        except Conflict as error:
            refused[dead_letter.id] = str(error)
            causes[dead_letter.id] = error.cause
        else:
            events[event.event_id] = event
            asked.setdefault(event.event_id, {})[dead_letter.id] = dead_letter.delivery_id
    to_signal = [EventToSignal(events[one], asked[one]) for one in events]
    return RetrySelection(to_signal, refused, causes=causes)


def ask_for_all(
    session: Session,
    wanted: DeadLetterFilter,
    now: datetime,
    *,
    actor: str,
    owner: str | None = None,
    after: Position | None = None,
) -> RetrySelection:
    """As `ask_for_many`, for the next of a filter's open ones, the oldest first."""
    created_at, dead_letter_id = col(DeadLetterRow.created_at), col(DeadLetterRow.id)
    conditions = matching(wanted, owner)
    query = select(DeadLetterRow).where(*conditions)
    if after is not None:
        query = query.where(tuple_(created_at, dead_letter_id) > (after.at, after.id))
    rows = session.exec(query.order_by(created_at, dead_letter_id).limit(MOST_AT_ONCE)).all()
    if not rows:
        return RetrySelection([], {})
    last = Position(rows[-1].created_at, rows[-1].id)
    behind = tuple_(created_at, dead_letter_id) > (last.at, last.id)
    left = session.exec(select(func.count()).where(*conditions, behind)).one()
    asked = ask_for_many(session, [one.id for one in rows], now, actor=actor, owner=owner)
    return RetrySelection(asked.events, asked.refused, left, last if left else None, asked.causes)


def _in_order_of_locks(dead_letters: Sequence[DeadLetterRow]) -> list[DeadLetterRow]:
    """By delivery, so that two calls with the same deliveries never wait for each other."""
    return sorted(dead_letters, key=lambda one: one.delivery_id)


def _record_discarded(
    session: Session, dead_letter: DeadLetterRow, delivery: DeliveryRow, actor: str, now: datetime
) -> None:
    record_change(
        session,
        AuditAction.DELIVERY_DISCARDED,
        delivery,
        actor,
        now,
        {"event_id": delivery.event_id, "dead_letter_id": dead_letter.id},
    )
