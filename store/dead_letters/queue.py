"""The dead letters as a queue: listed, inspected, counted.

Open ones have an index of their own, by time, and one by partner and time. What no index has (the
delivery's endpoint, the event's type) is looked up row by row on top of these, in
their order: a page is found without sorting.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from contracts.delivery.advice import NO_USE_CODES
from contracts.delivery.states import Channel, DeadLetterReason, DeadLetterResolution
from contracts.errors import NotFound
from contracts.payload.events import EventType
from store.db.keyset import Position, newest_first
from store.dead_letters.record import waits_for_somebody
from store.tables import DeadLetterRow, DeliveryRow, EndpointRow, EventRow

MOST_COUNTED = 1_000


@dataclass(frozen=True)
class DeadLetterFilter:
    """Which dead letters: the open ones, or else those that are closed. Nothing else set means
    every one of them; `since` is inclusive, `until` is not. `is_test`: of tests alone, or of what
    is none; `retriable`: without those that the same once more would not help."""

    partner_id: str | None = None
    endpoint_id: str | None = None
    channel: Channel | None = None
    reason: DeadLetterReason | None = None
    event_type: EventType | None = None
    since: datetime | None = None
    until: datetime | None = None
    open: bool = True
    is_test: bool | None = None
    retriable: bool = False


@dataclass(frozen=True)
class ListedDeadLetter:
    """A dead letter and what it is of. `note` is why it was given up."""

    id: str
    delivery_id: str
    event_id: str
    order_id: str
    event_type: EventType
    partner_id: str
    channel: Channel | None
    endpoint_id: str | None
    reason: DeadLetterReason
    code: str | None
    created_at: datetime
    expires_at: datetime
    resolved_at: datetime | None
    resolution: DeadLetterResolution | None
    resolved_by: str | None
    note: str | None
    is_test: bool = False


@dataclass(frozen=True)
class Depth:
    """How many are open, and since when the oldest is."""

    counts: Mapping[tuple[Channel, DeadLetterReason], int] = field(default_factory=dict)
    oldest_at: datetime | None = None


def list_dead_letters(
    session: Session,
    wanted: DeadLetterFilter,
    *,
    owner: str | None = None,
    after: Position | None,
    limit: int,
) -> list[ListedDeadLetter]:
    """A page of them, the newest first, of one owner's where there is an owner."""
    created_at, dead_letter_id = col(DeadLetterRow.created_at), col(DeadLetterRow.id)
    query = select(DeadLetterRow).where(*matching(wanted, owner))
    query = newest_first(query, created_at, dead_letter_id, after).limit(limit)
    return _listed(session, session.exec(query).all())


def get_dead_letter(
    session: Session, dead_letter_id: str, *, owner: str | None = None
) -> ListedDeadLetter:
    """One, open or closed. NotFound without it, or when it is another partner's than `owner`."""
    return _listed(session, dead_letters_of(session, [dead_letter_id], owner))[0]


def count_dead_letters(session: Session, wanted: DeadLetterFilter, *, owner: str) -> int:
    """How many of an owner's match, counted up to one more than `MOST_COUNTED`."""
    some = select(DeadLetterRow.id).where(*matching(wanted, owner)).limit(MOST_COUNTED + 1)
    return session.exec(select(func.count()).select_from(some.subquery())).one()


def depth(session: Session) -> Depth:
    """Count what is open, by channel and reason, out of an index that has both. Tests are none of
    it."""
    columns = (col(DeadLetterRow.channel), col(DeadLetterRow.reason))
    query = (
        select_columns(*columns, func.count(), func.min(col(DeadLetterRow.created_at)))
        .where(*waits_for_somebody())
        .group_by(*columns)
    )
    rows = session.execute(query).all()
    counts = {(channel, reason): count for channel, reason, count, _ in rows}
    return Depth(counts, min((oldest for *_, oldest in rows), default=None))


def matching(wanted: DeadLetterFilter, owner: str | None) -> list[ColumnElement[bool]]:
    """What a dead letter of this filter, and of this owner's, fulfils."""
    resolved_at, created_at = col(DeadLetterRow.resolved_at), col(DeadLetterRow.created_at)
    equals = (
        (col(DeadLetterRow.partner_id), owner),
        (col(DeadLetterRow.partner_id), wanted.partner_id),
        (col(DeadLetterRow.reason), wanted.reason),
        (col(DeadLetterRow.channel), wanted.channel),
        (_of_event(EventRow.event_type), wanted.event_type),
        (col(DeadLetterRow.is_test), wanted.is_test),
    )
    conditions: list[ColumnElement[bool]] = [
        resolved_at.is_(None) if wanted.open else resolved_at.is_not(None),
        *(column == value for column, value in equals if value is not None),
    ]
    if wanted.endpoint_id is not None:
        conditions += _of_endpoint(wanted.endpoint_id)
    if wanted.retriable:
        conditions += _can_be_retried()
    if wanted.since is not None:
        conditions.append(created_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(created_at < wanted.until)
    return conditions


def dead_letters_of(session: Session, ids: Sequence[str], owner: str | None) -> list[DeadLetterRow]:
    """Dead letters in the order of these ids, each once. NotFound for one that does not exist, or
    is another partner's than `owner`."""
    rows = session.exec(select(DeadLetterRow).where(col(DeadLetterRow.id).in_(ids)))
    found = {one.id: one for one in rows if owner in (None, one.partner_id)}
    for dead_letter_id in ids:
        if dead_letter_id not in found:
            raise NotFound(f"no dead letter {dead_letter_id}")
    return [found[one] for one in dict.fromkeys(ids)]


def _of_endpoint(endpoint_id: str) -> Sequence[ColumnElement[bool]]:
    """Of its partner, whom an index finds, and among those of the endpoint."""
    partner = select(EndpointRow.partner_id).where(col(EndpointRow.id) == endpoint_id)
    return [
        col(DeadLetterRow.partner_id) == partner.scalar_subquery(),
        _of_delivery(DeliveryRow.endpoint_id) == endpoint_id,
    ]


def _of_delivery(column: Any) -> ColumnElement[Any]:
    """A column of the delivery, as a scalar subquery: no database makes a join of that, which it
    would then begin at the wrong end and have to sort."""
    query: SelectOfScalar[Any] = select(column)
    its_own = col(DeliveryRow.id) == col(DeadLetterRow.delivery_id)
    return query.where(its_own).correlate(DeadLetterRow).scalar_subquery()


def _can_be_retried() -> Sequence[ColumnElement[bool]]:
    """Neither may it have arrived, nor would it fail again for the same reason."""
    code = col(DeadLetterRow.code)
    return [
        col(DeadLetterRow.reason) != DeadLetterReason.UNKNOWN,
        code.is_(None) | code.not_in(sorted(NO_USE_CODES)),
    ]


def _of_event(column: Any) -> ColumnElement[Any]:
    """A column of the event, in the same way."""
    query: SelectOfScalar[Any] = (
        select(column)
        .join(DeliveryRow, col(DeliveryRow.event_id) == col(EventRow.event_id))
        .where(col(DeliveryRow.id) == col(DeadLetterRow.delivery_id))
    )
    return query.correlate(DeadLetterRow).scalar_subquery()


def _listed(session: Session, rows: Sequence[DeadLetterRow]) -> list[ListedDeadLetter]:
    """Dead letters with what they are of."""
    if not rows:
        return []
    its_event = col(EventRow.event_id) == col(DeliveryRow.event_id)
    query = (
        select(DeliveryRow, EventRow.order_id, EventRow.event_type)
        .join(EventRow, its_event)
        .where(col(DeliveryRow.id).in_([one.delivery_id for one in rows]))
    )
    found = {
        delivery.id: (delivery, order_id, kind) for delivery, order_id, kind in session.exec(query)
    }
    return [_line(one, *found[one.delivery_id]) for one in rows]


def _line(
    dead_letter: DeadLetterRow,
    delivery: DeliveryRow,
    order_id: str,
    event_type: str,
) -> ListedDeadLetter:
    return ListedDeadLetter(
        **dead_letter.model_dump(),
        event_id=delivery.event_id,
        order_id=order_id,
        event_type=EventType(event_type),
        endpoint_id=delivery.endpoint_id,
    )
