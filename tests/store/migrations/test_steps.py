"""The steps of migrations, on a database that others work with: they give way, say who is in the
way, and go on where they were interrupted."""

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from contracts.errors import StoreUnavailable
from store.db.engine import create_database_engine
from store.db.migrate import current_revision, migrate, newest_revision
from store.migrations.short_locks import LockRetries
from store.migrations.turn import one_at_a_time
from tests.support.encryption import KEYRING
from tests.support.migrations import AFTER_NEXT, NEXT, migrating_process, write_migration
from tests.support.waiting import until

pytestmark = pytest.mark.extended

ROWS = 2500
COLUMN = 'steps.add_column("order_sequences", "source varchar")'
INDEX = 'steps.index_concurrently("ix_source", "order_sequences", "(source, order_id)")'
UNIQUE = 'steps.index_concurrently("uq_source", "order_sequences", "(source)", unique=True)'
FILL = (
    'steps.back_fill("order_sequences", key="order_id", assign="source = \'oms\'", '
    'where="source IS NULL")'
)
CONSTRAINT = 'steps.add_constraint("order_sequences", "ck_source", "CHECK (source IS NOT NULL)")'
DROPPED = 'steps.drop_index_concurrently("ix_old")'
ALL = f"{COLUMN}\n{FILL}\n{INDEX}"
_WHO_BUILDS = (
    "SELECT pid FROM pg_stat_progress_create_index "
    "WHERE datname = current_database() AND phase = 'waiting for old snapshots'"
)
OFTEN = LockRetries(wait_s=0.05, pause_s=0.01, attempts=100_000)


@pytest.fixture
def engine(own_database_url: str) -> Iterator[Engine]:
    """A migrated database with rows, and connections to it for whoever else works with it."""
    engine = create_database_engine(own_database_url, 4, statement_limit_s=60, lock_limit_s=60)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO order_sequences SELECT 'shop', to_char(n, 'FM000000'), 1 "
            f"FROM generate_series(1, {ROWS}) n"
        )
        connection.exec_driver_sql("CREATE INDEX ix_old ON order_sequences (last)")
    yield engine
    engine.dispose()


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    """For what runs beside the test."""
    with ThreadPoolExecutor(2) as threads:
        yield threads


@pytest.fixture
def other(engine: Engine, threads: ThreadPoolExecutor) -> Iterator[Connection]:
    """Somebody who works with the database meanwhile, and leaves before the threads have to end."""
    with engine.connect() as connection:
        yield connection


class Migrating:
    """Migrates a database beside the test."""

    def __init__(self, threads: ThreadPoolExecutor, url: str) -> None:
        self._threads, self._url = threads, url

    def start(self, versions: Sequence[Path], retries: LockRetries = OFTEN) -> "Future[str]":
        return self._threads.submit(
            migrate, self._url, KEYRING, versions=versions, lock_retries=retries
        )


@pytest.fixture
def migrating(threads: ThreadPoolExecutor, own_database_url: str) -> Migrating:
    """To be started by the test."""
    return Migrating(threads, own_database_url)


@pytest.fixture
def with_column(own_database_url: str, engine: Engine, tmp_path: Path) -> Sequence[Path]:
    """A migration that is done: the column is there."""
    versions = write_migration(tmp_path, COLUMN)
    migrate(own_database_url, KEYRING, versions=versions)
    return versions


class TestBesideOthers:
    def test_all_of_them_and_again(
        self, own_database_url: str, engine: Engine, tmp_path: Path
    ) -> None:
        """As after an interruption just before the migration is written down as done."""
        versions = write_migration(tmp_path, f"{ALL}\n{CONSTRAINT}\n{DROPPED}")
        for _ in range(2):
            assert migrate(own_database_url, KEYRING, versions=versions) == NEXT
            assert (filled(engine), valid(engine), valid(engine, "ix_old")) == (ROWS, True, None)
            assert one(engine, "SELECT convalidated FROM pg_constraint WHERE conname = 'ck_source'")
            with engine.begin() as connection:
                back = f"UPDATE alembic_version SET version_num = '{newest_revision()}'"
                connection.exec_driver_sql(back)

    def test_a_short_lock_gives_way_until_it_can_be_had(
        self,
        engine: Engine,
        other: Connection,
        migrating: Migrating,
        tmp_path: Path,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        in_use(other)
        migration = migrating.start(write_migration(tmp_path, COLUMN))
        until(lambda: "order_sequences is in use (process " in caplog.text)
        assert one(engine, "SELECT count(*) FROM order_sequences") == ROWS
        assert not migration.done()
        other.commit()
        assert migration.result() == NEXT

    def test_it_says_who_was_in_the_way_all_the_time(
        self, engine: Engine, other: Connection, migrating: Migrating, tmp_path: Path
    ) -> None:
        in_use(other)
        pid = other.scalar(text("SELECT pg_backend_pid()"))
        migration = migrating.start(write_migration(tmp_path, COLUMN), LockRetries(0.01, 0, 2))
        with pytest.raises(StoreUnavailable) as stopped:
            migration.result()
        said = str(stopped.value)
        assert "LockNotAvailable: canceling statement due to lock timeout (2 attempts)" in said
        assert f"in use by process {pid}, idle in transaction since 20" in said
        assert "run `doorstep migrate` again" in said
        assert "\n" not in said
        assert current_revision(engine) == newest_revision()

    def test_a_second_set_up_step_is_not_in_the_way_of_an_index(
        self,
        engine: Engine,
        other: Connection,
        migrating: Migrating,
        threads: ThreadPoolExecutor,
        with_column: Sequence[Path],
        tmp_path: Path,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        """A statement that waits has a snapshot, and the index waits for its end."""
        caplog.set_level(logging.INFO, "store.migrations")
        versions = write_migration(tmp_path, INDEX, revision=AFTER_NEXT)
        in_use(other)
        first = migrating.start(versions)
        until(lambda: first.done() or is_building(engine))
        second = threads.submit(take_turn, engine)
        until(lambda: second.done() or "another set-up step is under way" in caplog.text)
        assert not second.done()
        other.commit()
        assert first.result() == AFTER_NEXT
        second.result()
        assert valid(engine)


class TestInterrupted:
    def test_a_build_that_goes_on_without_its_process_is_waited_for(
        self,
        own_database_url: str,
        engine: Engine,
        other: Connection,
        migrating: Migrating,
        tmp_path: Path,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        caplog.set_level(logging.INFO, "store.migrations")
        versions = write_migration(tmp_path, ALL)
        in_use(other, "sealed_keys")
        with migrating_process(own_database_url, versions) as process:
            until(lambda: process.poll() is not None or is_building(engine))
        made, rows = number(engine), filled_by(engine)
        assert (valid(engine), current_revision(engine)) == (False, newest_revision())
        again = migrating.start(versions)
        until(lambda: again.done() or "PostgreSQL still builds ix_source" in caplog.text)
        other.commit()
        assert again.result() == NEXT
        assert (valid(engine), number(engine)) == (True, made)
        assert filled_by(engine) == rows

    def test_what_a_build_left_is_made_anew(
        self,
        own_database_url: str,
        engine: Engine,
        other: Connection,
        migrating: Migrating,
        with_column: Sequence[Path],
        tmp_path: Path,
    ) -> None:
        versions = write_migration(tmp_path, INDEX, revision=AFTER_NEXT)
        in_use(other)
        with migrating_process(own_database_url, versions) as process:
            until(lambda: process.poll() is not None or is_building(engine))
            end_who_builds(engine)
        other.commit()
        left = number(engine)
        assert valid(engine) is False
        assert migrate(own_database_url, KEYRING, versions=versions) == AFTER_NEXT
        assert valid(engine)
        assert number(engine) != left

    def test_a_back_fill_goes_on_where_it_was(
        self,
        own_database_url: str,
        engine: Engine,
        other: Connection,
        with_column: Sequence[Path],
        tmp_path: Path,
    ) -> None:
        """Somebody has a row of the second batch, so it ends after the first."""
        versions = write_migration(tmp_path, FILL, revision=AFTER_NEXT)
        other.execute(text("UPDATE order_sequences SET last = 2 WHERE order_id = '001500'"))
        with migrating_process(own_database_url, versions) as process:
            until(lambda: process.poll() is not None or filled(engine) == 1000)
        other.commit()
        first_batch = filled_by(engine)
        assert migrate(own_database_url, KEYRING, versions=versions) == AFTER_NEXT
        assert filled(engine) == ROWS
        assert first_batch <= filled_by(engine)


class TestFailed:
    def test_a_unique_index_that_cannot_be_leaves_nothing(
        self, own_database_url: str, engine: Engine, tmp_path: Path
    ) -> None:
        """Half made, it would refuse rows from then on."""
        versions = write_migration(tmp_path, f"{COLUMN}\n{FILL}\n{UNIQUE}")
        with pytest.raises(
            StoreUnavailable,
            match=r'failed: UniqueViolation: could not create unique index "uq_source": put',
        ):
            migrate(own_database_url, KEYRING, versions=versions)
        assert valid(engine, "uq_source") is None
        assert (filled(engine), current_revision(engine)) == (ROWS, newest_revision())

    def test_a_connection_that_is_ended_says_so(
        self,
        engine: Engine,
        other: Connection,
        migrating: Migrating,
        with_column: Sequence[Path],
        tmp_path: Path,
    ) -> None:
        in_use(other)
        migration = migrating.start(write_migration(tmp_path, INDEX, revision=AFTER_NEXT))
        until(lambda: migration.done() or is_building(engine))
        end_who_builds(engine)
        with pytest.raises(StoreUnavailable, match="AdminShutdown: terminating connection"):
            migration.result()

    def test_who_lost_the_turn_writes_nothing_down(
        self,
        own_database_url: str,
        engine: Engine,
        other: Connection,
        migrating: Migrating,
        with_column: Sequence[Path],
        tmp_path: Path,
    ) -> None:
        versions = write_migration(tmp_path, INDEX, revision=AFTER_NEXT)
        in_use(other)
        migration = migrating.start(versions)
        until(lambda: migration.done() or is_building(engine))
        end(engine, "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted")
        other.commit()
        with pytest.raises(StoreUnavailable, match="run `doorstep migrate` again"):
            migration.result()
        assert (valid(engine), current_revision(engine)) == (True, NEXT)
        assert migrate(own_database_url, KEYRING, versions=versions) == AFTER_NEXT


def take_turn(engine: Engine) -> None:
    """What a second set-up step does first."""
    with one_at_a_time(engine):
        pass


def one(engine: Engine, query: str) -> Any:
    """A single value, as it is now."""
    with engine.connect() as connection:
        return connection.scalar(text(query))


def valid(engine: Engine, name: str = "ix_source") -> bool | None:
    """Whether an index can be used; None where there is none."""
    query = f"SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('{name}')"
    found: bool | None = one(engine, query)
    return found


def number(engine: Engine) -> object:
    """Which index it is: another one after it was made anew."""
    return one(engine, "SELECT to_regclass('ix_source')::oid")


def filled(engine: Engine) -> object:
    """How many rows have their value."""
    return one(engine, "SELECT count(*) FROM order_sequences WHERE source = 'oms'")


def filled_by(engine: Engine) -> set[tuple[str, str]]:
    """The filled rows, each with the transaction that wrote it."""
    query = "SELECT order_id, xmin::text FROM order_sequences WHERE source = 'oms'"
    with engine.connect() as connection:
        return {(row.order_id, row.xmin) for row in connection.execute(text(query))}


def is_building(engine: Engine) -> bool:
    """Whether PostgreSQL has built an index, and waits for whoever may need the old state."""
    return bool(one(engine, f"SELECT count(*) FROM ({_WHO_BUILDS}) who"))


def end_who_builds(engine: Engine) -> None:
    """End the connection that builds an index."""
    end(engine, _WHO_BUILDS)


def end(engine: Engine, who: str) -> None:
    """End connections to this database; returns once they are gone."""
    ended = f"SELECT count(pg_terminate_backend(pid, 10000)) FROM ({who}) who"
    assert one(engine, ended) == 1


def in_use(connection: Connection, table: str = "order_sequences") -> None:
    """Begin to read, and go on for as long as the transaction lasts."""
    connection.execution_options(isolation_level="REPEATABLE READ")
    connection.execute(text(f"SELECT count(*) FROM {table}"))
