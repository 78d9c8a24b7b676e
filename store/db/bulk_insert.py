"""Many rows into a table in one constant statement, whatever their number: a list for each column.

A statement that never changes is built once, and prepared on the server after some uses."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql
from sqlmodel import Session, SQLModel


class BulkInsert:
    """The statement for some columns of a table; all rows have values for each of them."""

    def __init__(self, kind: type[SQLModel], columns: Sequence[str]) -> None:
        table = SQLModel.metadata.tables[str(kind.__tablename__)]
        self._columns = [(name, f"{table.name}_{name}") for name in columns]
        given = (
            f"%({parameter})s::{_type_of(table.c[name].type)}[]"
            for name, parameter in self._columns
        )
        self.sql = (
            f"INSERT INTO {table.name} ({', '.join(columns)}) "  # noqa: S608 - names of our own
            f"SELECT * FROM unnest({', '.join(given)})"
        )

    def values(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Sequence[Any]]:
        """The parameters of the statement."""
        return {parameter: [row[name] for row in rows] for name, parameter in self._columns}

    def run(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert these rows."""
        session.connection().exec_driver_sql(self.sql, self.values(rows))


def _type_of(kind: Any) -> str:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's own, untyped
    return str(kind.compile(dialect=dialect))
