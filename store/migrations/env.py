"""Alembic's entry: runs the migrations on the engine that `store.db.migrate` hands over, or writes
their SQL, for the linter."""

from typing import Any

from alembic import context
from sqlalchemy import Engine, text
from sqlmodel import SQLModel

import store.tables  # noqa: F401 - fills the metadata
from store.migrations.turn import one_at_a_time


def run(engine: Engine) -> None:
    """Apply migrations, each in a transaction of its own, one set-up step at a time."""
    with one_at_a_time(engine) as turn, engine.connect() as connection:

        def still_has_its_turn(*_: Any, **__: Any) -> None:
            """Before a migration is written down as done: whoever lost the connection may not be
            alone any more, and does it again."""
            turn.execute(text("SELECT 1"))

        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            transaction_per_migration=True,
            on_version_apply=still_has_its_turn,
        )
        with context.begin_transaction():
            context.run_migrations()


def write_sql() -> None:
    """Write what `run` would do."""
    context.configure(
        dialect_name="postgresql",
        target_metadata=SQLModel.metadata,
        literal_binds=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    write_sql()
else:
    run(context.config.attributes["engine"])
