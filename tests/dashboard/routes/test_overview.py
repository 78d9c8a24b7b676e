"""The overview: what a partner is told of its day, and what a new one does first."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from contracts.access.users import Role
from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import DeadLetterReason, DeliveryState, HoldReason, SkipReason
from store.deliveries.dead_lettering import record_dead_letter
from store.tables import OUTCOME_DAYS, DeliveryRow, DroppedEventsRow, EventRow, PartnerRow
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
    async def test_it_is_told_what_to_set_up(self, shop: Visitor) -> None:
        page = await shop.get("/p/shop")
        assert "Set up 0 of 4 done" in page.text
        assert 'href="/dashboard/p/shop/endpoints"' in page.html
        assert 'href="/dashboard/p/shop/texts"' in page.html

    async def test_without_webhooks_it_is_sms(self, shop: Visitor, stack: Stack) -> None:
        shelf = Shelf(stack.database)
        await shelf.change(PartnerRow, "shop", webhook_enabled=False, sms_enabled=True)
        page = await shop.get("/p/shop")
        assert "See and turn on SMS updates" in page.text
        assert "Add an endpoint" not in page.text

    async def test_the_wait_for_the_yes_is_said(self, shop: Visitor, stack: Stack) -> None:
        shelf = Shelf(stack.database)
        await shelf.change(PartnerRow, "shop", webhook_enabled=False, sms_awaits_owner=True)
        await shelf.plan()
        page = await shop.get("/p/shop")
        assert "No customer gets an SMS yet: SMS updates wait for your yes." in page.text

    async def test_the_set_up_stays_until_it_is_done_and_hidden(
        self, shop: Visitor, stack: Stack
    ) -> None:
        delivery = await webhook(stack)
        assert "Set up 2 of 4 done" in (await shop.get("/p/shop")).text
        await delivery.shelf.change(PartnerRow, "shop", set_up_hidden_at=NOW)
        assert "Set up 2 of 4 done" in (await shop.get("/p/shop")).text

    async def test_it_comes_first_until_a_real_event_has_come(
        self, shop: Visitor, stack: Stack
    ) -> None:
        shelf = Shelf(stack.database)
        await shelf.add_endpoint()
        await shelf.plan(an_event(is_test=True))
        tested = (await shop.get("/p/shop")).text
        await shelf.plan(an_event(event_id="evt_real"))
        real = (await shop.get("/p/shop")).text
        assert tested.index("Set up") < tested.index("Latest updates")
        assert real.index("Latest updates") < real.index("Set up")


class TestAmIFine:
    async def test_all_is_well_in_one_sentence(self, shop: Visitor, stack: Stack) -> None:
        delivery = await webhook(stack)
        await delivery.finish(await delivery.ready(), 200, now=after(4))
        page = await shop.get("/p/shop")
        assert "All good: nothing has failed and nothing is on hold." in page.text

    async def test_what_is_on_hold_is_never_all_good(self, shop: Visitor, stack: Stack) -> None:
        """B1: a false all-clear while updates wait."""
        delivery = await webhook(stack)
        held = {"state": DeliveryState.HELD, "hold_reason": HoldReason.ENDPOINT_FAILING}
        await delivery.shelf.change(DeliveryRow, delivery.id, **held)
        page = await shop.get("/p/shop")
        assert "All good" not in page.text
        assert "does not answer as it should. One update is on hold" in page.text
        assert "On hold 1 " in page.text

    async def test_what_failed_leads_to_the_failed_updates(
        self, shop: Visitor, stack: Stack
    ) -> None:
        delivery = await webhook(stack)
        dead_letter = RecordDeadLetter(delivery.id, DeadLetterReason.EXHAUSTED, "http_503")
        await stack.database.write(record_dead_letter, dead_letter, NOW)
        page = await shop.get("/p/shop")
        assert "One update failed. See why and retry" in page.text
        assert "Updates sent 0 0 % of 1" in page.text
        assert '<a href="/dashboard/p/shop/dead-letters">1</a>' in page.html

    async def test_a_paused_shop_says_so_and_can_be_resumed(
        self, shop: Visitor, stack: Stack
    ) -> None:
        """B14: a paused shop reads "texts are on" beside a healthy endpoint, without a button."""
        await webhook(stack)
        shelf = Shelf(stack.database)
        await shelf.change(PartnerRow, "shop", paused_at=NOW, sms_enabled=True)
        page = await shop.get("/p/shop")
        assert "Sending is paused. New updates are kept on hold. Resume sending" in page.text
        assert "SMS are on, but sending is paused" in page.text
        assert "healthy" not in page.text
        await shop.post("/p/shop/settings/resume", {})
        assert (await shelf.one(PartnerRow, "shop")).paused_at is None

    async def test_a_member_sees_the_pause_and_no_button(
        self, visitor: Visitor, stack: Stack
    ) -> None:
        await webhook(stack)
        await Shelf(stack.database).change(PartnerRow, "shop", paused_at=NOW)
        member = await visitor.sign_in_as(Role.MEMBER, "shop")
        page = await member.get("/p/shop")
        assert "Sending is paused." in page.text
        assert "Resume sending" not in page.text

    async def test_an_endpoint_that_gets_nothing_does_not_look_healthy(
        self, shop: Visitor, stack: Stack
    ) -> None:
        """B6: webhooks are off, the endpoint is green, and nothing says why none arrives."""
        await webhook(stack)
        shelf = Shelf(stack.database)
        await shelf.change(PartnerRow, "shop", webhook_enabled=False, sms_enabled=True)
        page = await shop.get("/p/shop")
        assert "not in use" in page.text
        assert "Webhooks are switched off for this shop" in page.text
        assert "healthy" not in page.text
        await shelf.change(PartnerRow, "shop", sms_enabled=False)
        page = await shop.get("/p/shop")
        assert "Nothing is sent: webhooks and SMS are both off. Turn on SMS" in page.text


class TestTheDay:
    async def test_what_was_sent_and_how_fast(self, shop: Visitor, stack: Stack) -> None:
        delivery = await webhook(stack)
        await delivery.finish(await delivery.ready(), 200, now=after(4))
        page = await shop.get("/p/shop")
        assert "Updates sent 1 100 % of 1 " in page.text
        assert "Half of today's updates went out within 4.0 s" in page.text

    async def test_what_was_not_needed_is_named_with_its_reasons(
        self, shop: Visitor, stack: Stack
    ) -> None:
        """B2: 100 % sent, and no word of the 31 of 49 that were skipped."""
        delivery = await webhook(stack)
        skipped = {"state": DeliveryState.SKIPPED, "skip_reason": SkipReason.STALE}
        await delivery.shelf.change(DeliveryRow, delivery.id, **skipped)
        page = await shop.get("/p/shop")
        assert "One update was not needed: overtaken 1" in page.text
        assert "100 %" not in page.text

    async def test_test_events_are_in_no_figure(self, shop: Visitor, stack: Stack) -> None:
        """B12: test events counted as events of the day and set the share to 100 %."""
        delivery = await webhook(stack)
        await delivery.finish(await delivery.ready(), 200, now=after(4))
        await delivery.shelf.change(EventRow, delivery.event.event_id, is_test=True)
        page = await shop.get("/p/shop")
        assert "Updates sent 0 " in page.text
        assert "There were no updates in this time." in page.text
        assert "ORD-1 test" in page.text

    async def test_the_day_begins_in_the_time_zone_of_the_partner(
        self, shop: Visitor, stack: Stack
    ) -> None:
        delivery = await webhook(stack)
        await delivery.finish(await delivery.ready(), 200, now=after(4))
        shelf = Shelf(stack.database)
        await shelf.change(PartnerRow, "shop", time_zone="Pacific/Auckland")
        page = await shop.get("/p/shop")
        assert "Updates sent 0 " in page.text

    async def test_the_chart_comes_with_the_same_numbers_and_leads_to_the_lists(
        self, shop: Visitor, stack: Stack
    ) -> None:
        delivery = await webhook(stack)
        await delivery.shelf.change(DeliveryRow, delivery.id, state=DeliveryState.DEAD_LETTERED)
        page = await shop.get("/p/shop")
        assert "<title>Updates of today, by the hour</title>" in page.html
        assert "15:00 0 1 0 0" in page.text
        assert "14:00 0 0 0 0" in page.text
        place = "/dashboard/p/shop/dead-letters?since=2026-03-02&amp;until=2026-03-02"
        assert page.html.count(f'href="{place}"') == 2

    async def test_without_any_update_there_is_no_chart(self, shop: Visitor, stack: Stack) -> None:
        await Shelf(stack.database).add_endpoint()
        page = await shop.get("/p/shop")
        assert "There were no updates in this time." in page.text
        assert "<title>Updates of today" not in page.html


class TestRanges:
    async def test_a_week_is_compared_with_the_week_before(
        self, shop: Visitor, stack: Stack
    ) -> None:
        delivery = await webhook(stack)
        await delivery.finish(await delivery.ready(), 200, now=after(4))
        await add_day(stack, date(2026, 2, 27), sent=3, not_sent=1)
        await add_day(stack, date(2026, 2, 20), sent=2)
        page = await shop.get("/p/shop?days=7")
        assert "Updates sent 4 +100 % 80 % of 5" in page.text
        assert "27 Feb 3 1 0 0" in page.text
        assert page.html.count("<tr>") == 1 + 7
        assert "compared with the 7 days before those" in page.text

    async def test_days_that_are_gone_lead_nowhere(self, shop: Visitor, stack: Stack) -> None:
        await webhook(stack)
        await add_day(stack, date(2026, 1, 10), sent=2, not_sent=1)
        assert "since=2026-01-10" in (await shop.get("/p/shop?days=90")).html
        gone = DroppedEventsRow(partner_id="shop", until=NOW - timedelta(days=30))
        await stack.database.write(lambda session: session.add(gone))
        assert "since=2026-01-10" not in (await shop.get("/p/shop?days=90")).html

    @pytest.mark.parametrize("days", ["1", "7", "30", "90"])
    async def test_every_range_reads(self, shop: Visitor, stack: Stack, days: str) -> None:
        await webhook(stack)
        page = await shop.get(f"/p/shop?days={days}")
        [tabs] = re.findall(r'<nav class="tabs".*?</nav>', page.html, re.DOTALL)
        assert (page.status, tabs.count('aria-current="page"')) == (200, 1)


async def add_day(stack: Stack, day: date, *, sent: int, not_sent: int = 0) -> None:
    """The rollup of a day of `shop`."""
    counts = {"webhooks": sent + not_sent, "webhooks_delivered": sent}
    row = {"partner_id": "shop", "day": day, "time_zone": "Asia/Kolkata", "counted_at": NOW}
    await stack.database.write(
        lambda session: session.execute(OUTCOME_DAYS.insert().values(**row, **counts))
    )


class TestEndpoints:
    async def test_a_failing_one_is_told_in_words(self, shop: Visitor, stack: Stack) -> None:
        delivery = await webhook(stack)
        for number in range(5):
            await delivery.attempt(503, in_round=number + 1)
        page = await shop.get("/p/shop")
        assert "failing</span>" in page.html
        assert "Every attempt since 2 Mar, 15:30 failed" in page.text

    async def test_what_follows_a_question_mark_is_not_shown(
        self, shop: Visitor, stack: Stack
    ) -> None:
        await webhook(stack, "https://hooks.shop.example/take?token=secret-word")
        page = await shop.get("/p/shop")
        assert "hooks.shop.example/take" in page.text
        assert "secret-word" not in page.html


class TestLastEvents:
    async def test_they_lead_to_the_order(self, shop: Visitor, stack: Stack) -> None:
        await webhook(stack)
        page = await shop.get("/p/shop")
        assert 'href="/dashboard/p/shop/orders?order_id=ORD-1"' in page.html
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
