"""What it means when the database does not take a transaction."""

import psycopg
from sqlalchemy.exc import IntegrityError

from contracts.errors import StoreUnavailable
from store.db.errors import in_one_line

_MET_ANOTHER = ("40P01", "40001", "0A000")
"""Deadlock, serialisation failure: the database ended one of two, and it will work alone. And a
statement that was prepared before a migration: it is prepared anew."""

_UNIQUE_VIOLATION = "23505"

_AWAY = ("57P01", "57P02", "57P03", "53300")
"""It shuts down, crashed, starts up, or takes no more connections. Class 08 and no state at all are
failed connections."""


class MetAnother(StoreUnavailable):
    """It was one of two transactions that stood in each other's way."""


class WrittenTwice(IntegrityError):
    """There is such a row already: another transaction may have written it in this moment."""


class Away(StoreUnavailable):
    """Nobody gets at the database."""


def kind_of(error: Exception) -> type[StoreUnavailable]:
    """What a driver's error says of the database."""
    cause = getattr(error, "orig", None)
    state: str | None = getattr(cause, "sqlstate", None)
    if state in _MET_ANOTHER:
        return MetAnother
    if not isinstance(cause, psycopg.OperationalError):
        return StoreUnavailable
    is_away = state is None or state in _AWAY or state.startswith("08")
    return Away if is_away else StoreUnavailable


def without_the_row(error: IntegrityError) -> IntegrityError:
    """The same error without PostgreSQL's second line, which quotes the whole row."""
    is_there = getattr(error.orig, "sqlstate", None) == _UNIQUE_VIOLATION
    kind = WrittenTwice if is_there else IntegrityError
    return kind(None, None, RuntimeError(in_one_line(error)))


def in_words(error: Exception) -> str:
    """Fit for callers and logs."""
    return f"the database did not take the call ({in_one_line(error)})"
