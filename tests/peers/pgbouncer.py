"""PgBouncer before the PostgreSQL of the tests."""

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from commands.ports import free_ports
from tests.support.postgres import Postgres
from tests.support.programs import running

_CONNECTIONS = {"session": 40, "transaction": 4}
"""To the server. Few in transaction mode, so that clients share them."""

_CONFIGURATION = """
[databases]
* = host={socket} user=postgres

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
    """Run it. It refuses to be root, so as root it becomes the user that PostgreSQL runs as."""
    [port] = free_ports(1)
    socket = str(make_url(postgres.url("postgres")).query["host"])
    file = folder / "pgbouncer.ini"
    file.write_text(
        _CONFIGURATION.format(
            socket=socket, port=port, mode=mode, connections=_CONNECTIONS[mode]
        ).lstrip()
    )
    owner = pwd.getpwuid(Path(socket).stat().st_uid).pw_name
    as_owner = ["-u", owner] if os.geteuid() == 0 else []
    with running([program, *as_owner, str(file)], port, folder):
        yield Pooler(mode, port, postgres)
