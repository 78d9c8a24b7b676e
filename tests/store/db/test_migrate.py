"""Migrations: up, down and up again, and the tables they make are the ones the code expects."""

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect
from sqlalchemy import text as _sql
from sqlmodel import SQLModel

from contracts.errors import KeyMissing, StoreUnavailable
from store.db.engine import create_database_engine
from store.db.migrate import alembic_config, current_revision, migrate, newest_revision
from store.encryption.keyring import Keyring, new_key
from store.migrations.turn import one_at_a_time
from tests.support.encryption import KEYRING
from tests.support.migrations import AFTER_NEXT, NEXT, write_migration
from tests.support.postgres import NOWHERE, Postgres
from tests.support.waiting import until

BOOKKEEPING = "alembic_version"
LOCK_OF_A_SET_UP_STEP = 7_239_061_401

_SHADOWED = """
    SELECT short.indexrelid::regclass::text, long.indexrelid::regclass::text
    FROM pg_index AS short JOIN pg_index AS long USING (indrelid)
    WHERE short.indexrelid <> long.indexrelid AND NOT short.indisunique
        AND short.indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
        AND long.indkey::text || ' ' LIKE short.indkey::text || ' %'
        AND long.indpred IS NULL AND short.indpred IS NULL
"""


@pytest.fixture
def empty_url(postgres: Postgres) -> Iterator[str]:
    """A database with nothing in it."""
    name = postgres.fresh()
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
def engine(empty_url: str) -> Iterator[Engine]:
    """The empty database."""
    engine = create_database_engine(empty_url, 2)
    yield engine
    engine.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {BOOKKEEPING}


def alembic(engine: Engine) -> Config:
    """What the `alembic` command would work with."""
    config = alembic_config()
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

    def test_pages_are_filled_as_the_tables_say(self, empty_url: str, engine: Engine) -> None:
        """Alembic does not compare it."""
        migrate(empty_url, KEYRING)
        said = {
            table.name: [f"fillfactor={factor}"]
            for table in SQLModel.metadata.sorted_tables
            if (factor := (table.dialect_options["postgresql"]["with"] or {}).get("fillfactor"))
        }
        query = "SELECT relname, reloptions FROM pg_class WHERE relkind='r' AND reloptions <> '{}'"
        with engine.connect() as connection:
            found = {row.relname: row.reloptions for row in connection.execute(_sql(query))}
        assert found == said
        assert said

    def test_no_index_is_the_beginning_of_another_one(self, empty_url: str, engine: Engine) -> None:
        """Of whole tables: it would cost every insert, and the other one serves what it serves."""
        migrate(empty_url, KEYRING)
        with engine.connect() as connection:
            assert connection.execute(_sql(_SHADOWED)).all() == []

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
    def test_it_is_waited_for(
        self, empty_url: str, engine: Engine, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO, "store.migrations")
        with ThreadPoolExecutor(1) as threads:
            with engine.begin() as other:
                other.execute(_sql(f"SELECT pg_advisory_xact_lock({LOCK_OF_A_SET_UP_STEP})"))
                migrating = threads.submit(migrate, empty_url, KEYRING)
                until(lambda: migrating.done() or "another set-up step" in caplog.text)
                assert not migrating.done()
            assert migrating.result() == newest_revision()

    def test_its_turn_outlasts_the_limits_of_idle_transactions(
        self, empty_url: str, engine: Engine
    ) -> None:
        with one_at_a_time(engine) as turn:
            for name in ("idle_in_transaction_session_timeout", "transaction_timeout"):
                assert turn.scalar(_sql(f"SHOW {name}")) == "0"


class TestANewerVersion:
    """Its database, and this version rolled back to."""

    @pytest.fixture
    def newer(self, empty_url: str, tmp_path: Path) -> Sequence[Path]:
        versions = write_migration(tmp_path, "pass")
        migrate(empty_url, KEYRING, versions=versions)
        return versions

    def test_one_that_only_added_is_left_as_it_is(self, empty_url: str, newer: object) -> None:
        assert migrate(empty_url, KEYRING) == NEXT

    def test_one_that_took_away_what_this_version_reads_is_refused(
        self, empty_url: str, newer: object, tmp_path: Path
    ) -> None:
        contract(empty_url, tmp_path, readable_from=NEXT)
        with pytest.raises(StoreUnavailable, match="upgrade this one"):
            migrate(empty_url, KEYRING)

    def test_one_that_took_away_what_only_older_versions_read(
        self, empty_url: str, newer: object, tmp_path: Path
    ) -> None:
        contract(empty_url, tmp_path, readable_from=newest_revision())
        assert migrate(empty_url, KEYRING) == AFTER_NEXT


def contract(url: str, folder: Path, readable_from: str) -> None:
    """A migration that takes something away."""
    contraction = f'steps.Contraction("0001", "0.2.0", "{readable_from}")'
    versions = write_migration(folder, f"steps.contract({contraction})", revision=AFTER_NEXT)
    migrate(url, KEYRING, versions=versions)


class TestTrouble:
    def test_a_server_that_is_not_there(self) -> None:
        with pytest.raises(
            StoreUnavailable, match=r"migration failed: OperationalError: .*refused"
        ):
            migrate(NOWHERE, KEYRING)

    def test_a_migration_that_fails_leaves_those_before_it(
        self, empty_url: str, engine: Engine, tmp_path: Path
    ) -> None:
        versions = write_migration(tmp_path, 'op.execute("SELECT 1 FROM nowhere")')
        with pytest.raises(
            StoreUnavailable, match='failed: UndefinedTable: relation "nowhere" does not exist: put'
        ):
            migrate(empty_url, KEYRING, versions=versions)
        assert current_revision(engine) == newest_revision()
        assert tables(engine) == set(SQLModel.metadata.tables)
