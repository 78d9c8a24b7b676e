"""Which migration a database is at, and which versions can work with it."""

from collections.abc import Sequence
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

MIGRATIONS = Path(__file__).parents[1] / "migrations"
VERSIONS = MIGRATIONS / "versions"

_FLOOR = "readable by versions that have migration "
_READ_FLOOR = text("SELECT obj_description(to_regclass('alembic_version'), 'pg_class')")


def newest_revision(versions: Sequence[Path] = (VERSIONS,)) -> str:
    """The revision that a version of the code needs, by its migrations: as it is, this one."""
    folders = [str(one) for one in versions]
    return ScriptDirectory(str(MIGRATIONS), version_locations=folders).get_current_head() or "none"


def current_revision(engine: Engine) -> str | None:
    """The revision a database is at; None when it was never migrated."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def floor_statement(revision: str) -> str:
    """What writes down that only versions with this migration can work with the database: as a
    comment, which every backup keeps."""
    return f"COMMENT ON TABLE alembic_version IS '{_FLOOR}{revision}'"


def floor(engine: Engine) -> str | None:
    """The migration that a version has to have to work with the database; None where any will do,
    because nothing was ever taken away."""
    with engine.connect() as connection:
        comment: str | None = connection.scalar(_READ_FLOOR)
    return comment.removeprefix(_FLOOR) if comment and comment.startswith(_FLOOR) else None


def is_readable(engine: Engine, newest: str) -> bool:
    """Whether a version with these migrations can work with a database that a later one migrated.
    Migrations are numbered in their order."""
    needed = floor(engine)
    return needed is None or needed <= newest
