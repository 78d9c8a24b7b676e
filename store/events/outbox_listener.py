"""Wakes the dispatchers when a commit adds an event: PostgreSQL's NOTIFY, sent by the commit."""

import asyncio
import logging

import psycopg

from contracts.outages import Outage
from store.db.listen import Connection, listen_on

log = logging.getLogger(__name__)

CHANNEL = "doorstep_outbox"
"""On which the commit that puts an event into the outbox notifies."""

POLL_EVERY_S = 1.0
"""The longest that a dispatcher waits: an expired lease sends no notification."""

_LISTEN_AGAIN_S = 600.0
"""Between two tests whether notifications arrive after all: the pooler may have been corrected."""

_POLLING = (
    "notifications of PostgreSQL do not arrive, polling the outbox every %g s instead: is there a "
    "pooler in transaction mode? Give the worker PostgreSQL's own address, or session mode"
)


class OutboxListener:
    """LISTEN on a connection of its own, opened again when it is lost. Where no notification
    arrives, the outbox is polled every POLL_EVERY_S."""

    def __init__(self, url: str, poll_every_s: float = POLL_EVERY_S) -> None:
        self._url = url
        self._poll_every_s = poll_every_s
        self._connection: Connection | None = None
        self._outage = Outage()
        self._polling = False
        self._listen_at = 0.0

    async def wait(self) -> None:
        """Return when an event was added, or after `poll_every_s` at the latest. Also once it
        listens: of what was added before, no notification came."""
        try:
            before, connection = self._connection, await self._listening()
            if connection is None:
                await asyncio.sleep(POLL_EVERY_S)
                return
            if connection is not before:
                return
            async for _ in connection.notifies(timeout=self._poll_every_s, stop_after=1):
                return
        except (psycopg.Error, OSError) as error:
            if self._outage.begins():
                log.warning("outbox listener failed, polling instead: %s", type(error).__name__)
            await self.close()
            await asyncio.sleep(POLL_EVERY_S)

    async def close(self) -> None:
        """Close the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _listening(self) -> Connection | None:
        clock = asyncio.get_running_loop().time
        if self._connection is None and clock() >= self._listen_at:
            self._connection = await listen_on(self._url, CHANNEL)
            self._log_change(polling=self._connection is None)
            if self._outage.ends():
                log.info("outbox listener has a connection again")
            self._listen_at = clock() + _LISTEN_AGAIN_S if self._polling else 0.0
        return self._connection

    def _log_change(self, *, polling: bool) -> None:
        if polling and not self._polling:
            log.warning(_POLLING, POLL_EVERY_S)
        elif self._polling and not polling:
            log.info("notifications of PostgreSQL arrive again; polling ends")
        self._polling = polling
