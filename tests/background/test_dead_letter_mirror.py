"""The mirror of dead letters, on a real Redis that is killed, frozen and started again."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from redis.exceptions import RedisError, ResponseError, WatchError
from redis.exceptions import TimeoutError as RedisTimeout

from background import dead_letter_mirror, dead_letter_stream
from background.dead_letter_mirror import LONGEST_PAUSE, DeadLetterMirror
from background.dead_letter_stream import DeadLetterStream
from background.stream_cleanup import StreamCleanup
from contracts.delivery.dead_letter_stream import BEFORE_ALL, STREAM, StreamEntry, StreamId
from contracts.errors import StoreUnavailable
from store.db.database import Database
from store.dead_letters.stream_outbox import take_back, waiting_changes
from store.tables import QueueChangeRow
from tests.support.dead_letter_shelf import DeadLetterShelf, ids_of
from tests.support.leaks import search_folder
from tests.support.mirrored import changes_in, changes_of, out_of_order
from tests.support.redis_server import KEEPS_ALL, KEEPS_NOTHING, RedisServer, running_redis
from tests.support.shelf import Shelf, after, an_event
from tests.support.waiting import eventually

pytestmark = pytest.mark.extended

LENGTH = 100_000


@pytest.fixture
async def redis(tmp_path: Path) -> AsyncIterator[RedisServer]:
    """A Redis that keeps whatever it has acknowledged."""
    async with running_redis(tmp_path / "redis") as server:
        yield server


@pytest.fixture
async def queue(database: Database) -> DeadLetterShelf:
    """The two partners of a queue; nothing is dead yet."""
    return await DeadLetterShelf.open(Shelf(database))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mirrors that look often, and soon take Redis for gone."""
    monkeypatch.setattr(dead_letter_mirror, "EVERY", timedelta(milliseconds=20))
    monkeypatch.setattr(dead_letter_mirror, "LONGEST_PAUSE", timedelta(milliseconds=100))
    monkeypatch.setattr(dead_letter_stream, "_PATIENCE_S", 0.5)


@asynccontextmanager
async def a_mirror(
    database: Database, server: RedisServer, length: int = LENGTH
) -> AsyncIterator[DeadLetterMirror]:
    """A mirror that looks when it is told to."""
    stream = DeadLetterStream(server.url, length)
    try:
        yield DeadLetterMirror(database, stream, lambda: after(99), lambda *_: None)
    finally:
        await stream.aclose()


@asynccontextmanager
async def running_mirrors(
    database: Database, server: RedisServer, count: int = 1
) -> AsyncIterator[list[tuple[int, float]]]:
    """Mirrors as in so many workers; gives what they tell of the backlog."""
    stop, told = asyncio.Event(), list[tuple[int, float]]()
    mirrors = [
        DeadLetterMirror(
            database,
            DeadLetterStream(server.url, LENGTH),
            lambda: after(99),
            lambda changes, age: told.append((changes, age)),
        )
        for _ in range(count)
    ]
    running = [asyncio.create_task(one.run(stop)) for one in mirrors]
    try:
        yield told
    finally:
        stop.set()
        await asyncio.gather(*running)


async def is_complete(database: Database, server: RedisServer) -> bool:
    return changes_in(await server.entries()) == await changes_of(database)


async def has_more(server: RedisServer, count: int) -> None:
    await eventually(server.entries, lambda entries: len(entries) > count)


async def nothing_waits(database: Database) -> bool:
    return not await database.read(waiting_changes, limit=1)


async def add_some(queue: DeadLetterShelf, count: int) -> None:
    """So many dead letters, of which every third is discarded again."""
    for _ in range(count):
        await queue.add()
        if len(queue.dead_letters) % 3 == 0:
            await queue.discard(queue.dead_letters[-2].id)


def ids_in(entries: list[Mapping[str, str]]) -> list[str]:
    return [one["change_id"] for one in entries]


class TestWhatIsMirrored:
    async def test_every_move_once_in_its_order(
        self, database: Database, queue: DeadLetterShelf, redis: RedisServer
    ) -> None:
        await add_some(queue, 6)
        expected = [one.entry.fields() for one in await database.read(waiting_changes, limit=99)]
        async with a_mirror(database, redis) as mirror:
            assert await mirror.look() == 8
            assert await mirror.look() == 0
            await queue.add("south")
            assert await mirror.look() == 1
        *first, last = await redis.entries()
        assert first == expected
        assert last["change_id"] == f"{queue.dead_letters[-1].id}/entered"
        assert (last["schema"], last["channel"], last["endpoint_id"]) == ("1", "sms", "")
        assert out_of_order([*first, last]) == []

    async def test_more_than_fit_into_one_turn(
        self,
        database: Database,
        queue: DeadLetterShelf,
        redis: RedisServer,
        impatient: None,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(dead_letter_mirror, "_AT_ONCE", 3)
        await add_some(queue, 9)
        async with running_mirrors(database, redis) as told:
            await eventually(lambda: is_complete(database, redis))
            await eventually(lambda: asyncio.sleep(0, told[-1]), (0, 0.0).__eq__)
        assert told[0] == (12, 99.0)
        assert len(await redis.entries()) == 12

    async def test_nothing_of_a_customer_reaches_redis(
        self, database: Database, redis: RedisServer
    ) -> None:
        event = an_event("out_for_delivery")
        shelf = Shelf(database)
        webhook = await shelf.webhook(event)
        await webhook.attempt(503)
        queue = DeadLetterShelf(shelf)
        dead_letter = await queue.add("shop", "out_for_delivery")
        await queue.discard(dead_letter.id)
        async with a_mirror(database, redis) as mirror:
            assert await mirror.look() == 2
        customer, otp = event.data.order.customer, event.data.otp
        assert customer is not None
        assert otp is not None
        secrets = [customer.name, customer.phone, otp.code, "asha", "asked by the shop"]
        found = search_folder(redis.folder, [one for one in secrets if one], [])
        assert len(found.files) > 1
        assert found.leaks == ()

    async def test_the_stream_is_cut_to_its_length(self, redis: RedisServer) -> None:
        entry = StreamEntry(*("x" for _ in range(15)))
        stream = DeadLetterStream(redis.url, 1000)
        async with stream.turn() as turn:
            places = await turn.add([entry] * 2000)
        async with stream.turn() as turn:
            assert await turn.last_id() == places[-1]
        await stream.aclose()
        assert 1000 <= len(await redis.entries()) < 1200


class TestARedisThatGoesAway:
    @pytest.mark.parametrize("options", [KEEPS_ALL, KEEPS_NOTHING], ids=["keeps", "forgets"])
    async def test_killed_and_started_again_while_letters_come(
        self,
        database: Database,
        queue: DeadLetterShelf,
        tmp_path: Path,
        impatient: None,
        options: tuple[str, ...],
    ) -> None:
        async with (
            running_redis(tmp_path / "redis", options) as redis,
            running_mirrors(database, redis, 2),
        ):
            for _ in range(3):
                coming = asyncio.create_task(add_some(queue, 9))
                await has_more(redis, len(await redis.entries()) + 3)
                redis.kill()
                await coming
                await add_some(queue, 3)
                assert not await nothing_waits(database)
                await redis.start()
                await add_some(queue, 3)
            await eventually(lambda: is_complete(database, redis))
            entries = await redis.entries()
        assert len(changes_of_dead_letters := await changes_of(database)) > 55
        assert len(entries) == len(changes_of_dead_letters), "none of them twice"
        assert out_of_order(entries) == []

    async def test_one_that_answers_nothing_holds_nothing_up(
        self, database: Database, queue: DeadLetterShelf, redis: RedisServer, impatient: None
    ) -> None:
        async with running_mirrors(database, redis) as told:
            redis.freeze()
            await add_some(queue, 3)
            await eventually(lambda: asyncio.sleep(0, told[-1][0]), (4).__eq__)
        assert len(await changes_of(database)) == 4, "and the mirror has ended all the same"

    async def test_it_is_said_once_and_looked_for_ever_more_seldom(
        self,
        database: Database,
        redis: RedisServer,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        pauses = []
        async with a_mirror(database, redis) as mirror:
            redis.kill()
            with caplog.at_level(logging.INFO):
                for _ in range(6):
                    await mirror._look_while_there_is_more()
                    pauses.append(mirror._pause.total_seconds())
                assert pauses == [2, 4, 8, 16, 30, LONGEST_PAUSE.total_seconds()]
                await redis.start()
                await mirror._look_while_there_is_more()
            assert mirror._pause == dead_letter_mirror.EVERY
        [away, there] = [one.getMessage() for one in caplog.records]
        assert away.startswith("Redis does not take the dead letters, which wait: ConnectionError")
        assert "\n" not in away
        assert there == "Redis takes the dead letters again"

    async def test_a_look_says_what_is_wrong(
        self, database: Database, queue: DeadLetterShelf, redis: RedisServer, impatient: None
    ) -> None:
        async with redis.client() as client:
            await client.set(STREAM, "taken by somebody else")
        async with a_mirror(database, redis) as mirror:
            with pytest.raises(ResponseError, match="WRONGTYPE"):
                await mirror.look()
            redis.freeze()
            with pytest.raises(RedisTimeout):
                await mirror.look()


class TestWhatRedisLoses:
    async def test_it_is_written_again_from_the_last_entry_on(
        self, database: Database, queue: DeadLetterShelf, tmp_path: Path
    ) -> None:
        await add_some(queue, 6)
        async with running_redis(tmp_path / "redis", KEEPS_NOTHING) as redis:
            async with a_mirror(database, redis) as mirror:
                assert await mirror.look() == 8
                before = ids_in(await redis.entries())
                redis.kill()
                await redis.start()
                with pytest.raises(RedisError):
                    await mirror.look()  # the old connection
                assert await mirror.look() == 8
            assert ids_in(await redis.entries()) == before

    async def test_entries_that_consumers_delete_are_not_lost(
        self, database: Database, queue: DeadLetterShelf, redis: RedisServer
    ) -> None:
        await add_some(queue, 3)
        async with a_mirror(database, redis) as mirror, redis.client() as client:
            await mirror.look()
            assert await client.xtrim(STREAM, maxlen=0) == 4
            assert await mirror.look() == 0
        assert await redis.entries() == []


class TestCrashesAndNeighbours:
    async def test_what_another_takes_back_meanwhile_keeps_its_order(
        self,
        database: Database,
        queue: DeadLetterShelf,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        dead_letter = await queue.add()
        async with running_redis(tmp_path / "redis", KEEPS_NOTHING) as redis:
            async with a_mirror(database, redis) as mirror:
                await mirror.look()
            redis.kill()
            await redis.start()
            await queue.discard(dead_letter.id)
            read = database.read

            async def overtaken(*asked: Any, **how: Any) -> Any:
                found = await read(*asked, **how)
                await database.write(take_back, BEFORE_ALL, limit=9)
                return found

            async with a_mirror(database, redis) as mirror:
                monkeypatch.setattr(database, "read", overtaken)
                await mirror.look()
                monkeypatch.undo()
                await mirror.look()
            entries = await redis.entries()
        assert [one["change"] for one in entries] == ["entered", "left"]

    async def test_a_crash_before_the_database_knows_doubles_nothing(
        self,
        database: Database,
        queue: DeadLetterShelf,
        redis: RedisServer,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        await add_some(queue, 3)

        def crash(*_: Any) -> None:
            raise StoreUnavailable("killed here")

        async with a_mirror(database, redis) as mirror:
            with monkeypatch.context() as patched:
                patched.setattr(dead_letter_mirror, "mark_in_stream", crash)
                with pytest.raises(StoreUnavailable):
                    await mirror.look()
            assert not await nothing_waits(database)
            await queue.add()
        async with a_mirror(database, redis) as another:
            assert await another.look() == 5
        assert await nothing_waits(database)
        entries = await redis.entries()
        assert len(entries) == 5
        assert changes_in(entries) == await changes_of(database)

    async def test_whoever_was_overtaken_adds_nothing(
        self, database: Database, queue: DeadLetterShelf, redis: RedisServer
    ) -> None:
        await queue.add()
        [change] = await database.read(waiting_changes, limit=9)
        stream = DeadLetterStream(redis.url, LENGTH)
        async with a_mirror(database, redis) as other, stream.turn() as turn:
            await turn.last_id()
            await other.look()
            with pytest.raises(WatchError):
                await turn.add([change.entry])
        await stream.aclose()
        assert len(await redis.entries()) == 1

    async def test_several_side_by_side(
        self,
        database: Database,
        queue: DeadLetterShelf,
        redis: RedisServer,
        impatient: None,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(dead_letter_mirror, "_AT_ONCE", 4)
        await add_some(queue, 12)
        async with running_mirrors(database, redis, 3):
            await add_some(queue, 12)
            await eventually(lambda: is_complete(database, redis))
            await eventually(lambda: nothing_waits(database))
        entries = await redis.entries()
        assert len(entries) == len(await changes_of(database))
        assert out_of_order(entries) == []


class TestOldMoves:
    async def test_they_are_dropped_until_none_is_left(
        self, database: Database, queue: DeadLetterShelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("background.stream_cleanup._AT_ONCE", 2)
        await add_some(queue, 6)
        stop = asyncio.Event()
        late = after(60 * 60 * 24 * 2)
        mirrored = StreamCleanup(database, lambda: late, mirrored=True)
        assert await mirrored.drop() == 0
        alone = asyncio.create_task(StreamCleanup(database, lambda: late, mirrored=False).run(stop))
        await eventually(lambda: queue.shelf.count(QueueChangeRow), (0).__eq__)
        stop.set()
        await alone
        assert {(one, "entered") for one in ids_of(queue.dead_letters)} <= await changes_of(
            database
        )


def test_places_are_in_the_order_of_redis() -> None:
    assert StreamId.parse("9-10") > StreamId.parse("9-9") > StreamId.parse("8-99")
