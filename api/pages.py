"""Pages of a list: their shape, and where the next one begins."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from pydantic import BaseModel

from api.cursors import write_cursor
from store.db.keyset import Position

T = TypeVar("T")
R = TypeVar("R")


class Page(BaseModel, Generic[T]):
    """A page; `next_cursor` is null on the last one."""

    items: list[T]
    next_cursor: str | None


def cut(
    rows: Sequence[R], limit: int, place: Callable[[R], Position | str]
) -> tuple[Sequence[R], str | None]:
    """The rows of a page, out of one more than it has, and the cursor of the next page. `place` is
    what a list is sorted by: a time with an id, or an id alone."""
    page = rows[:limit]
    if len(rows) <= limit:
        return page, None
    last = place(page[-1])
    return page, last if isinstance(last, str) else write_cursor(last)
