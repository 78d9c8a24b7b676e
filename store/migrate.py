"""Bring a database to the newest schema, with Alembic and our own migrations."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from contracts.errors import StoreUnavailable
from store.database import create_database_engine

_MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(url: str) -> str:
    """Apply what is missing and give the revision reached. Safe to call again."""
    engine = create_database_engine(url)
    try:
        config = _config(engine)
        command.upgrade(config, "head")
        return newest_revision()
    except CommandError as error:
        raise StoreUnavailable(
            "the database was migrated by a newer version: upgrade this one"
        ) from error
    except SQLAlchemyError as error:
        raise StoreUnavailable(f"the migration failed: {type(error).__name__}") from error
    finally:
        engine.dispose()


def newest_revision() -> str:
    """The revision that this version of the code needs."""
    head = ScriptDirectory(str(_MIGRATIONS)).get_current_head()
    return head or "none"


def current_revision(engine: Engine) -> str | None:
    """The revision a database is at; None when it was never migrated."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _config(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["engine"] = engine
    return config
