"""The Redis stream of dead letters, as the mirror reads and writes it.

Every mirror takes its turn under WATCH: it reads and adds in one transaction, or adds nothing,
because another mirror has written meanwhile or the connection was lost. So several of them neither
double an entry nor change its place, and none has to hold a lease.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ResponseError

from contracts.delivery.dead_letter_stream import BEFORE_ALL, STREAM, StreamEntry, StreamId

_PATIENCE_S = 5.0
"""For a connection, and for each answer."""

_NO_STREAM_YET = "no such key"


class StreamTurn:
    """One turn at the stream. It can add once."""

    def __init__(self, pipe: Any, length: int) -> None:
        self._pipe = pipe  # its own types leave open whether it gives bytes
        self._length = length

    async def last_id(self) -> StreamId:
        """The last id that the stream has given, whether or not the entry is still in it."""
        try:
            info = await self._pipe.xinfo_stream(STREAM)
        except ResponseError as error:
            if _NO_STREAM_YET not in str(error):
                raise
            return BEFORE_ALL
        return StreamId.parse(info["last-generated-id"])

    async def latest(self, count: int) -> Mapping[str, StreamId]:
        """Where the latest entries are, by the ids of their moves."""
        entries = await self._pipe.xrevrange(STREAM, count=count)
        return {
            fields["change_id"]: StreamId.parse(place)
            for place, fields in entries
            if "change_id" in fields
        }

    async def add(self, entries: Sequence[StreamEntry]) -> list[StreamId]:
        """Add entries, all or none; gives where they are. WatchError: it was no longer our turn."""
        self._pipe.multi()
        for entry in entries:
            self._pipe.xadd(STREAM, entry.fields(), maxlen=self._length, approximate=True)
        return [StreamId.parse(place) for place in await self._pipe.execute()]


class DeadLetterStream:
    """The stream on one Redis; connects when it is used. Every call may raise a RedisError.

    Nothing is tried again here, least of all on a new connection behind a turn's back. The stream
    is cut to about `length` entries.
    """

    def __init__(self, url: str, length: int) -> None:
        self._length = length
        self._redis = Redis.from_url(
            url,
            decode_responses=True,
            socket_connect_timeout=_PATIENCE_S,
            socket_timeout=_PATIENCE_S,
            retry=Retry(NoBackoff(), 0),
        )

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[StreamTurn]:
        """A turn, for as long as the context lasts. One that is broken off costs its connection:
        asking for UNWATCH might hang as well, and would hide what was wrong."""
        pipe = self._redis.pipeline(transaction=True)
        try:
            await pipe.watch(STREAM)
            yield StreamTurn(pipe, self._length)
        except BaseException:
            if pipe.connection is not None:
                await pipe.connection.disconnect(nowait=True)
            pipe.watching = False
            raise
        finally:
            await pipe.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._redis.aclose()
