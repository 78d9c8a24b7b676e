"""Pages of something that is sorted by time: each begins behind the last row of the one before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, tuple_
from sqlalchemy.orm import Mapped

Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True)
class Position:
    """The time and the id of the last row of a page, which together are unique."""

    at: datetime
    id: str


def newest_first(
    query: Query,
    at: Mapped[datetime],
    row_id: Mapped[str],
    after: Position | None,
) -> Query:
    """The rows of a query behind a position, sorted by these two columns, the newest first."""
    if after is not None:
        query = query.where(tuple_(at, row_id) < (after.at, after.id))
    return query.order_by(at.desc(), row_id.desc())


def oldest_first(
    query: Query,
    at: Mapped[datetime],
    row_id: Mapped[str],
    after: Position | None,
) -> Query:
    """The same, the oldest first."""
    if after is not None:
        query = query.where(tuple_(at, row_id) > (after.at, after.id))
    return query.order_by(at, row_id)
