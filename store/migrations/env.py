"""Alembic's entry: runs the migrations on the engine that `store.migrate` hands over."""

from alembic import context
from sqlalchemy import Engine, text
from sqlmodel import SQLModel

import store.tables  # noqa: F401 - fills the metadata

_ADVISORY_LOCK = 7_239_061_401  # any number, the same for every set-up step that runs at once


def run(engine: Engine) -> None:
    """Apply migrations in one transaction; on PostgreSQL one set-up step at a time, and without
    the limit that ordinary statements have: a change of every row takes as long as it takes."""
    with engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True
        )
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK}
                )
                connection.execute(text("SET LOCAL statement_timeout = 0"))
            context.run_migrations()


run(context.config.attributes["engine"])
