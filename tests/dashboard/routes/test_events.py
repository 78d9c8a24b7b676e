"""The event log, one order's timeline, one event, and what may be done about a delivery."""

import re
from datetime import timedelta

import pytest

from contracts.access.users import Role
from contracts.clock import utc_now
from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import DeadLetterReason, DeliveryState, HoldReason, SkipReason
from contracts.payload.events import TrackingEvent
from dashboard.translations import words_in
from store.deliveries.dead_lettering import record_dead_letter
from store.events.erasure import erase_events
from store.tables import DeliveryRow, EventRow
from tests.support.factories import make_event, make_groups, make_order
from tests.support.shelf import NOW, Shelf, Text, Webhook, an_event
from tests.support.stack import Stack
from tests.support.visitor import Visitor

PERSONAL = ("Asha", "9876543210", "Lakshmi", "Imran", "9812345678", "483920")


@pytest.fixture
def shelf(stack: Stack) -> Shelf:
    """A look into the database, where the partner `shop` is."""
    return Shelf(stack.database)


@pytest.fixture
async def webhook(owner: Visitor, shelf: Shelf) -> Webhook:
    """A planned webhook of `shop`."""
    endpoint = await shelf.add_endpoint(
        custom_headers={"x-api-key": "merchant-secret"}, description="Our shop"
    )
    event = an_event("out_for_delivery", data=with_order("ORD-1", "AWB-77"))
    [planned] = (await shelf.plan(event)).deliveries
    return Webhook(shelf, event, planned.delivery_id, endpoint.id)


def with_order(order_id: str, awb_number: str | None = None) -> dict[str, object]:
    """The groups of an event, of this order, with an OTP that has not ended."""
    order = make_order(
        order_id=order_id, awb_number=awb_number, ordered_at=(NOW - timedelta(1)).isoformat()
    )
    until = (NOW + timedelta(minutes=30)).isoformat()
    otp = {"code": "483920", "valid_from": NOW.isoformat(), "valid_until": until}
    return make_groups(order=order, otp=otp)


class TestTheLog:
    @pytest.mark.parametrize("said", ["ORD-1", "AWB-77", "evt-known", "  ORD-1 "])
    async def test_an_event_is_found_by_order_awb_number_and_id(
        self, owner: Visitor, shelf: Shelf, said: str
    ) -> None:
        await shelf.accept(an_event(event_id="evt-known", data=with_order("ORD-1", "AWB-77")))
        await shelf.accept(an_event("delivered", data=with_order("ORD-2")))
        found = await owner.get(f"/p/shop/events?q={said}&type=&state=&since=&until=")
        assert events_on(found.html) == ["evt-known"]
        assert "Order confirmed" in found.text

    async def test_another_partner_s_is_not_found_by_anything(
        self, owner: Visitor, stack: Stack, shelf: Shelf
    ) -> None:
        await stack.add_partner("other")
        theirs = an_event(
            partner_id="other", event_id="evt-theirs", data=with_order("ORD-9", "AWB-9")
        )
        await shelf.accept(theirs)
        for said in ("ORD-9", "AWB-9", "evt-theirs"):
            found = await owner.get(f"/p/shop/events?q={said}")
            assert (found.status, events_on(found.html)) == (200, [])
            assert "Nothing found" in found.text
        assert (await owner.get("/p/shop/orders?order_id=ORD-9")).status == 404
        assert (await owner.get("/p/shop/events/evt-theirs")).status == 404
        assert (await owner.get("/p/other/events")).status == 404

    async def test_days_are_those_of_the_partner_s_time_zone(
        self, owner: Visitor, shelf: Shelf
    ) -> None:
        event = await shelf.accept()
        late = NOW.replace(hour=20)  # 01:30 on the third of March in India
        await shelf.change(EventRow, event.event_id, accepted_at=late)
        for query, there in (
            ("since=2026-03-03&until=2026-03-03", True),
            ("since=2026-03-02&until=2026-03-02", False),
            ("until=2026-03-02", False),
            ("since=2026-03-04", False),
        ):
            found = await owner.get(f"/p/shop/events?{query}")
            assert (event.event_id in found.html) is there, query

    @pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "9999-12-31"])
    async def test_a_day_that_is_none_is_said(self, owner: Visitor, day: str) -> None:
        page = await owner.get(f"/p/shop/events?q=ORD-1&until={day}")
        assert (page.status, "That is no date" in page.text) == (422, True)
        assert 'value="ORD-1"' in page.html

    async def test_it_is_narrowed_by_type_and_delivery_state(
        self, owner: Visitor, webhook: Webhook
    ) -> None:
        await webhook.shelf.plan(an_event("delivered", data=with_order("ORD-2")))
        await webhook.attempt(200)
        sent = await owner.get("/p/shop/events?state=delivered")
        assert events_on(sent.html) == [webhook.event.event_id]
        both = await owner.get("/p/shop/events?type=delivered&state=delivered")
        assert events_on(both.html) == []
        typed = await owner.get("/p/shop/events?type=delivered")
        assert len(events_on(typed.html)) == 1

    async def test_pages_follow_each_other(self, owner: Visitor, shelf: Shelf) -> None:
        events = [await shelf.accept(an_event()) for _ in range(51)]
        first = await owner.get("/p/shop/events?type=order_confirmed")
        [older] = re.findall(r'rel="next" href="/dashboard([^"]+)"', first.html)
        second = await owner.get(older.replace("&amp;", "&"))
        assert "type=order_confirmed" in older
        found = events_on(first.html) + events_on(second.html)
        assert sorted(found) == sorted(event.event_id for event in events)

    async def test_without_any_event_it_says_what_will_come(self, owner: Visitor) -> None:
        assert "No events yet" in (await owner.get("/p/shop/events")).text


class TestAnOrder:
    async def test_its_events_are_in_the_order_in_which_they_happened(
        self, owner: Visitor, webhook: Webhook
    ) -> None:
        early = (NOW - timedelta(hours=1)).isoformat()
        await webhook.shelf.plan(
            an_event("order_confirmed", occurred_at=early, data=with_order("ORD-1"))
        )
        page = await owner.get("/p/shop/orders?order_id=ORD-1")
        updates = re.findall(r"<h3>([^<]+)</h3>", page.html)
        assert updates == ["Order confirmed", "Out for delivery"]
        assert "Our shop" in page.text
        assert "queued" in page.text

    async def test_it_says_why_something_waits(self, owner: Visitor, webhook: Webhook) -> None:
        held = {"state": DeliveryState.HELD, "hold_reason": HoldReason.ENDPOINT_OFF}
        await webhook.shelf.change(DeliveryRow, webhook.id, **held)
        page = await owner.get("/p/shop/orders?order_id=ORD-1")
        assert "The endpoint is switched off. Switch it on" in page.text


class TestAnEvent:
    async def test_it_shows_the_attempts_in_words_and_nothing_personal(
        self, owner: Visitor, webhook: Webhook
    ) -> None:
        await webhook.attempt(503)
        page = await owner.get(event_path(webhook))
        assert "answered 503 (Service Unavailable)" in page.text
        assert "said so" in page.text
        assert "retrying" in page.text
        assert "data-countdown" in page.html
        assert "automatically" in page.text
        assert [one for one in (*PERSONAL, "merchant-secret") if one in page.html] == []
        for shown in ("AWB-77", "+91********10", "x-api-key", "webhook-signature", "v1,…"):
            assert shown in page.text

    @pytest.mark.parametrize("reason", list(SkipReason))
    async def test_every_reason_of_a_skip_is_a_sentence(
        self, owner: Visitor, webhook: Webhook, reason: SkipReason
    ) -> None:
        skipped = {"state": DeliveryState.SKIPPED, "skip_reason": reason}
        await webhook.shelf.change(DeliveryRow, webhook.id, **skipped)
        page = await owner.get(event_path(webhook))
        assert in_words(f"why-skipped-{reason}") in page.text
        assert "Retry now" not in page.text

    async def test_a_dead_letter_says_what_to_do(self, owner: Visitor, webhook: Webhook) -> None:
        await kill(webhook)
        page = await owner.get(event_path(webhook))
        assert "Retry once it is up again." in page.text
        assert "Retry now" in page.text

    @pytest.mark.parametrize("state", [DeliveryState.DISCARDED, DeliveryState.EXPIRED])
    async def test_what_has_ended_for_good_has_no_button(
        self, owner: Visitor, webhook: Webhook, state: DeliveryState
    ) -> None:
        await webhook.shelf.change(DeliveryRow, webhook.id, state=state)
        page = await owner.get(event_path(webhook))
        assert "It will not be sent" in page.text
        assert "/retry" not in page.html

    async def test_it_looks_again_only_while_something_goes_on(
        self, owner: Visitor, webhook: Webhook
    ) -> None:
        live = 'id="deliveries" data-from="/dashboard/p/shop/events/'
        assert live in (await owner.get(event_path(webhook))).html
        await webhook.attempt(200)
        assert live not in (await owner.get(event_path(webhook))).html
        now = int(utc_now().timestamp())
        assert live in (await owner.get(f"{event_path(webhook)}?asked={now}")).html
        assert live not in (await owner.get(f"{event_path(webhook)}?asked={now - 600}")).html

    async def test_an_erased_one_says_so(self, owner: Visitor, webhook: Webhook) -> None:
        await webhook.shelf.database.write(erase_events, [webhook.event.event_id], NOW)
        page = await owner.get(event_path(webhook))
        assert "The customer's data was erased" in page.text
        assert "AWB-77" not in page.text
        assert "/retry" not in page.html

    async def test_ops_alone_have_a_link_to_the_execution(
        self, visitor: Visitor, webhook: Webhook
    ) -> None:
        link = f"http://temporal.test/namespaces/default/workflows/event%2F{webhook.event.event_id}"
        assert link not in (await visitor.get(event_path(webhook))).html
        ops = await Visitor(visitor.app).sign_in_as(Role.OPS)
        assert link in (await ops.get(event_path(webhook))).html


class TestRetrying:
    async def test_a_member_may_and_the_page_says_that_it_is_on_its_way(
        self, owner: Visitor, webhook: Webhook, stack: Stack
    ) -> None:
        await kill(webhook)
        member = await Visitor(owner.app).sign_in_as(Role.MEMBER, "shop")
        asked = await member.post(f"/p/shop/deliveries/{webhook.id}/retry")
        assert asked.status == 200
        assert "Retry queued" in asked.text
        await stack.handle(webhook.event.event_id).describe()  # it has a workflow now

    async def test_what_was_delivered_is_sent_again_by_its_own_button_only(
        self, owner: Visitor, webhook: Webhook
    ) -> None:
        await webhook.attempt(200)
        page = await owner.get(event_path(webhook))
        assert ">Resend<" in page.html
        plain = await owner.post(f"/p/shop/deliveries/{webhook.id}/retry")
        assert (plain.status, "It has been sent already" in plain.text) == (409, True)
        again = await owner.post(f"/p/shop/deliveries/{webhook.id}/retry", {"resend": "true"})
        assert "Retry queued" in again.text

    async def test_a_refusal_is_in_the_part_that_the_button_replaces(
        self, owner: Visitor, webhook: Webhook
    ) -> None:
        await webhook.attempt(200)
        assert 'data-part="deliveries"' in (await owner.get(event_path(webhook))).html
        answer = await owner.post(f"/p/shop/deliveries/{webhook.id}/retry")
        part = answer.html.partition('id="deliveries"')[2].partition("</section>")[0]
        assert (answer.status, "It has been sent already" in part) == (409, True)

    async def test_another_partner_s_delivery_is_not_found(
        self, owner: Visitor, webhook: Webhook, stack: Stack
    ) -> None:
        await stack.add_partner("other")
        stranger = await Visitor(owner.app).sign_in_as(Role.OWNER, "other")
        fields = {"csrf": await stranger.csrf(), "phone": "9845012345"}
        for partner_id in ("other", "shop"):
            for wish in ("retry", "redirect"):
                path = f"/dashboard/p/{partner_id}/deliveries/{webhook.id}/{wish}"
                answer = await stranger.http.post(path, data=fields)
                assert answer.status_code == 404, path


class TestTexts:
    @pytest.fixture
    async def text(self, owner: Visitor, shelf: Shelf, stack: Stack) -> Text:
        """A text of `shop` that has just been planned."""
        await stack.api.patch("/v1/partners/shop", json={"webhook_enabled": False})
        await stack.api.patch("/v1/partners/shop", json={"sms_enabled": True})
        event = TrackingEvent.model_validate(make_event())
        await shelf.accept(event, now=utc_now())
        [planned] = (await shelf.plan(event, now=utc_now())).deliveries
        return Text(shelf, event, planned.delivery_id)

    async def test_they_show_state_parts_and_a_masked_phone(
        self, owner: Visitor, text: Text
    ) -> None:
        await text.settle(await text.ready(now=utc_now()))
        page = await owner.get(f"/p/shop/events/{text.event.event_id}")
        assert "sent, no news yet" in page.text
        assert "+91********10" in page.text
        assert "twilio_accepted" in page.text
        assert [one for one in PERSONAL if one in page.html] == []

    async def test_a_wrong_phone_is_corrected(self, owner: Visitor, text: Text) -> None:
        skipped = {"state": DeliveryState.SKIPPED, "skip_reason": SkipReason.INVALID_PHONE}
        await text.shelf.change(DeliveryRow, text.id, **skipped)
        path = f"/p/shop/deliveries/{text.id}/redirect"
        page = await owner.get(f"/p/shop/events/{text.event.event_id}")
        assert path in page.html
        for wrong, said in (("12", "That is no phone number"), ("+912012345678", "mobile")):
            refused = await owner.post(path, {"phone": wrong})
            assert (refused.status, said in refused.text) == (422, True)
        taken = await owner.post(path, {"phone": "98450 12345"})
        assert "The number was corrected" in taken.text
        assert (await text.row()).corrected_phone is not None
        assert "9845012345" not in taken.html

    async def test_a_member_corrects_no_phone(self, owner: Visitor, text: Text) -> None:
        skipped = {"state": DeliveryState.SKIPPED, "skip_reason": SkipReason.INVALID_PHONE}
        await text.shelf.change(DeliveryRow, text.id, **skipped)
        member = await Visitor(owner.app).sign_in_as(Role.MEMBER, "shop")
        path = f"/p/shop/deliveries/{text.id}/redirect"
        assert path not in (await member.get(f"/p/shop/events/{text.event.event_id}")).html
        assert (await member.post(path, {"phone": "98450 12345"})).status == 403
        assert (await text.row()).corrected_phone is None

    async def test_one_that_arrived_has_no_form_and_takes_none(
        self, owner: Visitor, text: Text
    ) -> None:
        await text.settle(await text.ready(now=utc_now()))
        path = f"/p/shop/deliveries/{text.id}/redirect"
        assert path not in (await owner.get(f"/p/shop/events/{text.event.event_id}")).html
        assert (await owner.post(path, {"phone": "98450 12345"})).status == 409
        assert (await text.row()).corrected_phone is None

    async def test_one_that_may_have_arrived_has_a_button_of_its_own(
        self, owner: Visitor, text: Text
    ) -> None:
        await text.lose_sight(await text.ready(now=utc_now()))
        await text.keep()
        page = await owner.get(f"/p/shop/events/{text.event.event_id}")
        assert "Resend though it may have arrived" in page.text
        assert "may have been sent" in page.text


async def kill(webhook: Webhook) -> None:
    """Make a delivery a dead letter."""
    dead_letter = RecordDeadLetter(webhook.id, DeadLetterReason.EXHAUSTED, "http_503")
    await webhook.shelf.database.write(record_dead_letter, dead_letter, utc_now())


def events_on(html: str) -> list[str]:
    """The ids of the events that a list links to."""
    return re.findall(r'role="rowheader"><a href="/dashboard/p/shop/events/([\w-]+)"', html)


def event_path(webhook: Webhook) -> str:
    """The page of its event."""
    return f"/p/shop/events/{webhook.event.event_id}"


def in_words(name: str) -> str:
    """What the pages say."""
    return words_in()(name)
