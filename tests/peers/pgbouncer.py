"""PgBouncer before the PostgreSQL of the tests."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from commands.ports import free_ports
from tests.support.postgres import Postgres
from tests.support.programs import running

_CONNECTIONS = {"session": 40, "transaction": 4}
"""To the server. Few in transaction mode, so that clients share them."""

_CONFIGURATION = """
[databases]
* = host=127.0.0.1 port={server_port} user=postgres password={password}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = {connections}
"""


@dataclass(frozen=True)
class Pooler:
    """Where PgBouncer listens, and how it gives out connections."""

    mode: str
    port: int
    postgres: Postgres

    def url(self, database: str) -> str:
        """A database of the server, through the pooler."""
        return f"postgresql+psycopg://postgres:hunter2@127.0.0.1:{self.port}/{database}"


@contextmanager
def pgbouncer(program: str, postgres: Postgres, folder: Path, mode: str) -> Iterator[Pooler]:
    """Run it. It refuses to be root, so as root it becomes another user."""
    [port] = free_ports(1)
    file = folder / "pgbouncer.ini"
    file.write_text(
        _CONFIGURATION.format(
            server_port=postgres.port,
            password=postgres.password,
            port=port,
            mode=mode,
            connections=_CONNECTIONS[mode],
        ).lstrip()
    )
    as_another = ["-u", "nobody"] if os.geteuid() == 0 else []
    with running([program, *as_another, str(file)], port, folder):
        yield Pooler(mode, port, postgres)
