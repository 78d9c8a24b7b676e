"""The moves of dead letters: one for each entry and each exit, in the transaction that makes it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from contracts.delivery.dead_letter_stream import (
    BEFORE_ALL,
    QueueChange,
    StreamId,
    change_id,
)
from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import DeadLetterReason, DeadLetterResolution
from store.db.database import Database
from store.dead_letters.record import KEPT_FOR
from store.dead_letters.stream_outbox import (
    KEPT_WITHOUT_A_MIRROR,
    REMEMBERED_FOR,
    Backlog,
    WaitingChange,
    backlog,
    changes_to_add,
    drop_old_changes,
    mark_in_stream,
    take_back,
    waiting_changes,
)
from store.deliveries import stuck
from store.deliveries.dead_lettering import expire_dead_letters, record_dead_letter
from store.tables import DeadLetterRow, QueueChangeRow
from tests.support.dead_letter_shelf import DeadLetterShelf
from tests.support.query_plans import is_served_by_an_index, plans_of
from tests.support.shelf import NOW, Shelf, Webhook, after, an_event

ENTERED, LEFT = QueueChange.ENTERED, QueueChange.LEFT


async def changes(database: Database) -> list[WaitingChange]:
    return await database.read(waiting_changes, limit=100)


async def seen(database: Database) -> list[tuple[str, str]]:
    """What moved how, in order; of exits the resolution."""
    return [(one.entry.change, one.entry.resolution) for one in await changes(database)]


async def keep(webhook: Webhook, seconds: float = 0) -> None:
    dead_letter = RecordDeadLetter(webhook.id, DeadLetterReason.EXHAUSTED, "http_503")
    await webhook.shelf.database.write(record_dead_letter, dead_letter, after(seconds))


async def delivered_late(webhook: Webhook) -> None:
    late = await webhook.ready()
    await keep(webhook)
    await webhook.finish(late, 200, now=after(900))


async def retried(webhook: Webhook) -> None:
    await keep(webhook)
    await webhook.ready(in_round=2, now=after(900))


async def expired(webhook: Webhook) -> None:
    await keep(webhook)
    await webhook.shelf.database.write(expire_dead_letters, NOW + KEPT_FOR, limit=10)


async def discarded(webhook: Webhook) -> None:
    await keep(webhook)
    queue = DeadLetterShelf(webhook.shelf)
    [dead_letter] = await webhook.dead_letters()
    await queue.discard(dead_letter.id)
    await queue.discard(dead_letter.id)


class TestWhatIsWritten:
    async def test_an_entry(self, shelf: Shelf, database: Database) -> None:
        webhook = await shelf.webhook()
        await keep(webhook, 5)
        await keep(webhook, 6)
        [change] = await changes(database)
        [dead_letter] = await webhook.dead_letters()
        assert change.entry.fields() == {
            "schema": "1",
            "change_id": f"{dead_letter.id}/entered",
            "change": "entered",
            "changed_at": "2026-03-02T10:00:05.000000Z",
            "dead_letter_id": dead_letter.id,
            "delivery_id": webhook.id,
            "event_id": webhook.event.event_id,
            "event_type": "order_confirmed",
            "partner_id": "shop",
            "endpoint_id": webhook.endpoint_id,
            "channel": "webhook",
            "reason": "exhausted",
            "code": "http_503",
            "expires_at": "2026-03-16T10:00:05.000000Z",
            "resolution": "",
        }

    @pytest.mark.parametrize(
        ("leave", "resolution"),
        [
            (delivered_late, DeadLetterResolution.DELIVERED),
            (retried, DeadLetterResolution.RETRIED),
            (expired, DeadLetterResolution.EXPIRED),
            (discarded, DeadLetterResolution.DISCARDED),
        ],
        ids=lambda one: str(getattr(one, "__name__", one)),
    )
    async def test_an_exit(
        self,
        shelf: Shelf,
        database: Database,
        leave: Callable[[Webhook], Awaitable[None]],
        resolution: DeadLetterResolution,
    ) -> None:
        webhook = await shelf.webhook()
        await leave(webhook)
        [dead_letter] = await webhook.dead_letters()
        assert await seen(database) == [("entered", ""), ("left", resolution)]
        first, second = await database.read(_rows)
        assert (first.changed_at, second.changed_at) == (
            dead_letter.created_at,
            dead_letter.resolved_at,
        )
        [entry, exit_] = [one.entry for one in await changes(database)]
        assert (exit_.change_id, exit_.dead_letter_id) == (f"{dead_letter.id}/left", dead_letter.id)
        assert {**entry.fields(), "resolution": ""}.items() >= {
            name: value
            for name, value in exit_.fields().items()
            if name not in ("change_id", "change", "changed_at", "resolution")
        }.items()

    async def test_a_cancelled_workflow(self, shelf: Shelf, database: Database) -> None:
        webhook = await shelf.webhook()
        await database.write(stuck.dead_letter_open, webhook.event.event_id, NOW)
        [change] = await changes(database)
        assert (change.entry.reason, change.entry.code) == ("cancelled_by_ops", "")

    async def test_a_text_that_arrived_after_all(self, shelf: Shelf, database: Database) -> None:
        text = await shelf.text()
        ready = await text.ready()
        await text.lose_sight(ready)
        await text.keep()
        await text.hear(ready, "delivered", now=after(30))
        assert await seen(database) == [("entered", ""), ("left", "delivered")]
        entry = (await changes(database))[0].entry
        assert (entry.channel, entry.endpoint_id) == ("sms", "")

    async def test_one_that_comes_back(self, shelf: Shelf, database: Database) -> None:
        webhook = await shelf.webhook()
        await retried(webhook)
        await keep(webhook, 1000)
        assert await seen(database) == [("entered", ""), ("left", "retried"), ("entered", "")]

    async def test_nothing_without_its_transaction(self, shelf: Shelf, database: Database) -> None:
        webhook = await shelf.webhook()

        def fail(session: Session) -> None:
            dead_letter = RecordDeadLetter(webhook.id, DeadLetterReason.EXHAUSTED)
            record_dead_letter(session, dead_letter, NOW)
            raise LookupError

        with pytest.raises(LookupError):
            await database.write(fail)
        assert await seen(database) == []

    async def test_nothing_of_the_customer(self, shelf: Shelf, database: Database) -> None:
        event = an_event("out_for_delivery")
        await keep(await shelf.webhook(event))
        [change] = await changes(database)
        written = " ".join(change.entry.fields().values())
        customer = event.data.order.customer
        assert customer is not None
        assert event.data.otp is not None
        for secret in (customer.name, customer.phone, event.data.otp.code):
            assert secret
            assert secret not in written


class TestTheWayIntoTheStream:
    @pytest.fixture
    async def queue(self, shelf: Shelf) -> DeadLetterShelf:
        """Three dead letters that wait."""
        queue = await DeadLetterShelf.open(shelf)
        for _ in range(3):
            await queue.add()
        return queue

    async def test_what_is_in_it_waits_no_more(
        self, queue: DeadLetterShelf, database: Database
    ) -> None:
        assert await database.read(backlog) == Backlog(3, NOW)
        first, second, third = await changes(database)
        assert [one.entry.change_id for one in (first, second, third)] == [
            change_id(dead_letter.id, ENTERED) for dead_letter in queue.dead_letters
        ]
        await database.write(
            mark_in_stream, {second.number: StreamId(7, 1), first.number: StreamId(7, 0)}
        )
        assert await changes(database) == [third]
        assert await database.read(backlog) == Backlog(1, after(2))

    async def test_its_place_is_the_first_one(
        self, queue: DeadLetterShelf, database: Database
    ) -> None:
        [first, *_] = await changes(database)
        await database.write(mark_in_stream, {first.number: StreamId(7, 0)})
        await database.write(mark_in_stream, {first.number: StreamId(9, 0)})
        assert await database.read(changes_to_add, StreamId(7, 0), limit=9) is not None

    async def test_none_is_marked_while_one_before_it_waits(
        self, queue: DeadLetterShelf, database: Database
    ) -> None:
        all_of_them = [first, second, third] = await changes(database)
        places = {second.number: StreamId(7, 1), third.number: StreamId(7, 2)}
        await database.write(mark_in_stream, places)
        assert await changes(database) == all_of_them
        await database.write(mark_in_stream, {first.number: StreamId(7, 3), **places})
        assert await changes(database) == []

    async def test_what_redis_has_lost_waits_again(
        self, queue: DeadLetterShelf, database: Database
    ) -> None:
        all_of_them = await changes(database)
        places = [StreamId(7, 9), StreamId(7, 10), StreamId(8, 0)]
        numbers = [one.number for one in all_of_them]
        await database.write(mark_in_stream, dict(zip(numbers, places, strict=True)))
        assert await database.read(changes_to_add, StreamId(8, 0), limit=9) == []
        assert await database.write(take_back, StreamId(8, 0), limit=9) == 0
        assert await database.read(changes_to_add, StreamId(7, 9), limit=9) is None
        assert await database.write(take_back, StreamId(7, 9), limit=9) == 2
        assert await changes(database) == all_of_them[1:]
        assert await database.read(changes_to_add, StreamId(7, 9), limit=1) == all_of_them[1:2]
        assert await database.write(take_back, BEFORE_ALL, limit=9) == 1
        assert await changes(database) == all_of_them

    async def test_old_ones_are_dropped(self, queue: DeadLetterShelf, database: Database) -> None:
        [first, second, third] = await changes(database)
        ms = int(NOW.timestamp() * 1000)
        await database.write(
            mark_in_stream, {first.number: StreamId(ms, 0), second.number: StreamId(ms + 1, 0)}
        )
        later = NOW + REMEMBERED_FOR + timedelta(milliseconds=1)
        assert await database.write(drop_old_changes, NOW, mirrored=True, limit=9) == 0
        assert await database.write(drop_old_changes, later, mirrored=True, limit=9) == 1
        assert [row.number for row in await database.read(_rows)] == [second.number, third.number]
        much_later = NOW + timedelta(days=99)
        assert await database.write(drop_old_changes, much_later, mirrored=True, limit=9) == 1
        assert await changes(database) == [third], "what waits is kept for as long as it takes"

    async def test_without_a_mirror_all_are_dropped_after_a_while(
        self, queue: DeadLetterShelf, database: Database
    ) -> None:
        later = NOW + KEPT_WITHOUT_A_MIRROR
        assert await database.write(drop_old_changes, later, mirrored=False, limit=9) == 0
        later = after(1.5) + KEPT_WITHOUT_A_MIRROR
        assert await database.write(drop_old_changes, later, mirrored=False, limit=1) == 1
        assert await database.write(drop_old_changes, later, mirrored=False, limit=9) == 1
        assert await database.write(drop_old_changes, later, mirrored=False, limit=9) == 0
        assert len(await changes(database)) == 1
        assert await queue.shelf.count(DeadLetterRow) == 3

    async def test_each_look_is_an_index_s_work(
        self, queue: DeadLetterShelf, database: Database
    ) -> None:
        def look(session: Session) -> list[str]:
            table = str(QueueChangeRow.__tablename__)
            found = plans_of(session, lambda s: changes_to_add(s, StreamId(7, 0), limit=9), table)
            found += plans_of(session, lambda s: mark_in_stream(s, {9: BEFORE_ALL}), table)
            found += plans_of(session, _drop_nothing, table)
            assert len(found) == 5
            return [one for one in found if not is_served_by_an_index(one, table)]

        assert await database.write(look) == []


def _drop_nothing(session: Session) -> None:
    drop_old_changes(session, NOW, mirrored=False, limit=9)


def _rows(session: Session) -> list[QueueChangeRow]:
    query = select(QueueChangeRow).order_by(col(QueueChangeRow.number))
    return list(session.exec(query))
