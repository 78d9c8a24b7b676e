"""Indexes, made and taken away while everybody works."""

import logging
import time
from contextlib import suppress

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from store.migrations.context import committing, write

log = logging.getLogger(__name__)

_LOOK_EVERY_S = 1.0
_IS_VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%(name)s)"
_IS_BEING_BUILT = (
    "SELECT count(*) FROM pg_stat_progress_create_index WHERE index_relid = to_regclass(%(name)s)"
)


def index_concurrently(name: str, table: str, on: str, *, unique: bool = False) -> None:
    """Make an index. What an interrupted build left is made anew; a build that PostgreSQL still
    works at, for a set-up step that was killed, is waited for."""
    kind = "UNIQUE INDEX" if unique else "INDEX"
    create = f"CREATE {kind} CONCURRENTLY IF NOT EXISTS {name} ON {table} {on}"
    with committing() as connection:
        if connection is None:
            write(create)
            return
        _wait_for_a_build(connection, name)
        if _is_valid(connection, name) is False:
            connection.exec_driver_sql(_drop(name))
        try:
            connection.exec_driver_sql(create)
        except DBAPIError:
            with suppress(DBAPIError):  # the first error is the one to tell
                connection.exec_driver_sql(_drop(name))  # unique, it would go on refusing rows
            raise


def drop_index_concurrently(name: str) -> None:
    """Take an index away."""
    with committing() as connection:
        if connection is None:
            write(_drop(name))
        else:
            connection.exec_driver_sql(_drop(name))


def _drop(name: str) -> str:
    return f"DROP INDEX CONCURRENTLY IF EXISTS {name}"


def _is_valid(connection: Connection, name: str) -> bool | None:
    """Whether an index can be used; None where there is none."""
    valid: bool | None = connection.exec_driver_sql(_IS_VALID, {"name": name}).scalar()
    return valid


def _wait_for_a_build(connection: Connection, name: str) -> None:
    waits = False
    while connection.exec_driver_sql(_IS_BEING_BUILT, {"name": name}).scalar():
        if not waits:
            log.info("PostgreSQL still builds %s: waiting until it is there", name)
        waits = True
        time.sleep(_LOOK_EVERY_S)
