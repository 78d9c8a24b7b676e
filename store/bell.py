"""The bell of the outbox: a commit that adds an event wakes the dispatchers.

PostgreSQL rings with NOTIFY, which is sent by the commit itself. SQLite has no such thing; there
the outbox is looked at many times a second, which costs an index look-up each.
"""

import asyncio
import logging
from typing import Protocol

import psycopg
from sqlalchemy import make_url, text
from sqlmodel import Session

log = logging.getLogger(__name__)

_CHANNEL = "doorstep_outbox"
_POLL_S = 0.02
_LOOK_ANYWAY_S = 1.0


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


class PollingBell:
    """For SQLite: it is always worth a look, a few times a second."""

    async def wait(self) -> None:
        """Wait a few milliseconds."""
        await asyncio.sleep(_POLL_S)

    async def close(self) -> None:
        """Nothing to stop."""


class ListeningBell:
    """For PostgreSQL: LISTEN on a connection of its own, opened again when it is lost."""

    def __init__(self, url: str) -> None:
        self._conninfo = (
            make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        )
        self._connection: psycopg.AsyncConnection[tuple[object, ...]] | None = None

    async def wait(self) -> None:
        """Wait for a NOTIFY, or one second: leases run out without a sound."""
        try:
            connection = await self._listening()
            async for _ in connection.notifies(timeout=_LOOK_ANYWAY_S, stop_after=1):
                return
        except (psycopg.Error, OSError) as error:
            log.warning("the outbox bell is out of order: %s", type(error).__name__)
            await self.close()
            await asyncio.sleep(_LOOK_ANYWAY_S)

    async def close(self) -> None:
        """Close the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _listening(self) -> "psycopg.AsyncConnection[tuple[object, ...]]":
        if self._connection is None:
            self._connection = await psycopg.AsyncConnection.connect(
                self._conninfo, autocommit=True, connect_timeout=5
            )
            await self._connection.execute(f"LISTEN {_CHANNEL}")
        return self._connection


def bell_for(url: str) -> Bell:
    """The bell of a database."""
    return ListeningBell(url) if make_url(url).get_backend_name() == "postgresql" else PollingBell()
