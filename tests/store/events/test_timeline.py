"""What the pages of one event and of one order are made of."""

import json

import pytest

from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import DeadLetterReason
from contracts.errors import NotFound
from store.db.database import Database
from store.deliveries.dead_lettering import record_dead_letter
from store.endpoints.changes import remove_endpoint
from store.events.erasure import erase_events
from store.events.timeline import event_story, order_story
from tests.support.shelf import NOW, Shelf, after, an_event


class TestOneEvent:
    async def test_it_has_its_payload_its_endpoints_and_its_open_dead_letters(
        self, shelf: Shelf, database: Database
    ) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(503)
        dead_letter = RecordDeadLetter(webhook.id, DeadLetterReason.EXHAUSTED, "http_503")
        await database.write(record_dead_letter, dead_letter, NOW)
        story = await database.read(event_story, webhook.event.event_id, owner="shop")
        assert json.loads(story.payloads["1.0"])["event_id"] == webhook.event.event_id
        assert [*story.endpoints] == [webhook.endpoint_id]
        assert story.open_dead_letters[webhook.id].reason is DeadLetterReason.EXHAUSTED

    async def test_an_endpoint_that_was_removed_is_still_there(
        self, shelf: Shelf, database: Database
    ) -> None:
        webhook = await shelf.webhook()
        await database.write(remove_endpoint, webhook.endpoint_id, NOW, actor="test")
        story = await database.read(event_story, webhook.event.event_id, owner="shop")
        assert [*story.endpoints] == [webhook.endpoint_id]

    async def test_an_erased_one_has_no_payload(self, shelf: Shelf, database: Database) -> None:
        webhook = await shelf.webhook()
        await database.write(erase_events, [webhook.event.event_id], NOW)
        story = await database.read(event_story, webhook.event.event_id, owner="shop")
        assert story.payloads == {}

    async def test_another_partner_s_is_not_found(self, shelf: Shelf, database: Database) -> None:
        webhook = await shelf.webhook()
        with pytest.raises(NotFound):
            await database.read(event_story, webhook.event.event_id, owner="other")


class TestOneOrder:
    async def test_events_are_sorted_by_when_they_happened(
        self, shelf: Shelf, database: Database
    ) -> None:
        webhook = await shelf.webhook(an_event("delivered"))
        early = an_event(occurred_at=after(-600).isoformat())
        await shelf.plan(early)
        story = await database.read(order_story, "ORD-1", owner="shop")
        ids = [event.event_id for event in story.events]
        assert ids == [early.event_id, webhook.event.event_id]
        assert [row.id for row in story.deliveries[ids[1]]] == [webhook.id]
        assert [*story.endpoints] == [webhook.endpoint_id]

    async def test_another_partner_s_order_of_the_same_number_is_not_in_it(
        self, shelf: Shelf, database: Database
    ) -> None:
        webhook = await shelf.webhook()
        await shelf.add_partner("other")
        await shelf.accept(an_event(partner_id="other"))
        story = await database.read(order_story, "ORD-1", owner="shop")
        assert [event.event_id for event in story.events] == [webhook.event.event_id]
        with pytest.raises(NotFound):
            await database.read(order_story, "ORD-2", owner="shop")
