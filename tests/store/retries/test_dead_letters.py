"""Dead letters sent again or given up, many at once: each is said of, and nothing is half done."""

import pytest

from contracts.access.audit import AuditAction
from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import (
    DeadLetterReason,
    DeadLetterResolution,
    DeliveryState,
    EndpointState,
)
from contracts.errors import NotFound
from store.db.keyset import Position
from store.dead_letters.queue import DeadLetterFilter
from store.deliveries.dead_lettering import record_dead_letter
from store.retries import dead_letters as bulk
from store.retries.dead_letters import Discarded, RetrySelection, ask_for_all
from store.tables import DeadLetterRow, DeliveryRow, EndpointRow
from tests.support.dead_letter_shelf import DeadLetterShelf, ids_of
from tests.support.shelf import NOW, Shelf, after, an_event

EXHAUSTED = DeadLetterReason.EXHAUSTED


@pytest.fixture
async def queue(shelf: Shelf) -> DeadLetterShelf:
    """The two partners of a queue; nothing is dead yet."""
    return await DeadLetterShelf.open(shelf)


def asked_dead_letters(asked: RetrySelection) -> set[str]:
    return {dead_letter for one in asked.events for dead_letter in one.deliveries}


class TestDiscarding:
    async def test_it_closes_with_who_and_why(self, queue: DeadLetterShelf) -> None:
        one, other = await queue.add(), await queue.add("south")
        assert await queue.discard(one.id, other.id) == Discarded(2, [])
        for dead_letter in (one, other):
            row = await queue.shelf.one(DeadLetterRow, dead_letter.id)
            assert (row.resolution, row.resolved_at) == (DeadLetterResolution.DISCARDED, after(90))
            assert (row.resolved_by, row.note) == ("asha", "asked by the shop")
            assert await queue.state(dead_letter) is DeliveryState.DISCARDED
        entries = await queue.entries(AuditAction.DELIVERY_DISCARDED)
        assert {entry.object_id for entry in entries} == {one.delivery_id, other.delivery_id}
        assert {(entry.actor, entry.at) for entry in entries} == {("asha", after(90))}
        assert {entry.details["dead_letter_id"] for entry in entries} == {one.id, other.id}

    async def test_what_is_closed_is_said_and_left_alone(self, queue: DeadLetterShelf) -> None:
        delivered, gone = await queue.add(), await queue.add()
        await queue.close(delivered, DeadLetterResolution.DELIVERED)
        assert await queue.discard(delivered.id, gone.id) == Discarded(1, [delivered.id])
        assert await queue.discard(gone.id, gone.id) == Discarded(0, [gone.id])
        row = await queue.shelf.one(DeadLetterRow, delivered.id)
        assert (row.resolution, row.note) == (DeadLetterResolution.DELIVERED, None)
        assert len(await queue.entries(AuditAction.DELIVERY_DISCARDED)) == 1

    @pytest.mark.parametrize("owner", [None, "north"])
    async def test_one_that_is_not_found_leaves_everything_as_it_was(
        self, queue: DeadLetterShelf, owner: str | None
    ) -> None:
        mine, theirs = await queue.add(), await queue.add("south")
        wrong = theirs.id if owner else "dl_none"
        with pytest.raises(NotFound, match=wrong):
            await queue.discard(mine.id, wrong, owner=owner)
        assert await queue.state(mine) is DeliveryState.DEAD_LETTERED
        assert await queue.page(DeadLetterFilter()) == [theirs.id, mine.id]
        assert await queue.entries(AuditAction.DELIVERY_DISCARDED) == []

    async def test_a_delivery_that_goes_on_goes_on(self, queue: DeadLetterShelf) -> None:
        dead_letter = await queue.add()
        await queue.shelf.change(
            DeliveryRow, dead_letter.delivery_id, state=DeliveryState.DELIVERED
        )
        assert await queue.discard(dead_letter.id) == Discarded(1, [])
        assert await queue.state(dead_letter) is DeliveryState.DELIVERED

    async def test_it_cannot_be_sent_any_more(self, queue: DeadLetterShelf) -> None:
        dead_letter = await queue.add()
        await queue.discard(dead_letter.id)
        assert (await queue.ask(dead_letter.id)).refused == {
            dead_letter.id: "it is closed: discarded"
        }


class TestAskingForMany:
    async def test_each_wish_is_written_down(self, queue: DeadLetterShelf) -> None:
        dead_letters = [await queue.add() for _ in range(3)]
        asked = await queue.ask(*ids_of(dead_letters))
        assert asked_dead_letters(asked) == set(ids_of(dead_letters))
        assert (asked.refused, asked.left, asked.last) == ({}, 0, None)
        for one in asked.events:
            [delivery_id] = one.deliveries.values()
            row = await queue.shelf.one(DeliveryRow, delivery_id)
            assert row.event_id == one.event.event_id
        entries = await queue.entries(AuditAction.DELIVERY_RETRY_REQUESTED)
        assert {entry.object_id for entry in entries} == {one.delivery_id for one in dead_letters}

    async def test_deliveries_of_one_event_are_one_signal(self, queue: DeadLetterShelf) -> None:
        await queue.shelf.add_endpoint("north", url="https://two.shop.example/in")
        planned = (await queue.shelf.plan(an_event(partner_id="north"))).deliveries
        assert len(planned) == 2
        dead_letters = []
        for delivery in planned:
            dead_letter = RecordDeadLetter(delivery.delivery_id, EXHAUSTED)
            await queue.database.write(record_dead_letter, dead_letter, NOW)
            dead_letters += await queue.shelf.all_of(DeadLetterRow, delivery.delivery_id)
        [one] = (await queue.ask(*ids_of(dead_letters))).events
        assert one.deliveries == {
            dead_letter.id: dead_letter.delivery_id for dead_letter in dead_letters
        }

    async def test_one_that_cannot_be_sent_hinders_no_other(self, queue: DeadLetterShelf) -> None:
        off, fine, closed = await queue.add(), await queue.add("south"), await queue.add("south")
        delivery = await queue.shelf.one(DeliveryRow, off.delivery_id)
        await queue.shelf.change(EndpointRow, delivery.endpoint_id, state=EndpointState.PAUSED)
        await queue.close(closed, DeadLetterResolution.EXPIRED)
        asked = await queue.ask(off.id, fine.id, closed.id)
        assert asked_dead_letters(asked) == {fine.id}
        assert set(asked.refused) == {off.id, closed.id}
        assert "enable it first" in asked.refused[off.id]
        assert asked.refused[closed.id] == "it is closed: expired"
        assert len(await queue.entries(AuditAction.DELIVERY_RETRY_REQUESTED)) == 1

    @pytest.mark.parametrize("owner", [None, "north"])
    async def test_one_that_is_not_found_leaves_everything_as_it_was(
        self, queue: DeadLetterShelf, owner: str | None
    ) -> None:
        mine, theirs = await queue.add(), await queue.add("south")
        wrong = theirs.id if owner else "dl_none"
        with pytest.raises(NotFound, match=wrong):
            await queue.ask(mine.id, wrong, owner=owner)
        assert await queue.entries(AuditAction.DELIVERY_RETRY_REQUESTED) == []

    async def test_it_stays_open_until_it_is_sent(self, queue: DeadLetterShelf) -> None:
        dead_letter = await queue.add()
        await queue.ask(dead_letter.id)
        assert await queue.page(DeadLetterFilter()) == [dead_letter.id]


class TestAskingForAll:
    async def test_the_oldest_first_and_how_many_are_left(
        self, queue: DeadLetterShelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(bulk, "MOST_AT_ONCE", 2)
        dead_letters = [await queue.add() for _ in range(5)]
        await queue.add("south")
        wanted = DeadLetterFilter(partner_id="north")
        seen: list[set[str]] = []
        lefts: list[int] = []
        position: Position | None = None
        while position is not None or not seen:
            asked = await queue.database.write(
                ask_for_all, wanted, after(90), actor="asha", after=position
            )
            seen.append(asked_dead_letters(asked))
            lefts.append(asked.left)
            position = asked.last
        ids = ids_of(dead_letters)
        assert seen == [set(ids[:2]), set(ids[2:4]), set(ids[4:])]
        assert lefts == [3, 1, 0]

    async def test_an_owner_s_own_and_nothing_closed(self, queue: DeadLetterShelf) -> None:
        mine, closed = await queue.add(), await queue.add()
        await queue.add("south")
        await queue.close(closed, DeadLetterResolution.RETRIED)
        asked = await queue.database.write(
            ask_for_all, DeadLetterFilter(), NOW, actor="key_1", owner="north"
        )
        assert asked_dead_letters(asked) == {mine.id}

    async def test_none_is_none(self, queue: DeadLetterShelf) -> None:
        asked = await queue.database.write(ask_for_all, DeadLetterFilter(), NOW, actor="asha")
        assert asked == RetrySelection([], {})
