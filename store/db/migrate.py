"""Bring a database to the newest schema, with Alembic and our own migrations.

The first time it also makes the database's index key and seals it with the current encryption key.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from contracts.errors import StoreUnavailable
from store.db.engine import create_database_engine
from store.db.errors import in_one_line
from store.db.revisions import (
    MIGRATIONS,
    VERSIONS,
    current_revision,
    is_readable,
    newest_revision,
)
from store.encryption.columns import INDEX_KEY
from store.encryption.keyring import Keyring
from store.encryption.sealing import INDEX_KEY_NAME, LINK_KEY_NAME, opened_text, sealed_text
from store.migrations.short_locks import LockRetries
from store.tables import SealedKeyRow

__all__ = ["VERSIONS", "alembic_config", "current_revision", "migrate", "newest_revision"]

_INDEX_KEY_BYTES = 32


def migrate(
    url: str,
    keyring: Keyring,
    *,
    versions: Sequence[Path] = (VERSIONS,),
    lock_retries: LockRetries = LockRetries(),  # noqa: B008 - a frozen value
) -> str:
    """Apply what is missing and give the revision reached. Safe to call again, also after it was
    interrupted. A database of a newer version is left as it is, if this one can work with it.

    StoreUnavailable, too, when the database was sealed with a key that the keyring does not have.
    """
    engine = create_database_engine(url)
    try:
        if (current_revision(engine) or "") > newest_revision(versions):
            _require_readable(engine, newest_revision(versions))
        else:
            _upgrade(url, alembic_config(versions), lock_retries)
        _make_keys(engine, keyring)
        return current_revision(engine) or "none"
    except CommandError as error:
        raise StoreUnavailable(f"the migration failed: {error}") from error
    except SQLAlchemyError as error:
        raise StoreUnavailable(
            f"the migration failed: {in_one_line(_cause(error))}: put that right, then run "
            "`doorstep migrate` again; what is done stays done"
        ) from None
    finally:
        engine.dispose()


def _upgrade(url: str, config: Config, lock_retries: LockRetries) -> None:
    """Two connections without limits: one has the turn, the steps of the other set their own."""
    engine = create_database_engine(url, 2, statement_limit_s=0, lock_limit_s=0)
    config.attributes |= {"engine": engine, "lock_retries": lock_retries}
    try:
        command.upgrade(config, "head")
    finally:
        engine.dispose()


def _require_readable(engine: Engine, newest: str) -> None:
    if not is_readable(engine, newest):
        raise StoreUnavailable(
            "the database was migrated by a newer version, and what this one reads was taken away: "
            "upgrade this one"
        )


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


def _cause(error: BaseException) -> BaseException:
    """What went wrong first: a lost connection makes an error of everything that is closed."""
    while isinstance(error.__context__, SQLAlchemyError):
        error = error.__context__
    return error


def alembic_config(versions: Sequence[Path] = (VERSIONS,)) -> Config:
    """Alembic over the migrations in these folders."""
    config = Config()
    config.set_main_option("script_location", _escaped(MIGRATIONS))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(map(_escaped, versions)))
    return config


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")
