"""Migrations: up, down and up again, and the tables they make are the ones the code expects."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlmodel import SQLModel

import store.tables
from contracts.errors import StoreUnavailable
from store.database import create_database_engine
from store.migrate import current_revision, migrate, newest_revision
from tests.support.postgres import Postgres

BOOKKEEPING = "alembic_version"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/new.db"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = server.fresh()
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def engine(empty_url: str) -> Iterator[Engine]:
    """The empty database."""
    engine = create_database_engine(empty_url)
    yield engine
    engine.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {BOOKKEEPING}


def alembic(engine: Engine) -> Config:
    """What the `alembic` command would work with."""
    config = Config()
    folder = Path(store.tables.__file__).parents[1] / "migrations"
    config.set_main_option("script_location", str(folder))
    config.attributes["engine"] = engine
    return config


class TestUpAndDown:
    def test_up_on_an_empty_database(self, empty_url: str, engine: Engine) -> None:
        assert current_revision(engine) is None
        assert migrate(empty_url) == newest_revision()
        assert current_revision(engine) == newest_revision()
        assert tables(engine) == set(SQLModel.metadata.tables)

    def test_again_is_harmless(self, empty_url: str, engine: Engine) -> None:
        migrate(empty_url)
        assert migrate(empty_url) == newest_revision()

    def test_down_leaves_nothing_and_up_again_works(self, empty_url: str, engine: Engine) -> None:
        migrate(empty_url)
        command.downgrade(alembic(engine), "base")
        assert tables(engine) == set()
        assert current_revision(engine) is None
        migrate(empty_url)
        assert tables(engine) == set(SQLModel.metadata.tables)

    def test_the_tables_are_the_ones_that_the_code_expects(
        self, empty_url: str, engine: Engine
    ) -> None:
        migrate(empty_url)
        with engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"compare_type": True, "compare_server_default": True}
            )
            assert compare_metadata(context, SQLModel.metadata) == []

    @pytest.mark.parametrize(
        ("table", "index", "where"),
        [
            ("events", "ix_events_outbox", "started_at IS NULL"),
            ("dead_letters", "uq_dead_letters_unresolved", "resolved_at IS NULL"),
            ("deliveries", "ix_deliveries_open", "state"),
        ],
    )
    def test_the_partial_indexes_are_partial(
        self, empty_url: str, engine: Engine, table: str, index: str, where: str
    ) -> None:
        """Which the comparison above does not look at."""
        migrate(empty_url)
        [found] = [one for one in inspect(engine).get_indexes(table) if one["name"] == index]
        condition = found["dialect_options"][f"{engine.dialect.name}_where"]
        assert where in str(condition)


class TestTrouble:
    def test_a_database_of_a_newer_version(self, empty_url: str, engine: Engine) -> None:
        migrate(empty_url)
        with engine.begin() as connection:
            connection.execute(text(f"UPDATE {BOOKKEEPING} SET version_num = '9999'"))
        with pytest.raises(StoreUnavailable, match="newer version"):
            migrate(empty_url)

    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(StoreUnavailable, match="migration failed"):
            migrate(f"sqlite:///{tmp_path}/nowhere/doorstep.db")
