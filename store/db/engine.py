"""Connections to PostgreSQL, and what is set in them.

- READ COMMITTED. Statements end after 10 s and waits for a row after 5 s, so that a stuck lock
  becomes an error that says so.
- A pooler such as PgBouncer may give each transaction another connection. It is recognised: the
  process that PostgreSQL names is not the one that it introduced itself as. Behind one the limits
  are set in each transaction, and no statement is prepared on the server. Else they are set once,
  and what is run again and again is prepared: planning the statements of an event's path costs the
  server more than running them (docs/decisions/0029, 0036).
- A connection whose server went away is noticed before use, by its socket: a restarted server costs
  no request, and looking costs no round trip.
"""

import select

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

LOCK_PATIENCE_S = 5
_STATEMENT_LIMIT_S = 10
_IN_SESSION = (
    f"SET statement_timeout = '{_STATEMENT_LIMIT_S}s'; SET lock_timeout = '{LOCK_PATIENCE_S}s'"
)
_IN_TRANSACTION = _IN_SESSION.replace("SET ", "SET LOCAL ")
_PREPARED_AFTER = 5
"""Uses, in one connection."""

_POOLED = "doorstep_pooled"


def create_database_engine(url: str, connections: int = 1) -> Engine:
    """An engine with the connections described above; parameters never show in errors."""
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=LOCK_PATIENCE_S,
        isolation_level="READ COMMITTED",
        connect_args={"connect_timeout": 5, "prepare_threshold": None},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "checkout", _require_alive)
    event.listen(engine, "begin", _limit)
    return engine


def _prepare(connection: psycopg.Connection, entry: ConnectionPoolEntry) -> None:
    [pid] = connection.execute("SELECT pg_backend_pid()").fetchone() or [None]
    entry.info[_POOLED] = pid != connection.info.backend_pid
    if not entry.info[_POOLED]:
        connection.execute(_IN_SESSION.encode())
        connection.prepare_threshold = _PREPARED_AFTER
    connection.commit()


def _require_alive(
    connection: psycopg.Connection, _entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    """Nothing is to be read on an idle connection, but that its server has gone."""
    socket = select.poll()
    socket.register(connection.fileno(), select.POLLIN)
    if socket.poll(0):
        raise DisconnectionError("the server closed this connection")


def _limit(connection: Connection) -> None:
    if connection.info[_POOLED]:
        connection.exec_driver_sql(_IN_TRANSACTION)
