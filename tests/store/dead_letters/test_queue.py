"""The queue of dead letters: pages and filters, each served by an index, and its depth."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from contracts.delivery.states import Channel, DeadLetterReason, DeadLetterResolution
from contracts.errors import NotFound
from contracts.payload.events import EventType
from store.db.database import Database
from store.db.keyset import Position
from store.dead_letters.queue import (
    DeadLetterFilter,
    depth,
    get_dead_letter,
    list_dead_letters,
)
from store.tables import DeliveryRow
from tests.support.dead_letter_shelf import DeadLetterShelf, ids_of
from tests.support.query_plans import is_served_by_an_index, plans_of
from tests.support.shelf import NOW, Shelf, after

EXHAUSTED, GONE = DeadLetterReason.EXHAUSTED, DeadLetterReason.GONE
REJECTED = DeadLetterReason.REJECTED


@pytest.fixture
async def queue(shelf: Shelf) -> DeadLetterShelf:
    """The two partners of a queue; nothing is dead yet."""
    return await DeadLetterShelf.open(shelf)


class TestListing:
    async def test_one_says_what_it_is_of(self, queue: DeadLetterShelf) -> None:
        dead_letter = await queue.add(event_type="delivered", reason=GONE)
        delivery = await queue.shelf.one(DeliveryRow, dead_letter.delivery_id)
        [listed] = await queue.database.read(
            list_dead_letters, DeadLetterFilter(), after=None, limit=5
        )
        assert (listed.id, listed.delivery_id) == (dead_letter.id, delivery.id)
        assert (listed.event_id, listed.order_id) == (delivery.event_id, "ORD-1")
        assert (listed.event_type, listed.partner_id) == (EventType.DELIVERED, "north")
        assert (listed.channel, listed.endpoint_id) == (Channel.WEBHOOK, delivery.endpoint_id)
        assert (listed.reason, listed.code) == (GONE, "http_503")
        assert (listed.created_at, listed.expires_at) == (NOW, NOW + timedelta(days=14))
        assert (listed.resolved_at, listed.resolution) == (None, None)
        assert (listed.resolved_by, listed.note) == (None, None)
        assert await queue.database.read(get_dead_letter, dead_letter.id) == listed

    async def test_pages_have_each_once_newest_first(self, queue: DeadLetterShelf) -> None:
        for number in range(7):
            await queue.add(at=after(number // 3))  # three of the same moment
        seen: list[str] = []
        position: Position | None = None
        while page := await queue.database.read(
            list_dead_letters, DeadLetterFilter(), after=position, limit=2
        ):
            seen += [one.id for one in page]
            position = Position(page[-1].created_at, page[-1].id)
        newest_first = sorted(
            queue.dead_letters, key=lambda one: (one.created_at, one.id), reverse=True
        )
        assert seen == ids_of(newest_first)

    async def test_another_partner_s_are_not_found(self, queue: DeadLetterShelf) -> None:
        dead_letter = await queue.add()
        assert await queue.page(DeadLetterFilter(), owner="south") == []
        assert await queue.page(DeadLetterFilter(partner_id="north"), owner="south") == []
        assert await queue.page(DeadLetterFilter(), owner="north") == [dead_letter.id]
        with pytest.raises(NotFound, match=f"no dead letter {dead_letter.id}"):
            await queue.database.read(get_dead_letter, dead_letter.id, owner="south")
        with pytest.raises(NotFound, match="no dead letter dl_none"):
            await queue.database.read(get_dead_letter, "dl_none")


class TestFilters:
    async def test_each(self, queue: DeadLetterShelf) -> None:
        first = await queue.add()
        gone = await queue.add(reason=GONE, event_type="delivered")
        text = await queue.add("south", reason=REJECTED)
        closed = await queue.add()
        await queue.close(closed, DeadLetterResolution.RETRIED)
        [endpoint_id] = {
            (await queue.shelf.one(DeliveryRow, one.delivery_id)).endpoint_id
            for one in (first, gone)
        }
        for wanted, found in (
            (DeadLetterFilter(), [text, gone, first]),
            (DeadLetterFilter(open=False), [closed]),
            (DeadLetterFilter(partner_id="north"), [gone, first]),
            (DeadLetterFilter(partner_id="nobody"), []),
            (DeadLetterFilter(endpoint_id=endpoint_id), [gone, first]),
            (DeadLetterFilter(endpoint_id="ep_none"), []),
            (DeadLetterFilter(channel=Channel.SMS), [text]),
            (DeadLetterFilter(channel=Channel.WEBHOOK), [gone, first]),
            (DeadLetterFilter(reason=GONE), [gone]),
            (DeadLetterFilter(event_type=EventType.DELIVERED), [gone]),
            (DeadLetterFilter(since=after(1)), [text, gone]),
            (DeadLetterFilter(until=after(1)), [first]),
            (DeadLetterFilter(partner_id="north", reason=GONE, since=after(2)), []),
        ):
            assert await queue.page(wanted) == ids_of(found), wanted

    @pytest.mark.parametrize("owner", [None, "north"])
    @pytest.mark.parametrize(
        "wanted",
        [
            DeadLetterFilter(),
            DeadLetterFilter(open=False),
            DeadLetterFilter(partner_id="north"),
            DeadLetterFilter(partner_id="north", open=False),
            DeadLetterFilter(endpoint_id="ep_1"),
            DeadLetterFilter(channel=Channel.SMS),
            DeadLetterFilter(reason=GONE),
            DeadLetterFilter(event_type=EventType.DELIVERED),
            DeadLetterFilter(since=NOW, until=after(60)),
            DeadLetterFilter(endpoint_id="ep_1", channel=Channel.SMS, reason=GONE, since=NOW),
        ],
    )
    async def test_each_is_served_by_an_index(
        self, database: Database, wanted: DeadLetterFilter, owner: str | None
    ) -> None:
        place = Position(after(30), "dl_30")

        def read(session: Session) -> object:
            return list_dead_letters(session, wanted, owner=owner, after=place, limit=10)

        plans = await database.read(plans_of, read, "dead_letters")
        assert plans
        for plan in plans:
            assert is_served_by_an_index(plan, "dead_letters"), plan


class TestDepth:
    async def test_by_channel_and_reason_and_the_oldest(self, queue: DeadLetterShelf) -> None:
        oldest = await queue.add()
        for _ in range(2):
            await queue.add(reason=GONE)
        await queue.add("south", reason=REJECTED)
        seen = await queue.database.read(depth)
        assert seen.counts == {
            (Channel.WEBHOOK, EXHAUSTED): 1,
            (Channel.WEBHOOK, GONE): 2,
            (Channel.SMS, REJECTED): 1,
        }
        assert seen.oldest_at == NOW
        await queue.discard(oldest.id)
        assert (await queue.database.read(depth)).oldest_at == after(1)

    async def test_of_nothing(self, database: Database) -> None:
        seen = await database.read(depth)
        assert (seen.counts, seen.oldest_at) == ({}, None)
