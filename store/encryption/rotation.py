"""Bring stored values under the current encryption key, batch by batch, while events flow.

Every batch is a transaction of its own and takes only what is not under the current key, so that
a rotation that was stopped goes on where it was. A value that somebody changed meanwhile is left to
whoever changed it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, func, select, tuple_, update
from sqlmodel import Session, SQLModel

from contracts.errors import KeyMissing, SealBroken
from store.encryption.columns import SealedColumn
from store.encryption.sealing import (
    open_bytes,
    open_sealed,
    seal,
    seal_bytes,
    vault_of,
)

Key = tuple[str, ...]


@dataclass(frozen=True)
class Resealed:
    """One batch: how many were looked at, how many are under the current key now, which do not
    open (their rows, with why), and where the next batch begins; None after the last one."""

    seen: int
    done: int
    broken: Mapping[str, str] = field(default_factory=dict)
    last: Key | None = None


def count_stale(session: Session, column: SealedColumn) -> int:
    """How many values of a column are not under the current key."""
    query = select(func.count()).select_from(_table(column)).where(_stale(session, column))
    return int(session.execute(query).scalar_one())


def reseal_batch(
    session: Session, column: SealedColumn, *, after: Key | None, limit: int
) -> Resealed:
    """Seal the next values of a column anew, in the order of their keys."""
    rows = _stale_rows(session, column, after, limit)
    done, broken = 0, {}
    for row in rows:
        key = tuple(row[: len(column.row_key)])
        try:
            done += _reseal(session, column, key, row)
        except (SealBroken, KeyMissing) as error:
            broken["/".join(key)] = str(error)
    last = tuple(rows[-1][: len(column.row_key)]) if len(rows) == limit else None
    return Resealed(len(rows), done, broken, last)


def _stale_rows(
    session: Session, column: SealedColumn, after: Key | None, limit: int
) -> Sequence[Row[Any]]:
    table, keys = _table(column), _keys(column)
    query = (
        select(*keys, table.c[column.column])
        .where(_stale(session, column))
        .order_by(*keys)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(*keys) > after)
    return session.execute(query).all()


def _reseal(session: Session, column: SealedColumn, key: Key, row: Row[Any]) -> int:
    """Seal one value anew; 0 when somebody changed it meanwhile."""
    table, stored = _table(column), row[len(key)]
    values: dict[str, object]
    if column.binary:
        plain = open_bytes(session, column, bytes(stored), *key)
        values = {column.column: seal_bytes(session, column, plain, *key)}
    else:
        opened = open_sealed(session, column, stored, *key)
        values = {column.column: seal(session, column, opened, *key)}
    here = and_(*(one == part for one, part in zip(_keys(column), key, strict=True)))
    unchanged = table.c[column.column] == stored
    result: Any = session.execute(update(table).where(here, unchanged).values(values))
    return int(result.rowcount)


def _stale(session: Session, column: SealedColumn) -> ColumnElement[bool]:
    """Not under the current key. What was erased is empty, and under no key."""
    mark = vault_of(session).keyring.current_mark
    stored = _table(column).c[column.column]
    start = func.substr(stored, 1, len(mark))
    return and_(func.length(stored) > 0, start != (mark if column.binary else mark.decode("ascii")))


def _table(column: SealedColumn) -> Table:
    return SQLModel.metadata.tables[column.table]


def _keys(column: SealedColumn) -> list[ColumnElement[str]]:
    return [_table(column).c[name] for name in column.row_key]
