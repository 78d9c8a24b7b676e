"""Whether an event has ended, with all that hangs on it, and whether its order goes on."""

from datetime import datetime

from sqlalchemy import ColumnElement, Exists, and_, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import col

from contracts.delivery.states import NOT_ENDED, DeliveryState, EventState
from contracts.instructions.posts import PostState
from contracts.instructions.texts import InstructionTextState
from contracts.instructions.transitions import UNDECIDED
from store.tables import (
    DeadLetterRow,
    DeliveryRow,
    EventRow,
    InstructionRow,
    InstructionTextRow,
    QueueChangeRow,
)

_OPEN = NOT_ENDED | {DeliveryState.DEAD_LETTERED}
"""A dead letter waits for a person; it expires by itself long before."""


def goes_on(since: datetime) -> ColumnElement[bool]:
    """Whether something real has happened since then to the order of an event that is real."""
    later = aliased(EventRow)
    younger = exists().where(
        col(later.order_id) == col(EventRow.order_id),
        col(later.partner_id) == col(EventRow.partner_id),
        col(later.accepted_at) >= since,
        *_is_real(later),
    )
    return and_(*_is_real(EventRow), younger)


def is_open() -> ColumnElement[bool]:
    """Whether an event still has its personal data, waits for its workflow, or has a delivery, a
    dead letter, an instruction or a text about one that has not ended."""
    return or_(
        col(EventRow.erased_at).is_(None),
        col(EventRow.state) == EventState.ACCEPTED,
        _of_deliveries(col(DeliveryRow.state).in_(_OPEN)),
        _of_dead_letters(col(DeadLetterRow.resolved_at).is_(None)),
        _of_dead_letters(exists().where(col(QueueChangeRow.dead_letter_id) == DeadLetterRow.id)),
        exists().where(
            col(InstructionRow.event_id) == col(EventRow.event_id),
            or_(
                col(InstructionRow.state).in_(UNDECIDED),
                col(InstructionRow.post_state) == PostState.WAITING,
            ),
        ),
        exists().where(
            col(InstructionTextRow.event_id) == col(EventRow.event_id),
            col(InstructionTextRow.state) == InstructionTextState.WAITING,
        ),
    )


def _is_real(event: type[EventRow]) -> tuple[ColumnElement[bool], ...]:
    """Neither a test event nor one that went to one target only: those are no part of an order."""
    return ~col(event.is_test), col(event.only_target).is_(None)


def _of_deliveries(condition: ColumnElement[bool]) -> Exists:
    return exists().where(col(DeliveryRow.event_id) == col(EventRow.event_id), condition)


def _of_dead_letters(condition: ColumnElement[bool]) -> Exists:
    return exists().where(
        col(DeliveryRow.event_id) == col(EventRow.event_id),
        col(DeadLetterRow.delivery_id) == col(DeliveryRow.id),
        condition,
    )
