"""The bell of the outbox: a commit that adds an event wakes the dispatchers.

PostgreSQL rings with NOTIFY, which is sent by the commit itself. SQLite keeps a number that changes
with every commit of another connection (PRAGMA data_version); reading it costs a few microseconds,
so it is read many times a second. Most commits add no event: whether one waits is asked on the same
connection, at a hundredth of what it costs a dispatcher to look in vain.
"""

import asyncio
import logging
import sqlite3
from typing import Protocol

import psycopg
from sqlalchemy import make_url, text
from sqlalchemy.dialects import sqlite
from sqlmodel import Session, col, select

from contracts.states import EventState
from store.notifications import Connection, listen_on
from store.tables import EventRow

log = logging.getLogger(__name__)

_CHANNEL = "doorstep_outbox"
_READ_EVERY_S = 0.01
LOOK_ANYWAY_S = 1.0
"""How long a dispatcher sleeps at most: leases run out without a sound."""

_LISTEN_AGAIN_S = 600.0
"""Between two tests whether notifications arrive after all: somebody may have mended the pooler."""

_POLLING = (
    "notifications of PostgreSQL do not arrive, polling the outbox every %g s instead: is there a "
    "pooler in transaction mode? Give the worker PostgreSQL's own address, or session mode"
)

_ONE_WAITS = str(
    select(EventRow.event_id)
    .where(
        col(EventRow.started_at).is_(None),
        col(EventRow.state) == EventState.ACCEPTED,
        col(EventRow.lease_until).is_(None),
    )
    .limit(1)
    .compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
)


def ring(session: Session) -> None:
    """Wake the dispatchers when this transaction commits."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"NOTIFY {_CHANNEL}"))


class Bell(Protocol):
    """Something to wait on until the outbox is worth a look."""

    async def wait(self) -> None:
        """Return when an event was added, or after a short while anyway."""
        ...

    async def close(self) -> None:
        """Stop listening."""
        ...


class VersionBell:
    """For SQLite: reads the number of the last commit on a connection of its own, and looks for an
    event when it has changed."""

    def __init__(self, url: str, look_anyway_s: float) -> None:
        self._look_anyway_s = look_anyway_s
        self._file = make_url(url).database or ""
        self._connection: sqlite3.Connection | None = None
        self._seen = -1

    async def wait(self) -> None:
        """Wait for a commit after which an event waits, or a little while."""
        clock = asyncio.get_running_loop().time
        look_anyway_at = clock() + self._look_anyway_s
        while clock() < look_anyway_at:
            await asyncio.sleep(_READ_EVERY_S)
            if self._rings():
                return

    async def close(self) -> None:
        """Close the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _rings(self) -> bool:
        """Whether somebody else has committed and an event waits; False, too, when the file cannot
        be read now: the commit is then still to be seen."""
        try:
            if self._connection is None:
                self._connection = sqlite3.connect(self._file, timeout=0, isolation_level=None)
            version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
            if version == self._seen:
                return False
            waits = self._connection.execute(_ONE_WAITS).fetchone() is not None
        except sqlite3.Error as error:
            log.warning("the outbox bell is out of order: %s", type(error).__name__)
            return False
        self._seen = version
        return waits


class ListeningBell:
    """For PostgreSQL: LISTEN on a connection of its own, opened again when it is lost. Where no
    notification arrives it is a clock: the outbox is then looked at every LOOK_ANYWAY_S."""

    def __init__(self, url: str, look_anyway_s: float) -> None:
        self._url = url
        self._look_anyway_s = look_anyway_s
        self._connection: Connection | None = None
        self._polling = False
        self._listen_at = 0.0

    async def wait(self) -> None:
        """Wait for a NOTIFY, or a little while."""
        try:
            connection = await self._listening()
            if connection is None:
                await asyncio.sleep(LOOK_ANYWAY_S)
                return
            async for _ in connection.notifies(timeout=self._look_anyway_s, stop_after=1):
                return
        except (psycopg.Error, OSError) as error:
            log.warning("the outbox bell is out of order: %s", type(error).__name__)
            await self.close()
            await asyncio.sleep(LOOK_ANYWAY_S)

    async def close(self) -> None:
        """Close the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _listening(self) -> Connection | None:
        clock = asyncio.get_running_loop().time
        if self._connection is None and clock() >= self._listen_at:
            self._connection = await listen_on(self._url, _CHANNEL)
            self._say_whether_it_polls(self._connection is None)
            self._listen_at = clock() + _LISTEN_AGAIN_S if self._polling else 0.0
        return self._connection

    def _say_whether_it_polls(self, polling: bool) -> None:
        """Once for each change."""
        if polling and not self._polling:
            log.warning(_POLLING, LOOK_ANYWAY_S)
        elif self._polling and not polling:
            log.info("notifications of PostgreSQL arrive again; polling ends")
        self._polling = polling


def bell_for(url: str, look_anyway_s: float = LOOK_ANYWAY_S) -> Bell:
    """The bell of a database; it rings after `look_anyway_s` even when nothing was committed."""
    postgresql = make_url(url).get_backend_name() == "postgresql"
    return (ListeningBell if postgresql else VersionBell)(url, look_anyway_s)
