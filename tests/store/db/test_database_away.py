"""A database that goes and returns: the log says each once, whoever asks meanwhile."""

import asyncio
import logging
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import text
from sqlmodel import Session

from commands.ports import free_ports
from contracts.errors import StoreUnavailable
from store.db.database import Database
from store.db.embedded import EmbeddedPostgres, embedded_url
from store.events.outbox_listener import OutboxListener
from tests.support.encryption import KEYRING
from tests.support.logs import said_by
from tests.support.waiting import eventually, until


class Server:
    """A PostgreSQL that is stopped and started."""

    def __init__(self, folder: Path) -> None:
        [port] = free_ports(1)
        self.url = embedded_url(folder, port, "postgres")
        self._embedded = EmbeddedPostgres(folder, port, {"fsync": "off"})
        self._embedded.prepare()
        self._log = folder / "postgresql.log"

    @contextmanager
    def serving(self) -> Iterator[None]:
        """It serves for as long as the context lasts."""
        with self._log.open("ab") as log:
            process = subprocess.Popen(self._embedded.command, stdout=log, stderr=log)
        try:
            until(self._embedded.serves, timeout=60)
            yield
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


@pytest.fixture
def server() -> Iterator[Server]:
    """It is stopped."""
    with TemporaryDirectory() as folder:
        yield Server(Path(folder))


async def asked(database: Database) -> list[bool]:
    """Whether each of many that ask at once is answered."""

    async def ask() -> bool:
        try:
            await database.ping()
        except StoreUnavailable as error:
            return not error.is_logged
        return True

    return await asyncio.gather(*(ask() for _ in range(10)))


async def test_it_is_said_once_that_it_goes_and_once_that_it_returns(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "store.db.database")
    database = Database(server.url, KEYRING)
    with server.serving():
        assert all(await asked(database))
    for _ in range(3):
        assert not any(await asked(database))
    with server.serving():

        async def lines() -> int:
            await asked(database)
            return len(said_by("store.db.database", caplog))

        await eventually(lines, lambda count: count == 2)
        database.close()
    assert said_by("store.db.database", caplog)[0].startswith(
        "the database is away: the database did not take the call"
    )
    assert said_by("store.db.database", caplog)[1] == "the database answers again"


async def test_a_statement_that_takes_too_long_is_no_database_that_is_away(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    def slow(session: Session) -> None:
        session.connection().execute(text("SET LOCAL statement_timeout = 1"))
        session.connection().execute(text("SELECT pg_sleep(1)"))

    with pytest.raises(StoreUnavailable) as caught:
        await database.write(slow)
    assert not caught.value.is_logged
    assert said_by("store.db.database", caplog) == []


async def test_the_outbox_s_listener_says_each_once(
    server: Server, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.events.outbox_listener.POLL_EVERY_S", 0.02)
    caplog.set_level(logging.INFO, "store.events.outbox_listener")
    listener = OutboxListener(server.url, poll_every_s=0.02)
    with server.serving():
        await listener.wait()
    for _ in range(5):
        await listener.wait()
    with server.serving():

        async def lines() -> int:
            await listener.wait()
            return len(said_by("store.events.outbox_listener", caplog))

        await eventually(lines, lambda count: count == 2)
        await listener.close()
    assert "polling instead" in said_by("store.events.outbox_listener", caplog)[0]
    assert (
        said_by("store.events.outbox_listener", caplog)[1]
        == "outbox listener has a connection again"
    )
