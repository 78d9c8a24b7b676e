"""In a real Chromium: find an event, watch it fail and count down, retry it, see it turn."""

import re

import pytest
from playwright.async_api import expect

from contracts.access.users import Role
from sandbox.merchant import Merchant
from sandbox.steps import Answer
from tests.browser.seat import PHONE_WIDTH, Seat, seated
from tests.support.factories import make_event, make_groups, make_order

pytestmark = pytest.mark.extended

MARK = "window.notReloaded = true"
IS_MARKED = "window.notReloaded === true"


def an_order(order_id: str) -> dict[str, object]:
    """The groups of an event of this order."""
    return make_groups(order=make_order(order_id=order_id, awb_number=f"AWB-{order_id}"))


async def test_an_event_is_found_by_its_order_and_leads_to_the_timeline(window: Seat) -> None:
    async with Merchant() as merchant:
        await window.stack.add_endpoint(merchant.url)
        for order_id in ("ORD-1", "ORD-2"):
            event_id = await window.stack.send(make_event(data=an_order(order_id)))
            await window.stack.delivery(event_id, "delivered")
        await window.sign_in_as(Role.MEMBER, "shop")
        page = await window.open("/p/shop/events")
        rows = page.locator("tbody tr")
        await expect(rows).to_have_count(2)
        await page.get_by_label("Order, AWB number or event").fill("ORD-2")
        await page.get_by_role("button", name="Search").click()
        await expect(rows).to_have_count(1)
        await expect(rows).to_contain_text("sent")
        await page.get_by_role("link", name="ORD-2").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Order ORD-2")
        await page.get_by_role("link", name="Technical details").click()
        await expect(page).to_have_url(re.compile(f"/events/{event_id}$"))
        await expect(page.locator("#deliveries")).to_contain_text("answered 200 (OK)")


async def test_a_failing_delivery_counts_down_and_a_retry_turns_it_without_a_reload(
    window: Seat,
) -> None:
    async with Merchant(behaviour=[Answer(503), Answer(200)]) as merchant:
        await window.stack.add_endpoint(merchant.url)
        event_id = await window.stack.send(make_event())
        await window.stack.after_attempts(event_id, 1)
        await window.sign_in_as(Role.MEMBER, "shop")
        page = await window.open(f"/p/shop/events/{event_id}")
        await page.evaluate(MARK)
        part = page.locator("#deliveries")
        await expect(part).to_contain_text("answered 503 (Service Unavailable)")
        left = page.locator("[data-countdown]")
        shown = await left.inner_text()
        await expect(left).not_to_have_text(shown)
        retry = part.get_by_role("button", name="Retry now")
        await retry.focus()
        await page.keyboard.press("Enter")
        await expect(part).to_contain_text("answered 200 (OK)")
        await expect(part.locator(".pill.good").first).to_have_text("sent")
        await expect(part.locator("tbody tr")).to_have_count(2)
        assert await page.evaluate(IS_MARKED)


async def test_a_delivered_one_is_sent_again_after_a_question(window: Seat) -> None:
    async with Merchant() as merchant:
        await window.stack.add_endpoint(merchant.url)
        event_id = await window.stack.send(make_event())
        await window.stack.delivery(event_id, "delivered")
        await window.sign_in_as(Role.OWNER, "shop")
        page = await window.open(f"/p/shop/events/{event_id}")
        await page.evaluate(MARK)
        await page.get_by_role("button", name="Resend").click()
        await expect(page.locator("#deliveries tbody tr")).to_have_count(2)
        await merchant.wait_for(2)
        assert await page.evaluate(IS_MARKED)


async def test_a_refused_retry_says_why_without_a_reload(window: Seat) -> None:
    async with Merchant(behaviour=[Answer(503)]) as merchant:
        endpoint = await window.stack.add_endpoint(merchant.url)
        event_id = await window.stack.send(make_event())
        await window.stack.after_attempts(event_id, 1)
        await window.sign_in_as(Role.OWNER, "shop")
        page = await window.open(f"/p/shop/events/{event_id}")
        await page.evaluate(MARK)
        paused = {"state": "paused"}
        answer = await window.stack.api.patch(f"/v1/endpoints/{endpoint['id']}", json=paused)
        assert answer.status_code == 200, answer.text
        await page.get_by_role("button", name="Retry now").click()
        await expect(page.get_by_role("alert")).to_contain_text("Switch it on first")
        assert await page.evaluate(IS_MARKED)


async def test_another_partner_s_event_is_not_there(window: Seat) -> None:
    await window.stack.add_partner("other")
    event_id = await window.stack.send(make_event(partner_id="other"))
    await window.sign_in_as(Role.OWNER, "shop")
    for path in (f"/p/shop/events/{event_id}", f"/p/other/events/{event_id}"):
        answer = await window.page.goto(f"{window.address}/dashboard{path}")
        assert answer is not None
        assert answer.status == 404
        await expect(window.page.get_by_role("heading")).to_have_text("There is no such page")


async def test_the_pages_read_and_work_without_scripts(window: Seat) -> None:
    browser = window.context.browser
    assert browser is not None
    async with Merchant(behaviour=[Answer(503), Answer(200)]) as merchant:
        await window.stack.add_endpoint(merchant.url)
        event_id = await window.stack.send(make_event(data=an_order("ORD-1")))
        await window.stack.after_attempts(event_id, 1)
        async with seated(browser, window.stack, window.address, scripts=False) as plain:
            await plain.sign_in_as(Role.MEMBER, "shop")
            page = await plain.open("/p/shop/events")
            await page.get_by_label("Order, AWB number or event").fill("AWB-ORD-1")
            await page.get_by_role("button", name="Search").click()
            await page.get_by_role("link", name="Order confirmed").click()
            await expect(page.locator("#deliveries")).to_contain_text("Next attempt in")
            await page.get_by_text("Payload (version 1.0)").click()
            await expect(page.locator("pre").last).to_be_visible()
            await page.get_by_role("button", name="Retry now").click()
            await window.stack.delivery(event_id, "delivered")
            await page.get_by_role("link", name="Look again").click()
            await expect(page.locator("#deliveries")).to_contain_text("answered 200 (OK)")


async def test_on_a_phone_no_page_is_wider_than_the_screen(window: Seat) -> None:
    async with Merchant(behaviour=[Answer(503, body=b"down for a while")]) as merchant:
        await window.stack.add_endpoint(merchant.url)
        event_id = await window.stack.send(make_event(data=an_order("ORD-1")))
        await window.stack.after_attempts(event_id, 1)
        await window.sign_in_as(Role.MEMBER, "shop")
        await window.page.set_viewport_size(PHONE_WIDTH)  # type: ignore[arg-type]
        for path in ("events", "orders?order_id=ORD-1", f"events/{event_id}"):
            page = await window.open(f"/p/shop/{path}")
            wide = await page.evaluate("document.documentElement.scrollWidth")
            assert wide <= PHONE_WIDTH["width"], path
