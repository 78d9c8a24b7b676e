"""The overview: what a partner is told of its day, and what a new one does first."""

from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.access.users import Role
from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import DeadLetterReason, DeliveryState, HoldReason
from store.deliveries.dead_lettering import record_dead_letter
from store.tables import DeliveryRow, PartnerRow
from tests.support.shelf import NOW, Shelf, Webhook, after, an_event
from tests.support.stack import Stack
from tests.support.visitor import Visitor

EVENING = timedelta(hours=8)
"""NOW is half past three in India; eight hours later it is half past eleven, the same day."""


@pytest.fixture
async def shop(visitor: Visitor, stack: Stack) -> Visitor:
    """An owner of `shop`, at half past eleven in the evening of NOW's day."""
    assert stack.app is not None
    stack.app.state.parts = replace(stack.app.state.parts, clock=lambda: NOW + EVENING)
    return await visitor.sign_in_as(Role.OWNER, "shop")


async def webhook(stack: Stack, url: str = "https://hooks.shop.example/doorstep") -> Webhook:
    """A delivery that was planned NOW."""
    shelf = Shelf(stack.database)
    endpoint = await shelf.add_endpoint(url=url)
    event = an_event()
    [planned] = (await shelf.plan(event)).deliveries
    return Webhook(shelf, event, planned.delivery_id, endpoint.id)


class TestANewPartner:
    async def test_it_is_told_to_add_an_endpoint_or_to_see_the_texts(self, shop: Visitor) -> None:
        page = await shop.get("/p/shop")
        assert "What to do first" in page.text
        assert 'href="/dashboard/p/shop/endpoints"' in page.html
        assert 'href="/dashboard/p/shop/texts"' in page.html

    async def test_without_webhooks_only_the_texts(self, shop: Visitor, stack: Stack) -> None:
        shelf = Shelf(stack.database)
        await shelf.change(PartnerRow, "shop", webhook_enabled=False, sms_enabled=True)
        page = await shop.get("/p/shop")
        assert "See the texts" in page.text
        assert "Add an endpoint" not in page.text


class TestTheDay:
    async def test_events_rate_and_times(self, shop: Visitor, stack: Stack) -> None:
        delivery = await webhook(stack)
        await delivery.finish(await delivery.ready(), 200, now=after(4))
        page = await shop.get("/p/shop")
        assert "Events today 1 " in page.text
        assert "Delivered 100 % of the one delivery of today that has ended" in page.text
        assert "Half arrive within 4.0 s the one delivered today" in page.text
        assert "What to do first" not in page.text

    async def test_the_day_begins_in_the_time_zone_of_the_partner(
        self, shop: Visitor, stack: Stack
    ) -> None:
        await webhook(stack)
        shelf = Shelf(stack.database)
        await shelf.change(PartnerRow, "shop", time_zone="Pacific/Auckland")
        page = await shop.get("/p/shop")
        assert "Events today 0 " in page.text

    async def test_what_waits_and_what_did_not_arrive(self, shop: Visitor, stack: Stack) -> None:
        delivery = await webhook(stack)
        held = {"state": DeliveryState.HELD, "hold_reason": HoldReason.ENDPOINT_FAILING}
        await delivery.shelf.change(DeliveryRow, delivery.id, **held)
        page = await shop.get("/p/shop")
        assert "Waiting 1 " in page.text
        assert "Not delivered 0 nothing to send again" in page.text
        dead_letter = RecordDeadLetter(delivery.id, DeadLetterReason.EXHAUSTED, "http_503")
        await stack.database.write(record_dead_letter, dead_letter, NOW)
        page = await shop.get("/p/shop")
        assert "Waiting 0 nothing waits" in page.text
        assert "Not delivered 1 " in page.text
        assert "Delivered 0 %" in page.text
        assert '<a href="/dashboard/p/shop/dead-letters">1</a>' in page.html

    async def test_the_chart_comes_with_the_same_numbers(self, shop: Visitor, stack: Stack) -> None:
        await webhook(stack)
        page = await shop.get("/p/shop")
        assert "<title>Deliveries of the last 24 hours</title>" in page.html
        assert "2 Mar, 15:00 0 0 1" in page.text
        assert "2 Mar, 14:00 0 0 0" in page.text

    async def test_without_any_delivery_there_is_no_chart(
        self, shop: Visitor, stack: Stack
    ) -> None:
        await Shelf(stack.database).add_endpoint()
        page = await shop.get("/p/shop")
        assert "Nothing was sent in the last 24 hours." in page.text
        assert "<svg" not in page.html


class TestEndpoints:
    async def test_a_failing_one_is_told_in_words(self, shop: Visitor, stack: Stack) -> None:
        delivery = await webhook(stack)
        for number in range(5):
            await delivery.attempt(503, in_round=number + 1)
        page = await shop.get("/p/shop")
        assert '<span class="pill bad">failing</span>' in page.html
        assert "Every attempt since 15:30 was answered 503 (Service Unavailable)" in page.text

    async def test_what_follows_a_question_mark_is_not_shown(
        self, shop: Visitor, stack: Stack
    ) -> None:
        await webhook(stack, "https://hooks.shop.example/take?token=secret-word")
        page = await shop.get("/p/shop")
        assert "hooks.shop.example/take" in page.text
        assert "secret-word" not in page.html

    async def test_a_pause_is_told(self, shop: Visitor, stack: Stack) -> None:
        await webhook(stack)
        await Shelf(stack.database).change(PartnerRow, "shop", paused_at=NOW)
        assert "Deliveries are paused since 2 Mar, 15:30." in (await shop.get("/p/shop")).text


class TestLastEvents:
    async def test_they_lead_to_the_event(self, shop: Visitor, stack: Stack) -> None:
        delivery = await webhook(stack)
        page = await shop.get("/p/shop")
        assert f'href="/dashboard/p/shop/events/{delivery.event.event_id}"' in page.html
        assert "ORD-1 Order confirmed Webhook queued" in page.text


class TestWhoSeesIt:
    async def test_another_partner_s_is_not_found(self, shop: Visitor, stack: Stack) -> None:
        await stack.add_partner("rival")
        assert (await shop.get("/p/rival")).status == 404
        assert (await shop.get("/p/nobody")).status == 404

    async def test_operations_see_it_as_the_partner_does(
        self, visitor: Visitor, stack: Stack
    ) -> None:
        await webhook(stack)
        ops = await visitor.sign_in_as(Role.OPS)
        page = await ops.get("/p/shop")
        assert (page.status, "Chai Point" in page.text) == (200, True)
        assert "All partners" in page.text
