"""Writes every entry and exit of the dead-letter queue to Redis as well.

Redis may be away for any length of time: the moves wait in the database, and nothing else does.
What Redis loses in a crash is noticed by the stream's last id, and written again.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

from redis.exceptions import RedisError, WatchError

from background.dead_letter_stream import DeadLetterStream
from contracts.clock import Clock
from contracts.delivery.dead_letter_stream import StreamId
from contracts.errors import StoreUnavailable
from contracts.outages import Outage
from store.db.database import Database
from store.dead_letters.stream_outbox import (
    WaitingChange,
    backlog,
    changes_to_add,
    mark_in_stream,
    take_back,
)

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(seconds=30)
"""Between two looks while Redis is away."""

_AT_ONCE = 200
_ALREADY_THERE = 2 * _AT_ONCE
"""How many of the latest entries are looked at for moves that a crash has left unmarked."""

LogBacklog = Callable[[int, float], None]


class DeadLetterMirror:
    """Mirrors moves in their order, until it is told to stop. Several workers may run one each.

    `tell` hears how many moves wait and for how many seconds the oldest does.
    """

    def __init__(
        self, database: Database, stream: DeadLetterStream, clock: Clock, tell: LogBacklog
    ) -> None:
        self._database = database
        self._stream = stream
        self._clock = clock
        self._tell = tell
        self._pause = EVERY
        self._outage = Outage()
        self._store_outage = Outage()

    async def run(self, stop: asyncio.Event) -> None:
        """Look every two seconds. `stop` also breaks off a look that hangs at Redis."""
        looking = asyncio.create_task(self._look_on(stop))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait((looking, stopping), return_when=asyncio.FIRST_COMPLETED)
            if looking.done():
                looking.result()  # it ends by a mistake of ours only, which must not go unseen
        finally:
            looking.cancel()
            stopping.cancel()
            await asyncio.gather(looking, stopping, return_exceptions=True)
            await self._stream.aclose()

    async def look(self) -> int:
        """Mirror the next moves; gives how many. RedisError and StoreUnavailable: none of them."""
        async with self._stream.turn() as turn:
            changes = await self._next_changes(await turn.last_id())
            if not changes:
                return 0
            there = await turn.latest(_ALREADY_THERE)
            fresh = [one.entry for one in changes if one.entry.change_id not in there]
            added = await turn.add(fresh) if fresh else []
        places = {**there, **{e.change_id: id_ for e, id_ in zip(fresh, added, strict=True)}}
        await self._database.write(
            mark_in_stream, {one.number: places[one.entry.change_id] for one in changes}
        )
        return len(changes)

    async def _next_changes(self, last: StreamId) -> list[WaitingChange]:
        """What waits, once nothing that Redis has lost is thought to be in the stream."""
        while (changes := await self._database.read(changes_to_add, last, limit=_AT_ONCE)) is None:
            await self._take_back_what_is_lost(last)
        return changes

    async def _take_back_what_is_lost(self, last: StreamId) -> None:
        lost = 0
        while taken := await self._database.write(take_back, last, limit=_AT_ONCE):
            lost += taken
        log.warning("Redis has lost %d entries of the dead letters' stream: written again", lost)

    async def _look_on(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await self._look_while_there_is_more()
            await asyncio.sleep(self._pause.total_seconds())

    async def _look_while_there_is_more(self) -> None:
        try:
            await self._log_backlog()
            while await self.look() == _AT_ONCE:
                pass  # a full page
            await self._log_backlog()
        except WatchError:
            self._pause = EVERY  # another mirror was there, or the next look says what is wrong
        except (RedisError, OSError) as error:
            self._note_away(error)
        except StoreUnavailable as error:
            if not error.is_logged and self._store_outage.begins():
                log.warning("dead letters are mirrored later: %s", error)
            self._pause = EVERY
        else:
            self._note_there()

    async def _log_backlog(self) -> None:
        waiting = await self._database.read(backlog)
        since = waiting.oldest_at
        age = (self._clock() - since).total_seconds() if since else 0.0
        self._tell(waiting.changes, max(0.0, age))

    def _note_away(self, error: Exception) -> None:
        """Say so once; look ever more seldom."""
        if not self._outage.begins():
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
            return
        self._pause = EVERY
        log.warning("Redis does not take the dead letters, which wait: %s", _in_words(error))

    def _note_there(self) -> None:
        self._pause = EVERY
        if self._outage.ends():
            log.info("Redis takes the dead letters again")
        if self._store_outage.ends():
            log.info("dead letters are mirrored again")


def _in_words(error: Exception) -> str:
    first_line = next(iter(str(error).strip().splitlines()), "no details")
    return f"{type(error).__name__}: {first_line[:200]}"
