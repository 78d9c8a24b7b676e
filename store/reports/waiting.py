"""What waits for somebody, at one partner or at all: the two numbers beside the menu.

They are counted on every page, so each stops at `MOST_COUNTED` and is read from an index of what is
open alone. Tests are none of them, as in the lists and the banner.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, literal, text
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from contracts.delivery.states import DeliveryState
from store.dead_letters.record import waits_for_somebody
from store.reports.held import is_of_no_test
from store.tables import DeadLetterRow, DeliveryRow

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
    failed: list[Any] = [*waits_for_somebody()]
    held: list[Any] = [is_of_no_test()]
    if owner is None:
        held += [_HELD]
    else:
        failed += [col(DeadLetterRow.partner_id) == owner]
        held += [
            col(DeliveryRow.partner_id) == owner,
            col(DeliveryRow.state) == DeliveryState.HELD,
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
