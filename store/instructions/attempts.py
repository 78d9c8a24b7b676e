"""The failed attempts that instructions answer, and what has happened to their orders since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func
from sqlmodel import Session, col, select

from contracts.payload.events import EventType
from contracts.payload.groups import Failure
from store.db.row_locks import TO_CHANGE
from store.events.bodies import body_of
from store.tables import EventRow, InstructionRow

LASTS = timedelta(days=14)
"""So long an answer is awaited where the failure names no next attempt."""

GOES_ON = (
    EventType.OUT_FOR_DELIVERY,
    EventType.DELIVERED,
    EventType.DELIVERY_FAILED,
    EventType.RETURN_INITIATED,
)
"""What ends the wait for an answer, when it happens after the attempt failed."""


@dataclass(frozen=True)
class FailedAttempt:
    """The last failed attempt of an order. `failure` is None once its data was erased; `went_on`
    is the type of event that came after it."""

    event: EventRow
    failure: Failure | None
    went_on: EventType | None

    @property
    def until(self) -> datetime:
        """When it is too late for an answer: the next attempt's time."""
        named = self.failure.next_attempt_at if self.failure else None
        if named is not None and named > self.event.occurred_at:
            return named
        return self.event.occurred_at + LASTS


def failed_attempt(
    session: Session, partner_id: str, order_id: str, *, to_answer: bool = False
) -> FailedAttempt | None:
    """The last failed attempt of an order; None where none has failed. Test events are nobody's
    parcel, and ask for no answer.

    `to_answer` locks its event: answers to one attempt come one after the other, and so does its
    erasure.
    """
    query = (
        select(EventRow)
        .where(
            col(EventRow.order_id) == order_id,
            col(EventRow.partner_id) == partner_id,
            col(EventRow.event_type) == EventType.DELIVERY_FAILED,
            ~col(EventRow.is_test),
        )
        .order_by(col(EventRow.occurred_at).desc(), col(EventRow.sequence).desc())
        .limit(1)
    )
    event = session.exec(query).first()
    if event is None:
        return None
    if to_answer:
        event = session.get_one(
            EventRow, event.event_id, with_for_update=TO_CHANGE, populate_existing=True
        )
    failure = body_of(session, event).data.failure if event.erased_at is None else None
    later = _later(EventRow.partner_id == partner_id, EventRow.order_id == order_id)
    went_on = session.exec(
        select(EventRow.event_type)
        .where(later, col(EventRow.occurred_at) > event.occurred_at)
        .order_by(col(EventRow.occurred_at), col(EventRow.sequence))
        .limit(1)
    ).first()
    return FailedAttempt(event, failure, EventType(went_on) if went_on else None)


def order_went_on() -> ColumnElement[bool]:
    """In a query of instructions: whether something has happened to the order since."""
    return exists().where(_since())


def went_on_by(session: Session, ids: Iterable[str]) -> Mapping[str, EventType]:
    """Which of these instructions' orders went on, and by which type of event first."""
    first = func.row_number().over(
        partition_by=col(InstructionRow.id),
        order_by=(col(EventRow.occurred_at), col(EventRow.sequence)),
    )
    ranked = (
        select(col(InstructionRow.id), col(EventRow.event_type).label("by"), first.label("place"))
        .join(EventRow, _since())
        .where(col(InstructionRow.id).in_(list(ids)))
        .subquery()
    )
    found = session.execute(select(ranked.c.id, ranked.c.by).where(ranked.c.place == 1))
    return {one_id: EventType(by) for one_id, by in found}


def _since() -> ColumnElement[bool]:
    return _later(
        EventRow.partner_id == InstructionRow.partner_id,
        EventRow.order_id == InstructionRow.order_id,
        col(EventRow.occurred_at) > col(InstructionRow.failed_at),
    )


def _later(*conditions: ColumnElement[bool] | bool) -> ColumnElement[bool]:
    kinds = col(EventRow.event_type).in_(GOES_ON)
    return and_(*conditions, kinds, ~col(EventRow.is_test))  # type: ignore[arg-type]
