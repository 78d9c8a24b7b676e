"""A real PostgreSQL, the product's own embedded one, and databases on it."""

import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg.errors import DeadlockDetected
from sqlalchemy import Table
from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel

from commands.ports import free_ports
from store.db.database import Database
from store.db.embedded import EmbeddedPostgres, embedded_url, password_file
from store.db.migrate import migrate
from store.encryption.sealing import INDEX_KEY_NAME, LINK_KEY_NAME
from store.tables import SealedKeyRow
from tests.support.encryption import KEYRING

TEMPLATE = "migrated"
Rows = Sequence[tuple[Table, Sequence[Mapping[str, Any]]]]
NOWHERE = "postgresql+psycopg://someone@127.0.0.1:1/doorstep"
"""A database that is away: nobody listens on this port."""

_numbers = count(1)
_STARTS_WITHIN_S = 60.0
_UNCHECKED = "SET LOCAL session_replication_role = replica"
"""Foreign keys are not looked at: the order of the tables does not matter."""

_OWN_KEYS = (INDEX_KEY_NAME, LINK_KEY_NAME)
_FAST = {"fsync": "off", "full_page_writes": "off", "max_connections": "200"}


class Postgres:
    """A running server."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self._port = port

    @property
    def port(self) -> int:
        """Where it listens, on loopback."""
        return self._port

    @property
    def password(self) -> str:
        """Of the only role, `postgres`."""
        return password_file(self._folder).read_text().strip().rpartition(":")[2]

    def url(self, name: str) -> str:
        """The SQLAlchemy URL of a database."""
        return embedded_url(self._folder, self._port, name)

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run a statement outside of any transaction, such as CREATE DATABASE."""
        conninfo = self.url(database).replace("postgresql+psycopg:", "postgresql:")
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute(statement.encode())

    def fresh(self, template: str = "template1") -> str:
        """A new copy of a template database; gives its name."""
        name = f"fresh_{next(_numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def running_postgres(folder: Path) -> Iterator[Postgres]:
    """Start a server in a folder, with a migrated database to copy from; stop it afterwards."""
    with serving_postgres(folder, _FAST) as port:
        server = Postgres(folder, port)
        server.execute(f"CREATE DATABASE {TEMPLATE}")
        migrate(server.url(TEMPLATE), KEYRING)
        yield server


@contextmanager
def serving_postgres(folder: Path, options: Mapping[str, str] | None = None) -> Iterator[int]:
    """Start the embedded server of a data folder, stop it afterwards; gives its port."""
    [port] = free_ports(1)
    embedded = EmbeddedPostgres(folder, port, options)
    embedded.prepare()
    with (folder / "postgresql.log").open("wb") as log:
        process = subprocess.Popen(embedded.command, stdout=log, stderr=log)
    try:
        _wait_until_it_serves(embedded, process)
        yield port
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def empty(database: Database) -> None:
    """Delete every row but the database's own keys. A thread whose task was cancelled may
    still have locks: whom PostgreSQL ends in that deadlock tries once more."""
    deletes = [f"DELETE FROM {table.name}" for table in _tables()]
    keys = f"DELETE FROM {SealedKeyRow.__tablename__} WHERE name NOT IN {_OWN_KEYS}"
    statement = "; ".join([_UNCHECKED, *deletes, keys])
    try:
        _execute(database, statement)
    except OperationalError as error:
        if not isinstance(error.orig, DeadlockDetected):
            raise
        _execute(database, statement)  # what a cancelled task was at has ended by now


def _execute(database: Database, statement: str) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def sealed_with(database: Database) -> Sequence[Any]:
    """Which encryption key the database's own keys are sealed with, each of them."""
    query = (
        f"SELECT name, split_part(sealed, ':', 2) FROM {SealedKeyRow.__tablename__} "
        f"WHERE name IN {_OWN_KEYS} ORDER BY name"
    )
    with database.engine.connect() as connection:
        return connection.exec_driver_sql(query).all()


def all_rows(database: Database) -> Rows:
    """Every row but the database's own keys, to be put back with `restore`."""
    with database.engine.connect() as connection:
        return [
            (table, [dict(row) for row in connection.execute(table.select()).mappings()])
            for table in _tables()
        ]


def restore(database: Database, rows: Rows) -> None:
    """Put rows into an empty database; a twentieth of what a copy of the database costs."""
    with database.engine.begin() as connection:
        connection.exec_driver_sql(_UNCHECKED)
        for table, values in rows:
            if values:
                connection.execute(table.insert(), values)


def _tables() -> list[Table]:
    tables = SQLModel.metadata.tables
    return [one for name, one in tables.items() if name != SealedKeyRow.__tablename__]


def _wait_until_it_serves(embedded: EmbeddedPostgres, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _STARTS_WITHIN_S
    while not embedded.serves():
        assert process.poll() is None, "PostgreSQL ended at its start"
        assert time.monotonic() < until, "PostgreSQL does not answer"
        time.sleep(0.02)
