"""Migrations: up, down and up again, and the tables they make are the ones the code expects."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy import text as _sql
from sqlmodel import SQLModel

import store.tables
from contracts.errors import KeyMissing, StoreUnavailable
from store.db import engine as engines
from store.db.engine import create_database_engine
from store.db.migrate import current_revision, migrate, newest_revision
from store.encryption.keyring import Keyring, new_key
from tests.support.encryption import KEYRING
from tests.support.postgres import NOWHERE, Postgres
from tests.support.waiting import until

BOOKKEEPING = "alembic_version"
LOCK_OF_A_SET_UP_STEP = 7_239_061_401


@pytest.fixture
def empty_url(postgres: Postgres) -> Iterator[str]:
    """A database with nothing in it."""
    name = postgres.fresh()
    yield postgres.url(name)
    postgres.drop(name)


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
        assert migrate(empty_url, KEYRING) == newest_revision()
        assert current_revision(engine) == newest_revision()
        assert tables(engine) == set(SQLModel.metadata.tables)

    def test_again_is_harmless(self, empty_url: str, engine: Engine) -> None:
        migrate(empty_url, KEYRING)
        assert migrate(empty_url, KEYRING) == newest_revision()

    def test_down_leaves_nothing_and_up_again_works(self, empty_url: str, engine: Engine) -> None:
        migrate(empty_url, KEYRING)
        command.downgrade(alembic(engine), "base")
        assert tables(engine) == set()
        assert current_revision(engine) is None
        migrate(empty_url, KEYRING)
        assert tables(engine) == set(SQLModel.metadata.tables)

    def test_the_tables_are_the_ones_that_the_code_expects(
        self, empty_url: str, engine: Engine
    ) -> None:
        migrate(empty_url, KEYRING)
        with engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"compare_type": True, "compare_server_default": True}
            )
            assert compare_metadata(context, SQLModel.metadata) == []

    @pytest.mark.parametrize(
        ("table", "index", "where"),
        [
            ("dead_letters", "uq_dead_letters_unresolved", "resolved_at IS NULL"),
            ("deliveries", "ix_deliveries_open", "state"),
        ],
    )
    def test_the_partial_indexes_are_partial(
        self, empty_url: str, engine: Engine, table: str, index: str, where: str
    ) -> None:
        """Which the comparison above does not look at."""
        migrate(empty_url, KEYRING)
        [found] = [one for one in inspect(engine).get_indexes(table) if one["name"] == index]
        condition = found["dialect_options"]["postgresql_where"]
        assert where in str(condition)


class TestTheIndexKey:
    def test_it_is_made_once(self, empty_url: str, engine: Engine) -> None:
        migrate(empty_url, KEYRING)
        with engine.connect() as connection:
            first = connection.execute(_sql("SELECT * FROM sealed_keys")).all()
        migrate(empty_url, KEYRING)
        with engine.connect() as connection:
            assert connection.execute(_sql("SELECT * FROM sealed_keys")).all() == first
        assert {one.name for one in first} == {"index", "links"}

    def test_a_database_that_other_keys_sealed(self, empty_url: str) -> None:
        migrate(empty_url, KEYRING)
        with pytest.raises(KeyMissing, match="sealed with key test"):
            migrate(empty_url, Keyring([new_key("other")]))


class TestAnotherSetUpStep:
    def test_it_is_waited_for_as_long_as_it_takes(
        self, empty_url: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Longer than any statement waits for a lock."""
        monkeypatch.setattr(engines, "LOCK_PATIENCE_S", 0.05)
        waiting = _sql(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND wait_event_type = 'Lock' AND clock_timestamp() - query_start > '0.5 s'"
        )

        def waits(connection: Connection) -> bool:
            connection.execute(_sql("SELECT pg_stat_clear_snapshot()"))
            return bool(connection.execute(waiting).scalar_one())

        with ThreadPoolExecutor(1) as threads:
            with engine.begin() as other:
                other.execute(_sql(f"SELECT pg_advisory_xact_lock({LOCK_OF_A_SET_UP_STEP})"))
                migrating = threads.submit(migrate, empty_url, KEYRING)
                until(lambda: migrating.done() or waits(other))
            assert migrating.result() == newest_revision()


class TestTrouble:
    def test_a_database_of_a_newer_version(self, empty_url: str, engine: Engine) -> None:
        migrate(empty_url, KEYRING)
        with engine.begin() as connection:
            connection.execute(_sql(f"UPDATE {BOOKKEEPING} SET version_num = '9999'"))
        with pytest.raises(StoreUnavailable, match="newer version"):
            migrate(empty_url, KEYRING)

    def test_a_server_that_is_not_there(self) -> None:
        with pytest.raises(StoreUnavailable, match="migration failed"):
            migrate(NOWHERE, KEYRING)
