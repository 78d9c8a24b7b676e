"""Alembic's entry: runs the migrations on the engine that `store.db.migrate` hands over."""

from alembic import context
from sqlalchemy import Connection, Engine, text
from sqlmodel import SQLModel

import store.tables  # noqa: F401 - fills the metadata

_ADVISORY_LOCK = 7_239_061_401  # any number, the same for every set-up step that runs at once


def run(engine: Engine) -> None:
    """Apply migrations in one transaction, one set-up step at a time."""
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=SQLModel.metadata)
        with context.begin_transaction():
            _wait_for_its_turn(connection)
            context.run_migrations()


def _wait_for_its_turn(connection: Connection) -> None:
    """Wait for other set-up steps, for as long as they take. A change of every row takes as long as
    it takes, too; a lock that is not to be had keeps the limit of ordinary statements. The lock is
    the transaction's, not the connection's: a pooler may give the next transaction another one."""
    patience = connection.scalar(text("SHOW lock_timeout"))
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
    connection.execute(
        text("SELECT set_config('lock_timeout', :patience, true)"), {"patience": patience}
    )


run(context.config.attributes["engine"])
