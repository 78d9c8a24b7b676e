"""What waits for somebody, at one partner or at all: the two numbers beside the menu.

They are counted on every page, so each stops at `MOST_COUNTED` and is read from an index of what is
open alone. At one partner tests are none of them, as in its list and its banner; over all partners
they are counted as the lists of ops have them.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, literal, text
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from contracts.delivery.states import DeliveryState
from store.tables import DeadLetterRow, DeliveryRow, EventRow

_HELD = text("state = 'held'")  # as the index of what is held says it
MOST_COUNTED = 999
"""Beyond it, it is "more than"."""


@dataclass(frozen=True)
class Waiting:
    """Updates that have failed and are open, and those on hold."""

    failed: int = 0
    held: int = 0


def read_waiting(session: Session, owner: str | None) -> Waiting:
    """Of one partner; of all of them without an `owner`."""
    failed: list[Any] = [col(DeadLetterRow.resolved_at).is_(None)]
    held: list[Any] = [_HELD]
    if owner is not None:
        failed += [col(DeadLetterRow.partner_id) == owner, ~_dead_letter_of_test()]
        held = [
            col(DeliveryRow.partner_id) == owner,
            col(DeliveryRow.state) == DeliveryState.HELD,
            ~_delivery_of_test(),
        ]
    row = session.execute(
        select_columns(_some(DeadLetterRow, failed), _some(DeliveryRow, held))
    ).one()
    return Waiting(*row)


def _some(table: type[DeadLetterRow] | type[DeliveryRow], conditions: list[Any]) -> Any:
    some = select_columns(literal(1).label("one")).select_from(table).where(*conditions)
    return (
        select_columns(func.count())
        .select_from(some.limit(MOST_COUNTED + 1).subquery())
        .scalar_subquery()
    )


def _delivery_of_test() -> ColumnElement[bool]:
    """That a delivery is of a test event."""
    of_delivery = col(EventRow.event_id) == col(DeliveryRow.event_id)
    return exists().where(of_delivery, col(EventRow.is_test))


def _dead_letter_of_test() -> ColumnElement[bool]:
    """That the delivery of a dead letter is."""
    return exists().where(
        col(DeliveryRow.id) == col(DeadLetterRow.delivery_id),
        col(EventRow.event_id) == col(DeliveryRow.event_id),
        col(EventRow.is_test),
    )
