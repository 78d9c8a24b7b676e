"""What the store asks of a database, and how it would be run."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event, text
from sqlmodel import Session


def statements_of(session: Session, run: Callable[[Session], object]) -> list[tuple[str, Any]]:
    """The statements that `run` has the database run, with their parameters."""
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    statements: list[tuple[str, Any]] = []

    def note(_c: object, _u: object, statement: str, parameters: Any, *_: object) -> None:
        statements.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    run(session)
    event.remove(engine, "before_cursor_execute", note)
    return statements


def plans_of(session: Session, run: Callable[[Session], object], table: str) -> list[str]:
    """The plans of the statements that `run` reads from a table with."""
    statements = statements_of(session, run)
    for way in ("seqscan", "bitmapscan", "sort"):  # a small table is scanned whatever its indexes
        session.execute(text(f"SET LOCAL enable_{way} = off"))
    connection = session.connection()
    return [
        "\n".join(
            str(row[-1]) for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
        )
        for statement, parameters in statements
        if f"FROM {table}" in statement
    ]


def is_served_by_an_index(plan: str, table: str) -> bool:
    """Whether a plan finds its rows, in their order, by an index."""
    lower = plan.lower()
    slow = ("seq scan", "sort")
    return "index" in lower and not any(way in lower for way in slow)
