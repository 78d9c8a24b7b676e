"""How a step reaches its migration: the connection, and where SQL is written for the linter."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import op
from sqlalchemy import Connection

from store.migrations.short_locks import LockRetries


@contextmanager
def committing() -> Iterator[Connection | None]:
    """The migration's connection, each statement of which commits by itself; None where SQL is
    written."""
    context = op.get_context()
    with context.autocommit_block():
        yield None if context.as_sql else op.get_bind()


def write(*statements: str) -> None:
    """Write statements down in place of running them."""
    for statement in statements:
        op.get_context().impl.static_output(f"{statement};")


def lock_retries() -> LockRetries:
    """As whoever migrates wants them."""
    config = op.get_context().config
    retries: LockRetries = config.attributes["lock_retries"] if config else LockRetries()
    return retries
