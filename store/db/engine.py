"""Connections to PostgreSQL, and what is set in them.

- READ COMMITTED. Statements end after a time, 10 s where nothing else is said, and waits for a row
  after 5 s, so that a stuck lock becomes an error that says so.
- A pooler such as PgBouncer may give each transaction another connection. It is recognised: the
  process that PostgreSQL names is not the one that it introduced itself as. Behind one the settings
  are made in each transaction, and no statement is prepared on the server. Else they are made once,
  and what is run again and again is prepared: planning the statements of an event's path costs the
  server more than running them (docs/decisions/0029, 0036).
- Who changes rows finds them by an index. Statements over many ids are planned before the tables
  have any statistics, or for a hundred ids where two come: then whole tables are read, at each
  event, as long as they are small. Reading is left to the planner; nothing is compiled for it.
- A connection whose server went away is noticed before use, by its socket: a restarted server costs
  no request, and looking costs no round trip.
"""

import select
from collections.abc import Mapping

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

LOCK_PATIENCE_S = 5
STATEMENT_LIMIT_S = 10
_PREPARED_AFTER = 5
"""Uses, in one connection."""

_POOLED = "doorstep_pooled"


def create_database_engine(
    url: str,
    connections: int = 1,
    statement_limit_s: int = STATEMENT_LIMIT_S,
    lock_limit_s: int = LOCK_PATIENCE_S,
    by_index: bool = False,
) -> Engine:
    """An engine with the connections described above; parameters never show in errors. A limit of
    0 is none; `by_index` is for connections that read no table from end to end."""
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=LOCK_PATIENCE_S,
        isolation_level="READ COMMITTED",
        connect_args={"connect_timeout": 5, "prepare_threshold": None},
    )
    rules = {
        "statement_timeout": f"'{statement_limit_s}s'",
        "lock_timeout": f"'{lock_limit_s}s'",
        "jit": "off",
    }
    kept = _Rules(rules | {"enable_seqscan": "off"} if by_index else rules)
    event.listen(engine, "connect", kept.prepare)
    event.listen(engine, "begin", kept.begin)
    event.listen(engine, "checkout", _require_alive)
    return engine


class _Rules:
    """Settings of an engine's connections, or of their transactions behind a pooler."""

    def __init__(self, rules: Mapping[str, str]) -> None:
        self._in_session = "; ".join(f"SET {name} = {value}" for name, value in rules.items())
        self._in_transaction = self._in_session.replace("SET ", "SET LOCAL ")

    def prepare(self, connection: psycopg.Connection, entry: ConnectionPoolEntry) -> None:
        """As SQLAlchemy calls it, for each new connection."""
        [pid] = connection.execute("SELECT pg_backend_pid()").fetchone() or [None]
        entry.info[_POOLED] = pid != connection.info.backend_pid
        if not entry.info[_POOLED]:
            connection.execute(self._in_session.encode())
            connection.prepare_threshold = _PREPARED_AFTER
        connection.commit()

    def begin(self, connection: Connection) -> None:
        """As SQLAlchemy calls it, for each transaction."""
        if connection.info[_POOLED]:
            connection.exec_driver_sql(self._in_transaction)


def _require_alive(
    connection: psycopg.Connection, _entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    """Nothing is to be read on an idle connection, but that its server has gone."""
    socket = select.poll()
    socket.register(connection.fileno(), select.POLLIN)
    if socket.poll(0):
        raise DisconnectionError("the server closed this connection")
