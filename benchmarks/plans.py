"""How a database runs the statements of a read, and whether one of them reads a whole table."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event
from sqlmodel import Session

_SEQ_SCAN = re.compile(r"\bSeq Scan\b")
_INDEX = re.compile(r"(?:Scan(?: Backward)? using|Bitmap Index Scan on) (\w+)")


@dataclass(frozen=True)
class StatementPlan:
    """The plan of one statement, as the database words it."""

    plan: str

    @property
    def reads_a_whole_table(self) -> bool:
        """Whether it looks at every row of a table without an index."""
        return bool(_SEQ_SCAN.search(self.plan))

    @property
    def indexes(self) -> list[str]:
        """The named indexes that it uses."""
        return sorted(set(_INDEX.findall(self.plan)))


def explain(session: Session, run: Callable[[Session], object]) -> list[StatementPlan]:
    """The plans of every statement that `run` executes, with the very parameters it gives."""
    engine = session.get_bind()
    if not isinstance(engine, Engine):
        raise TypeError("a session of an engine is needed")
    connection = session.connection()
    plans = []
    for statement, parameters in _statements(engine, lambda: run(session)):
        rows = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
        plans.append(StatementPlan("\n".join(str(row[-1]) for row in rows)))
    return plans


def _statements(engine: Engine, run: Callable[[], object]) -> Sequence[tuple[str, Any]]:
    noted: list[tuple[str, Any]] = []

    def note(_c: object, _u: object, statement: str, parameters: Any, *_: object) -> None:
        noted.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        run()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return noted
