"""What a database says of an error, fit for people and logs: one line, without values of a row."""

from sqlalchemy.exc import DataError

_LONGEST = 200


def in_one_line(error: BaseException) -> str:
    """The driver's class and the first line of its message. PostgreSQL quotes a whole row in its
    second line, and the value itself in the first line about a value that it cannot read."""
    cause = getattr(error, "orig", None) or error
    name = type(cause).__name__
    return name if isinstance(error, DataError) else f"{name}: {_first_line(cause)}"


def _first_line(cause: BaseException) -> str:
    return next(iter(str(cause).strip().splitlines()), "no details")[:_LONGEST]
