"""The list of orders with its file, and one order: what the customer and each endpoint got."""

import csv
import io
import re
from datetime import datetime, timedelta

import pytest

from contracts.access.audit import AuditAction
from contracts.access.users import Role
from contracts.clock import utc_now
from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import DeadLetterReason, DeliveryState, SkipReason
from contracts.payload.events import TrackingEvent
from dashboard.routes import order_list
from store.deliveries.dead_lettering import record_dead_letter
from store.events.erasure import erase_events
from store.tables import AuditEntryRow, DeliveryRow
from tests.support.factories import make_event, make_groups, make_order
from tests.support.shelf import Shelf, Text, Webhook
from tests.support.stack import Stack
from tests.support.visitor import Visitor

ORDER = "/p/shop/orders?order_id=ORD-1"
REVEAL = "/p/shop/orders/reveal?order_id=ORD-1"
FULL = ("Asha Kulkarni", "+919876543210", "14 Lakshmi Nivas", "411004")
CODE = "483920"


@pytest.fixture
def shelf(stack: Stack) -> Shelf:
    """A look into the database, where the partner `shop` is."""
    return Shelf(stack.database)


def happening(
    kind: str = "order_confirmed", order_id: str = "ORD-1", **order: object
) -> TrackingEvent:
    """Something that happens to an order of the shop just now."""
    groups = make_groups(order=make_order(order_id=order_id, **order))
    return TrackingEvent.model_validate(make_event(kind, data=groups))


async def accept(shelf: Shelf, event: TrackingEvent) -> TrackingEvent:
    return await shelf.accept(event, now=utc_now())


@pytest.fixture
async def webhook(owner: Visitor, shelf: Shelf) -> Webhook:
    """A planned webhook of the order ORD-1."""
    endpoint = await shelf.add_endpoint(description="Our CRM")
    event = happening("out_for_delivery", partner_order_ref="#1042", awb_number="AWB-77")
    [planned] = (await shelf.plan(event, now=utc_now())).deliveries
    return Webhook(shelf, event, planned.delivery_id, endpoint.id)


@pytest.fixture
async def text(owner: Visitor, shelf: Shelf, stack: Stack) -> Text:
    """A planned SMS of the order ORD-1, with an OTP."""
    for change in ({"webhook_enabled": False}, {"sms_enabled": True}):
        await stack.api.patch("/v1/partners/shop", json=change)
    event = happening("out_for_delivery")
    [planned] = (await shelf.plan(event, now=utc_now())).deliveries
    return Text(shelf, event, planned.delivery_id)


async def fall(webhook: Webhook) -> None:
    """Make the delivery a failed one."""
    dead_letter = RecordDeadLetter(webhook.id, DeadLetterReason.EXHAUSTED, "http_503")
    await webhook.shelf.database.write(record_dead_letter, dead_letter, utc_now())


def orders_on(html: str) -> list[str]:
    return re.findall(r'rowheader"><a [^>]*><bdi>([^<]+)</bdi>', html)


class TestTheList:
    async def test_a_line_says_whose_it_is_where_it_is_and_who_has_heard(
        self, owner: Visitor, webhook: Webhook
    ) -> None:
        await webhook.attempt(200)
        page = await owner.get("/p/shop/orders")
        for said in ("ORD-1", "#1042", "Asha ••••3210", "out for delivery", "sent", "ago"):
            assert said in page.text, said
        assert [one for one in (*FULL, CODE) if one in page.html] == []

    async def test_it_is_narrowed_by_parcel_and_by_problem(
        self, owner: Visitor, webhook: Webhook
    ) -> None:
        await accept(webhook.shelf, happening("delivered", "ORD-2"))
        await fall(webhook)
        for query, found in (
            ("", ["ORD-2", "ORD-1"]),
            ("parcel=delivered", ["ORD-2"]),
            ("problem=failed", ["ORD-1"]),
            ("problem=on-hold", []),
            ("parcel=nonsense&problem=nonsense", ["ORD-2", "ORD-1"]),
        ):
            assert orders_on((await owner.get(f"/p/shop/orders?{query}")).html) == found, query

    async def test_test_orders_have_a_badge_and_can_be_left_out(
        self, owner: Visitor, shelf: Shelf
    ) -> None:
        await accept(shelf, happening().model_copy(update={"is_test": True}))
        page = await owner.get("/p/shop/orders")
        assert re.search(r'rowheader">.*?quiet">(<svg.*?</svg>)?test<', page.html, re.DOTALL)
        assert orders_on((await owner.get("/p/shop/orders?tests=no")).html) == []

    @pytest.mark.parametrize(
        ("days", "said"),
        [
            ("since=2026-11-28&until=2026-11-20", "The first day is after the last one"),
            ("since=yesterday", "That is no date"),
        ],
    )
    async def test_days_that_bound_nothing_are_said(
        self, owner: Visitor, shelf: Shelf, days: str, said: str
    ) -> None:
        for place in ("orders", "orders.csv", "events"):
            page = await owner.get(f"/p/shop/{place}?{days}")
            assert (page.status, said in page.text) == (422, True), place
            assert "No order found" not in page.text

    async def test_pages_follow_each_other(
        self, owner: Visitor, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(order_list, "_ON_A_PAGE", 2)
        for number in range(3):
            await accept(shelf, happening(order_id=f"ORD-{number}"))
        first = await owner.get("/p/shop/orders?tests=no")
        [older] = re.findall(r'rel="next" href="/dashboard([^"]+)"', first.html)
        second = await owner.get(older.replace("&amp;", "&"))
        assert orders_on(first.html) + orders_on(second.html) == ["ORD-2", "ORD-1", "ORD-0"]

    async def test_without_any_order_it_says_what_will_come(self, owner: Visitor) -> None:
        assert "No orders yet" in (await owner.get("/p/shop/orders")).text

    async def test_an_endpoint_has_a_name_where_there_are_two(
        self, owner: Visitor, shelf: Shelf
    ) -> None:
        await shelf.add_endpoint(description="Our CRM")
        await shelf.add_endpoint(url="https://erp.shop.example/in?token=secret")
        await shelf.plan(happening(), now=utc_now())
        for place in ("orders", "events"):
            page = await owner.get(f"/p/shop/{place}")
            assert "Our CRM" in page.text
            assert "erp.shop.example/in" in page.text
            assert "token=secret" not in page.html

    async def test_an_sms_that_nobody_asked_for_is_no_line(
        self, owner: Visitor, webhook: Webhook
    ) -> None:
        skipped = {"state": DeliveryState.SKIPPED, "skip_reason": SkipReason.SMS_OFF_FOR_TYPE}
        await webhook.shelf.change(DeliveryRow, webhook.id, **skipped, fallback=True)
        for place in ("orders", "events", "orders?order_id=ORD-1"):
            page = await owner.get(f"/p/shop/{place}")
            text = page.text.partition("Copy for a ticket")[0]
            assert "skipped: " not in text, place
            assert "switched off for this kind" not in text, place


class TestTheFile:
    async def test_it_has_the_lines_of_the_list(self, owner: Visitor, webhook: Webhook) -> None:
        await accept(webhook.shelf, happening("delivered", "=1+1"))
        await webhook.attempt(200)
        file = await owner.http.get("/dashboard/p/shop/orders.csv")
        assert file.headers["content-disposition"] == 'attachment; filename="orders.csv"'
        header, first, second = csv.reader(io.StringIO(file.text.removeprefix("\ufeff")))
        assert header[:4] == ["Order", "Your own number", "AWB number", "Customer"]
        assert (first[0], first[4]) == ("'=1+1", "delivered")
        assert second[:5] == ["ORD-1", "#1042", "AWB-77", "Asha ••••3210", "out for delivery"]
        assert second[7] == "Our CRM: sent"
        assert datetime.fromisoformat(second[5])

    async def test_it_has_the_filters_of_the_list(self, owner: Visitor, webhook: Webhook) -> None:
        page = await owner.get("/p/shop/orders?parcel=out_for_delivery")
        [place] = re.findall(r'href="/dashboard([^"]+orders\.csv[^"]*)"', page.html)
        assert place == "/p/shop/orders.csv?parcel=out_for_delivery"
        file = await owner.http.get("/dashboard/p/shop/orders.csv?parcel=delivered")
        assert "ORD-1" not in file.text

    async def test_it_is_bounded_and_says_so(
        self, owner: Visitor, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(order_list, "MOST_IN_A_FILE", 2)
        monkeypatch.setattr(order_list, "ROWS_AT_ONCE", 1)
        for number in range(3):
            await accept(shelf, happening(order_id=f"ORD-{number}"))
        file = await owner.http.get("/dashboard/p/shop/orders.csv")
        lines = file.text.splitlines()
        assert len(lines) == 4
        assert "Only the newest 2 orders" in lines[-1]


class TestOtherFiles:
    async def test_events_are_saved_with_the_filters_of_their_page(
        self, owner: Visitor, webhook: Webhook
    ) -> None:
        await accept(webhook.shelf, happening("delivered", "ORD-2"))
        await webhook.attempt(200)
        assert "/events.csv?q=ORD-1" in (await owner.get("/p/shop/events?q=ORD-1")).html
        file = await owner.http.get("/dashboard/p/shop/events.csv?q=ORD-1")
        _, row = csv.reader(io.StringIO(file.text.removeprefix("\ufeff")))
        event = webhook.event.event_id
        assert row[1:5] == ["Out for delivery", "ORD-1", event, "Our CRM: sent"]

    async def test_undelivered_parcels_are_saved(self, owner: Visitor, shelf: Shelf) -> None:
        await accept(shelf, happening("delivery_failed"))
        assert "/failed-deliveries.csv" in (await owner.get("/p/shop/failed-deliveries")).html
        file = await owner.http.get("/dashboard/p/shop/failed-deliveries.csv")
        _, row = csv.reader(io.StringIO(file.text.removeprefix("\ufeff")))
        assert row[:4] == ["ORD-1", "The customer", "customer_unavailable", "1"]


class TestOneOrder:
    async def test_it_says_what_is_known_and_nothing_that_is_only_the_customer_s(
        self, owner: Visitor, webhook: Webhook
    ) -> None:
        amount = {"amount": "1499.00"}
        last = happening(
            "delivery_failed", partner_order_ref="#1042", payment_mode="cod", cod_amount=amount
        )
        await accept(webhook.shelf, last)
        page = await owner.get(ORDER)
        assert "<title>ORD-1: delivery failed" in page.html
        for said in ("#1042", "Asha ••••3210", "Pune", "₹1,499.00, cash on delivery", "Imran"):
            assert said in page.text, said
        assert [one for one in (*FULL, CODE, "Shaikh", "9812345678") if one in page.html] == []

    async def test_a_failed_update_says_what_answered_and_can_be_retried_there(
        self, owner: Visitor, webhook: Webhook
    ) -> None:
        await webhook.attempt(503)
        await fall(webhook)
        page = await owner.get(ORDER)
        for said in ("Our CRM", "failed", "answered 503 (Service Unavailable), one attempt:"):
            assert said in page.text, said
        assert f"/events/{webhook.event.event_id}" in page.html
        asked = await owner.post(f"/p/shop/deliveries/{webhook.id}/retry", {"order_id": "ORD-1"})
        assert "/orders?order_id=ORD-1" in asked.url
        assert "Sending…" in asked.text
        assert "Retry queued. Updating live…" in asked.text

    async def test_a_refused_retry_says_why_in_the_part_that_the_button_replaces(
        self, owner: Visitor, webhook: Webhook
    ) -> None:
        await webhook.attempt(200)
        path = f"/p/shop/deliveries/{webhook.id}/retry"
        answer = await owner.post(path, {"order_id": "ORD-1"})
        part = answer.html.partition('id="updates"')[2].partition("</section>")[0]
        assert (answer.status, "It has been sent already." in part) == (409, True)

    async def test_it_looks_again_only_while_something_goes_on(
        self, owner: Visitor, webhook: Webhook
    ) -> None:
        live = 'id="updates" data-from="/dashboard/p/shop/orders?order_id=ORD-1"'
        assert live in (await owner.get(ORDER)).html
        await webhook.attempt(200)
        assert "data-from" not in (await owner.get(ORDER)).html

    async def test_it_can_be_copied_for_a_ticket_without_anything_personal(
        self, owner: Visitor, webhook: Webhook
    ) -> None:
        await webhook.attempt(503)
        for path in (ORDER, f"/p/shop/events/{webhook.event.event_id}"):
            html = (await owner.get(path)).html
            ticket = html.partition('<pre id="ticket" tabindex="0">')[2].partition("</pre>")[0]
            for said in ("ORD-1", "shop", webhook.event.event_id, webhook.id, "http_503"):
                assert said in ticket, (path, said)
            assert [one for one in ("Asha", "3210", "Imran", "Pune") if one in ticket] == []

    async def test_an_erased_one_is_still_a_page(self, owner: Visitor, webhook: Webhook) -> None:
        await webhook.shelf.database.write(erase_events, [webhook.event.event_id], utc_now())
        page = await owner.get(ORDER)
        assert (page.status, "The customer's data was erased." in page.text) == (200, True)
        assert "/orders/reveal" not in page.html
        assert (await owner.post(REVEAL)).status == 409


class TestTheSms:
    async def test_it_is_shown_as_the_customer_read_it_with_the_otp_masked(
        self, owner: Visitor, text: Text
    ) -> None:
        ready = await text.ready(now=utc_now())
        await text.settle(ready, now=utc_now())
        await text.hear(ready, "delivered", now=utc_now())
        page = await owner.get(ORDER)
        [bubble] = re.findall(r'class="bubble"[^>]*>([^<]+)<', page.html)
        assert CODE in ready.body
        assert bubble == ready.body.replace(CODE, "••••")
        assert re.search(r"on the phone \d\d:\d\d", page.text)
        assert "DRSTEP" in page.text
        assert CODE not in page.html

    async def test_one_that_was_skipped_says_why_and_has_no_bubble(
        self, owner: Visitor, text: Text
    ) -> None:
        skipped = {"state": DeliveryState.SKIPPED, "skip_reason": SkipReason.OPTED_OUT}
        await text.shelf.change(DeliveryRow, text.id, **skipped)
        page = await owner.get(ORDER)
        assert "The customer has opted out of SMS from this shop." in page.text
        assert 'class="bubble"' not in page.html


class TestRevealing:
    @pytest.mark.parametrize("role", [Role.OWNER, Role.MEMBER])
    async def test_it_is_shown_once_and_written_down(
        self, visitor: Visitor, shelf: Shelf, role: Role
    ) -> None:
        await accept(shelf, happening())
        person = await visitor.sign_in_as(role, "shop")
        shown = await person.post(REVEAL)
        assert [one for one in FULL if one not in shown.html] == []
        again = await person.get(ORDER)
        assert [one for one in FULL if one in again.html] == []
        by_address = await person.get(REVEAL)
        assert (by_address.url.rpartition("/p/shop")[2], FULL[0] in by_address.html) == (
            "/orders?order_id=ORD-1",
            False,
        )
        rows = await shelf.all_rows(AuditEntryRow)
        assert len([one for one in rows if one.action is AuditAction.CUSTOMER_REVEALED]) == 1
        log = await person.get("/p/shop/audit")
        assert f"{role} person looked at an order's customer" in log.text
        assert "ORD-1" in log.text

    async def test_it_takes_a_form_of_the_session(self, owner: Visitor, shelf: Shelf) -> None:
        await accept(shelf, happening())
        assert (await owner.post(REVEAL, csrf="guessed")).status == 403
        actions = [one.action for one in await shelf.all_rows(AuditEntryRow)]
        assert AuditAction.CUSTOMER_REVEALED not in actions

    async def test_another_partner_s_customer_is_nobody_s(
        self, visitor: Visitor, shelf: Shelf
    ) -> None:
        await accept(shelf, happening())
        await shelf.add_partner("rival")
        rival = await visitor.sign_in_as(Role.OWNER, "rival")
        assert (await rival.post("/p/rival/orders/reveal?order_id=ORD-1")).status == 404
        assert (await rival.get("/p/rival/orders?order_id=ORD-1")).status == 404
        assert orders_on((await rival.get("/p/rival/orders")).html) == []


async def test_the_list_is_by_when_it_reached_us(owner: Visitor, shelf: Shelf) -> None:
    now = utc_now()
    for number, minutes in ((1, 5), (2, 90)):
        at = now - timedelta(minutes=minutes)
        ordered = (at - timedelta(hours=1)).isoformat()
        event = happening(order_id=f"ORD-{number}", ordered_at=ordered)
        await shelf.accept(event.model_copy(update={"occurred_at": at}), now=at)
    page = await owner.get("/p/shop/orders")
    assert orders_on(page.html) == ["ORD-1", "ORD-2"]
    assert "5 min. ago" in page.text
