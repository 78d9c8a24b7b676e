"""Each test of the store runs on SQLite and on a real PostgreSQL, on empty tables."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlmodel import SQLModel

from store.database import Database
from store.tables import SealedKeyRow
from tests.support.encryption import KEYRING
from tests.support.postgres import Postgres
from tests.support.shelf import Shelf


@pytest.fixture(scope="session")
def one_sqlite(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A migrated database that all tests of the store share, one after the other."""
    folder = tmp_path_factory.mktemp("store")
    database = Database(f"sqlite:///{shutil.copy(migrated, folder / 'doorstep.db')}", KEYRING)
    yield database
    database.close()


@pytest.fixture(scope="session")
def one_postgresql(postgres: Postgres) -> Iterator[Database]:
    """The same on PostgreSQL."""
    database = Database(postgres.url(postgres.fresh("migrated")), KEYRING)
    yield database
    database.close()


@pytest.fixture(params=["one_sqlite", "one_postgresql"], ids=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database with empty tables, on each kind of store."""
    database: Database = request.getfixturevalue(request.param)
    yield database
    with database.engine.begin() as connection:
        for table in reversed(SQLModel.metadata.sorted_tables):
            if table.name != SealedKeyRow.__tablename__:
                connection.execute(table.delete())
    if database.is_sqlite:
        _forget_sizes(database)


@pytest.fixture
def shelf(database: Database) -> Shelf:
    """The database with short ways to fill it."""
    return Shelf(database)


def _forget_sizes(database: Database) -> None:
    """What an ANALYZE of one test has found would lead the plans of the next."""
    with database.engine.begin() as connection:
        if not inspect(connection).has_table("sqlite_stat1"):
            return
        connection.execute(text("DELETE FROM sqlite_stat1"))
    database.engine.dispose()  # each connection has read them when it was opened
