"""Each test of the store runs on SQLite and on a real PostgreSQL, on empty tables."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from store.database import Database
from tests.support.postgres import Postgres
from tests.support.shelf import Shelf


@pytest.fixture(scope="session")
def one_postgresql(postgres: Postgres) -> Iterator[Database]:
    """A migrated database that all tests of the store share, one after the other."""
    database = Database(postgres.url(postgres.fresh("migrated")))
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with empty tables, on each kind of store."""
    if request.param == "sqlite":
        migrated: Path = request.getfixturevalue("migrated")
        database = Database(f"sqlite:///{shutil.copy(migrated, tmp_path / 'doorstep.db')}")
        yield database
        database.close()
        return
    database = request.getfixturevalue("one_postgresql")
    yield database
    with database.engine.begin() as connection:
        for table in reversed(SQLModel.metadata.sorted_tables):
            connection.execute(table.delete())


@pytest.fixture
def shelf(database: Database) -> Shelf:
    """The database with short ways to fill it."""
    return Shelf(database)
