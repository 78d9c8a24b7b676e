"""The database as a command opens it: with its migrations checked first."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from commands.errors import CommandFailed
from contracts.errors import StoreUnavailable
from settings import Settings
from store.db.database import Database
from store.db.engine import create_database_engine
from store.db.errors import in_one_line
from store.db.revisions import current_revision, is_readable, newest_revision
from store.encryption.key_file import keyring_of


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """The database at its newest migration, or at a later one that has all that this version
    reads. CommandFailed says how to bring it there."""
    _require_migrated(settings)
    database = Database(settings.store_url, keyring_of(*settings.key_source))
    try:
        yield database
    finally:
        database.close()


def read_revision(settings: Settings) -> str | None:
    """The migration a database is at; None where it has none. StoreUnavailable if it is away."""
    with _asked(settings) as engine:
        return current_revision(engine)


def _require_migrated(settings: Settings) -> None:
    newest = newest_revision()
    with _asked(settings) as engine:
        revision, readable = current_revision(engine), is_readable(engine, newest)
    if revision is None or revision < newest:
        raise CommandFailed(
            f"the database is at migration {revision or 'none'}, this version needs {newest}: "
            "run `doorstep migrate`"
        )
    if not readable:
        raise CommandFailed(
            f"the database is at migration {revision}, which took away what this version reads: "
            "upgrade this one"
        )


@contextmanager
def _asked(settings: Settings) -> Iterator[Engine]:
    """A connection for a question. StoreUnavailable where there is no answer."""
    engine = create_database_engine(settings.store_url)
    try:
        yield engine
    except SQLAlchemyError as error:
        raise StoreUnavailable(
            f"the database does not answer ({in_one_line(error)}): {start_advice(settings)}"
        ) from None
    finally:
        engine.dispose()


def start_advice(settings: Settings) -> str:
    """What to do about a database that does not answer."""
    if settings.database_url is not None:
        return "start it, or correct DOORSTEP_DATABASE_URL"
    return "start the embedded one with `doorstep up`, or set DOORSTEP_DATABASE_URL"
