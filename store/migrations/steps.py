"""What migrations after the first are made of: steps beside running processes.

Each step commits by itself and can be done again, so a migration that was interrupted is begun
anew and goes on where it was. None keeps the others waiting for longer than a second.

In a migration:

    def upgrade() -> None:
        add_column("events", "source varchar")
        index_concurrently("ix_events_source", "events", "(source) WHERE source IS NOT NULL")
        back_fill("events", key="event_id", assign="source = 'oms'", where="source IS NULL")
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from store.db.revisions import floor_statement
from store.migrations.back_fills import back_fill
from store.migrations.context import committing, lock_retries, write
from store.migrations.indexes import drop_index_concurrently, index_concurrently
from store.migrations.short_locks import LockRetries, retried

__all__ = [
    "Contraction",
    "add_column",
    "add_constraint",
    "back_fill",
    "contract",
    "drop_index_concurrently",
    "index_concurrently",
    "with_short_lock",
]

_HAS_COLUMN = (
    "SELECT count(*) FROM pg_attribute "
    "WHERE attrelid = to_regclass(%(table)s) AND attname = %(name)s AND NOT attisdropped"
)
_HAS_CONSTRAINT = (
    "SELECT count(*) FROM pg_constraint "
    "WHERE conrelid = to_regclass(%(table)s) AND conname = %(name)s"
)


@dataclass(frozen=True)
class Contraction:
    """What a migration that takes something away declares, as `contraction`.

    `of` is the migration that made what replaces it, `unread_since` the release that first did
    without it, and `readable_from` the newest migration of that release: versions that do not have
    it refuse the database from then on.
    """

    of: str
    unread_since: str
    readable_from: str


def with_short_lock(table: str, *statements: str) -> None:
    """Change a table in one transaction, once its lock can be had in a moment."""
    with committing() as connection:
        if connection is None:
            write("BEGIN", LockRetries().limit, *statements, "COMMIT")
            return

        def change() -> None:
            for statement in statements:
                connection.exec_driver_sql(statement)

        retried(connection, table, lock_retries(), change)


def add_column(table: str, definition: str) -> None:
    """Add a column that may be null, or has a constant default, unless it is there."""
    name = definition.split()[0]
    with committing() as connection:
        if connection is not None and _has(connection, _HAS_COLUMN, table, name):
            return
    with_short_lock(table, f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {definition}")


def add_constraint(table: str, name: str, definition: str) -> None:
    """Add a constraint for what is written from now on, then look through the rows that are there
    already, while everybody works."""
    with committing() as connection:
        there = connection is not None and _has(connection, _HAS_CONSTRAINT, table, name)
    if not there:
        with_short_lock(table, f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition} NOT VALID")
    with committing() as connection:
        validate = f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}"
        if connection is None:
            write("BEGIN", validate, "COMMIT")
        else:
            connection.exec_driver_sql(validate)


def contract(contraction: Contraction) -> None:
    """Write down, before something is taken away, which versions can no longer work with this
    database: the first step of a migration that does so."""
    with_short_lock("alembic_version", floor_statement(contraction.readable_from))


def _has(connection: Connection, query: str, table: str, name: str) -> bool:
    return bool(connection.exec_driver_sql(query, {"table": table, "name": name}).scalar())
