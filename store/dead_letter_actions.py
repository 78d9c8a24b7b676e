"""What a person decides of dead letters, many at once: send them again, or give them up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, tuple_
from sqlmodel import Session, col, select

from contracts.audit import AuditAction
from contracts.dead_letter_stream import DeadLetterMove
from contracts.errors import Conflict
from contracts.states import DeadLetterResolution, DeliveryState
from store.audit import record
from store.dead_letter_moves import note_move
from store.dead_letter_queue import DeadLetterFilter, dead_letters_of, matching
from store.locks import TO_CHANGE
from store.outbox import Startable
from store.positions import Position
from store.resending import ask_for_retry
from store.tables import DeadLetterRow, DeliveryRow

MOST_AT_ONCE = 100
"""Dead letters that one call sends again or gives up."""


@dataclass(frozen=True)
class AskedEvent:
    """An event to signal, and its deliveries that are to be sent again, by their dead letters."""

    event: Startable
    deliveries: Mapping[str, str]


@dataclass(frozen=True)
class Asked:
    """What may be sent again, and why the rest may not, by dead letter. `left` counts those of the
    filter that come after `last`, where this call ended."""

    events: Sequence[AskedEvent]
    refused: Mapping[str, str]
    left: int = 0
    last: Position | None = None


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
    letters = dead_letters_of(session, dead_letter_ids, owner)
    done: set[str] = set()
    for letter in _in_order_of_locks(letters):
        delivery = session.get_one(DeliveryRow, letter.delivery_id, with_for_update=TO_CHANGE)
        session.refresh(letter)  # after the lock: it may have been closed
        if letter.resolved_at is not None:
            continue
        letter.resolution, letter.resolved_at = DeadLetterResolution.DISCARDED, now
        letter.resolved_by, letter.note = actor, reason
        if delivery.state is DeliveryState.DEAD_LETTERED:
            delivery.state, delivery.moved_at = DeliveryState.DISCARDED, now
        note_move(session, letter.id, DeadLetterMove.LEFT, now)
        _record_discarded(session, letter, delivery, actor, now)
        done.add(letter.id)
    return Discarded(len(done), [one.id for one in letters if one.id not in done])


def ask_for_many(
    session: Session,
    dead_letter_ids: Sequence[str],
    now: datetime,
    *,
    actor: str,
    owner: str | None = None,
    resend: bool = False,
) -> Asked:
    """The events to signal so that these are sent again, with each wish written down.

    One that cannot be sent hinders no other. NotFound for one that does not exist, or is another
    partner's than `owner`; then nothing is written down.
    """
    letters = dead_letters_of(session, dead_letter_ids, owner)
    events: dict[str, Startable] = {}
    asked: dict[str, dict[str, str]] = {}
    refused: dict[str, str] = {}
    for letter in _in_order_of_locks(letters):
        try:
            if letter.resolved_at is not None:
                raise Conflict(f"it is closed: {letter.resolution}")
            event = ask_for_retry(
                session, letter.delivery_id, now, resend=resend, actor=actor, owner=owner
            )
        except Conflict as error:
            refused[letter.id] = str(error)
        else:
            events[event.event_id] = event
            asked.setdefault(event.event_id, {})[letter.id] = letter.delivery_id
    return Asked([AskedEvent(events[one], asked[one]) for one in events], refused)


def ask_for_all(
    session: Session,
    wanted: DeadLetterFilter,
    now: datetime,
    *,
    actor: str,
    owner: str | None = None,
    after: Position | None = None,
) -> Asked:
    """As `ask_for_many`, for the next of a filter's open ones, the oldest first."""
    created_at, letter_id = col(DeadLetterRow.created_at), col(DeadLetterRow.id)
    conditions = matching(wanted, owner)
    query = select(DeadLetterRow).where(*conditions)
    if after is not None:
        query = query.where(tuple_(created_at, letter_id) > (after.at, after.id))
    rows = session.exec(query.order_by(created_at, letter_id).limit(MOST_AT_ONCE)).all()
    if not rows:
        return Asked([], {})
    last = Position(rows[-1].created_at, rows[-1].id)
    behind = tuple_(created_at, letter_id) > (last.at, last.id)
    left = session.exec(select(func.count()).where(*conditions, behind)).one()
    asked = ask_for_many(session, [one.id for one in rows], now, actor=actor, owner=owner)
    return Asked(asked.events, asked.refused, left, last if left else None)


def _in_order_of_locks(letters: Sequence[DeadLetterRow]) -> list[DeadLetterRow]:
    """By delivery, so that two calls with the same deliveries never wait for each other."""
    return sorted(letters, key=lambda one: one.delivery_id)


def _record_discarded(
    session: Session, letter: DeadLetterRow, delivery: DeliveryRow, actor: str, now: datetime
) -> None:
    record(
        session,
        actor=actor,
        action=AuditAction.DELIVERY_DISCARDED,
        object_id=delivery.id,
        partner_id=delivery.partner_id,
        details={"event_id": delivery.event_id, "dead_letter_id": letter.id},
        now=now,
    )
