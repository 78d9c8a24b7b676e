"""Which keys the stored values are sealed with, and whether ours open them.

Bounded, so that it may be asked at any time: of each column the first and the last rows by their
keys are looked at. That is every row of a small table; in a large one the oldest and the newest.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, select, union_all
from sqlmodel import Session, SQLModel

from store.encryption.columns import ALL, SealedColumn
from store.encryption.sealing import read_index_keys, vault_of

ROWS_AT_EACH_END = 2_000
_MARK_FITS = 40
"""Characters: a version, the longest key id and the colons."""


def keys_we_lack(session: Session) -> Mapping[str, list[str]]:
    """The keys that stored values are sealed with and that our keyring does not have, each with the
    columns that have such values."""
    ours = vault_of(session).keyring.ids
    found: dict[str, list[str]] = {}
    for column in ALL:
        for key_id in session.execute(_keys_of(column)).scalars():
            if key_id and key_id not in ours:
                found.setdefault(key_id, []).append(f"{column.table}.{column.column}")
    return found


def open_own_keys(session: Session) -> None:
    """Open the database's own keys. KeyMissing and SealBroken where ours are not what sealed them:
    another key under the same id opens nothing."""
    read_index_keys(session)


def _keys_of(column: SealedColumn) -> Select[tuple[str]]:
    table = SQLModel.metadata.tables[column.table]
    keys: list[ColumnElement[Any]] = [table.c[name] for name in column.row_key]
    ends = union_all(
        _some(table, column, keys), _some(table, column, [key.desc() for key in keys])
    ).subquery()
    return select(func.split_part(ends.c.start, ":", 2)).distinct()


def _some(table: Table, column: SealedColumn, order: list[ColumnElement[Any]]) -> Select[Any]:
    """The starts of the values in the first rows of an order."""
    stored = table.c[column.column]
    rows = select(stored).order_by(*order).limit(ROWS_AT_EACH_END).subquery()
    start = func.substr(rows.c[column.column], 1, _MARK_FITS)
    return select((func.encode(start, "escape") if column.binary else start).label("start"))
