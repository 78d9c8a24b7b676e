"""Bring a database to the newest schema, with Alembic and our own migrations.

The first time it also makes the database's index key and seals it with the current encryption key.
"""

import os
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from contracts.errors import StoreUnavailable
from store.db.engine import create_database_engine
from store.db.errors import in_one_line
from store.encryption.columns import INDEX_KEY
from store.encryption.keyring import Keyring
from store.encryption.sealing import INDEX_KEY_NAME, LINK_KEY_NAME, opened_text, sealed_text
from store.tables import SealedKeyRow

_INDEX_KEY_BYTES = 32
_MIGRATIONS = Path(__file__).parents[1] / "migrations"


def migrate(url: str, keyring: Keyring) -> str:
    """Apply what is missing and give the revision reached. Safe to call again.

    StoreUnavailable, too, when the database was sealed with a key that the keyring does not have.
    """
    engine = create_database_engine(url)
    try:
        config = _config(engine)
        command.upgrade(config, "head")
        _make_keys(engine, keyring)
        return newest_revision()
    except CommandError as error:
        raise StoreUnavailable(
            "the database was migrated by a newer version: upgrade this one"
        ) from error
    except SQLAlchemyError as error:
        raise StoreUnavailable(f"the migration failed: {in_one_line(error)}") from None
    finally:
        engine.dispose()


def _make_keys(engine: Engine, keyring: Keyring) -> None:
    """Make the index key and the key of links, where they are missing; then see that they open with
    our keys."""
    with Session(engine) as session, session.begin():
        for name in (INDEX_KEY_NAME, LINK_KEY_NAME):
            made = sealed_text(keyring, INDEX_KEY, os.urandom(_INDEX_KEY_BYTES).hex(), name)
            new = insert(SealedKeyRow).values(name=name, sealed=made)
            session.execute(new.on_conflict_do_nothing())
            kept = session.get_one(SealedKeyRow, name)
            opened_text(keyring, INDEX_KEY, kept.sealed, name)


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
