"""The embedded PostgreSQL: its files are found again, whatever ended the server before."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from contracts.errors import ConfigurationError, StoreUnavailable
from store.db import embedded
from store.db.embedded import EmbeddedPostgres, embedded_url, password_file
from tests.support.postgres import serving_postgres


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A data folder with the files of a server, made once; not below pytest's, which it closes to
    other users."""
    with TemporaryDirectory() as folder:
        EmbeddedPostgres(Path(folder), 1).prepare()
        yield Path(folder)


def query(folder: Path, port: int, statement: str) -> list[tuple[object, ...]]:
    """Run a statement in the server's own database."""
    url = embedded_url(folder, port, "postgres").replace("postgresql+psycopg:", "postgresql:")
    with psycopg.connect(url, autocommit=True) as connection:
        ran = connection.execute(statement.encode())
        return ran.fetchall() if ran.description else []


def test_what_was_committed_is_there_after_a_kill(folder: Path) -> None:
    with serving_postgres(folder) as port:
        query(folder, port, "CREATE TABLE kept AS SELECT generate_series(1, 100) AS n")
        lock_file = folder / "postgresql" / "postmaster.pid"
        os.kill(int(lock_file.read_text().splitlines()[0]), signal.SIGKILL)
    with serving_postgres(folder) as port:
        assert query(folder, port, "SELECT count(*) FROM kept") == [(100,)]


def test_another_server_on_the_same_files_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "_LAST_ONE_ENDS_WITHIN_S", 0)
    with serving_postgres(folder) as port, pytest.raises(StoreUnavailable, match="already runs"):
        EmbeddedPostgres(folder, port).prepare()


@pytest.mark.extended
class TestFiles:
    def test_a_lock_file_of_a_process_that_is_another_s_by_now(self, folder: Path) -> None:
        lock_file = folder / "postgresql" / "postmaster.pid"
        lock_file.write_text(f"{os.getpid()}\n")
        EmbeddedPostgres(folder, 1).prepare()
        assert not lock_file.exists()

    def test_they_stay_as_they_are(self, folder: Path) -> None:
        password = password_file(folder).read_text()
        EmbeddedPostgres(folder, 1).prepare()
        assert password_file(folder).read_text() == password
        assert password_file(folder).stat().st_mode & 0o077 == 0

    def test_those_of_another_major_version_are_refused(self, folder: Path) -> None:
        version = folder / "postgresql" / "PG_VERSION"
        ours = version.read_text()
        version.write_text("15\n")
        with pytest.raises(ConfigurationError, match="runbook"):
            EmbeddedPostgres(folder, 1).prepare()
        version.write_text(ours)

    def test_half_of_them_are_made_anew(self, folder: Path) -> None:
        whole = folder / "postgresql"
        whole.rename(folder / "postgresql.new")
        (folder / "postgresql.new" / "PG_VERSION").unlink()
        EmbeddedPostgres(folder, 1).prepare()
        assert (whole / "PG_VERSION").exists()
        assert not (folder / "postgresql.new").exists()


def test_its_log_quotes_no_row(folder: Path) -> None:
    with serving_postgres(folder) as port:
        query(folder, port, "CREATE TABLE phones (phone text UNIQUE)")
        with pytest.raises(psycopg.errors.UniqueViolation):
            query(folder, port, "INSERT INTO phones VALUES ('+919876543210'), ('+919876543210')")
    log = (folder / "postgresql.log").read_text()
    assert "duplicate key" in log
    assert "9876543210" not in log
