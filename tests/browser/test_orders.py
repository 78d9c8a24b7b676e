"""In a real Chromium: the list of orders, and one order with its steps, the SMS as it was read, the
customer in full for one look, and a retry that shows at once."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Browser, expect
from temporalio.client import Client

from contracts.access.audit import AuditAction
from contracts.access.users import Role
from sandbox.merchant import Merchant
from sandbox.steps import Answer
from store.db.database import Database
from store.tables import AuditEntryRow
from tests.browser.axe import serious_faults
from tests.browser.seat import Seat, seated
from tests.browser.tracked_shop import a_shop, faults_of, happening
from tests.support.shelf import Shelf

pytestmark = pytest.mark.extended

MARK = "window.notReloaded = true"
IS_MARKED = "window.notReloaded === true"
NAME, PHONE = "Asha Kulkarni", "+919876543210"
CODE = "483920"


@pytest.fixture
async def shop(
    browser: Browser, patient_client: Client, database: Database
) -> AsyncIterator[tuple[Seat, Merchant]]:
    """An owner in front of a shop that texts and has a CRM, which is down at first."""
    async with AsyncExitStack() as everything:
        enter = everything.enter_async_context
        stack, address, _ = await enter(a_shop(patient_client, database))
        await stack.api.patch("/v1/partners/shop", json={"webhook_enabled": True})
        merchant = await enter(Merchant(behaviour=[Answer(503), Answer(200)]))
        await stack.add_endpoint(merchant.url, description="Our CRM")
        seat = await enter(seated(browser, stack, address))
        yield await seat.sign_in_as(Role.OWNER, "shop"), merchant
        assert seat.complaints == []


async def test_an_order_shows_where_it_is_and_what_its_customer_read(
    shop: tuple[Seat, Merchant],
) -> None:
    seat, _ = shop
    await seat.stack.send(happening("out_for_delivery", "ORD-1"))
    page = await seat.open("/p/shop/orders")
    row = page.locator("tbody tr")
    await expect(row).to_contain_text("Asha ••••3210")
    await expect(row).to_contain_text("out for delivery")
    await row.get_by_role("link", name="ORD-1").click()
    await expect(page).to_have_title(re.compile("^ORD-1: out for delivery"))
    await expect(page.locator('.stepper [aria-current="step"]')).to_contain_text("Out for delivery")
    bubble = page.locator(".bubble")
    await expect(bubble).to_contain_text("is out for delivery with Imran", timeout=20_000)
    await expect(bubble).to_contain_text("Delivery OTP: ••••.")
    await expect(page.locator(".phone")).to_contain_text(re.compile(r"on the phone \d\d:\d\d"))
    assert CODE not in await page.content()
    assert await serious_faults(page) == []


async def test_the_customer_is_shown_for_one_look_and_the_log_says_so(
    shop: tuple[Seat, Merchant],
) -> None:
    seat, _ = shop
    await seat.stack.send(happening("order_confirmed", "ORD-1"))
    page = await seat.open("/p/shop/orders?order_id=ORD-1")
    assert NAME not in await page.content()
    await page.get_by_role("button", name="Show customer details").click()
    about = page.get_by_role("region", name="What is known of this order")
    await expect(about).to_contain_text(NAME)
    await expect(about).to_contain_text(PHONE)
    assert PHONE not in page.url
    [entry] = [
        one
        for one in await Shelf(seat.stack.database).all_rows(AuditEntryRow)
        if one.action is AuditAction.CUSTOMER_REVEALED
    ]
    assert (entry.object_id, entry.partner_id) == ("ORD-1", "shop")
    await page.get_by_role("link", name="Activity log").first.click()
    await expect(page.get_by_role("main")).to_contain_text("Priya Nair looked at an order's")
    await seat.open("/p/shop/orders?order_id=ORD-1")
    assert NAME not in await page.content()


async def test_a_retry_shows_at_once_and_what_comes_of_it(shop: tuple[Seat, Merchant]) -> None:
    seat, merchant = shop
    event_id = await seat.stack.send(happening("order_confirmed", "ORD-1"))
    await merchant.wait_for(1)
    page = await seat.open("/p/shop/orders?order_id=ORD-1")
    await page.evaluate(MARK)
    updates = page.locator("#updates")
    await expect(updates).to_contain_text("answered 503 (Service Unavailable), one attempt:")
    await updates.get_by_role("button", name="Retry now").click()
    await expect(updates).to_contain_text("answered 200 (OK), 2 attempts", timeout=20_000)
    await expect(updates.locator(".pill.good").first).to_have_text("sent")
    assert await page.evaluate(IS_MARKED)
    await updates.get_by_role("link", name="Technical details").click()
    await expect(page).to_have_url(re.compile(f"/events/{event_id}$"))
    heading = page.get_by_role("heading", level=1)
    await expect(heading).to_contain_text("ORD-1: Order confirmed")
    await expect(page.get_by_role("heading", name="Webhook to Our CRM")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_no_page_has_a_fault_or_sticks_out(
    browser: Browser, patient_client: Client, database: Database, *, dark: bool
) -> None:
    async with (
        a_shop(patient_client, database) as (stack, address, twilio),
        seated(browser, stack, address, dark=dark) as seat,
    ):
        for count, kind in enumerate(("out_for_delivery", "delivery_failed"), 1):
            event_id = await stack.send(happening(kind, "ORD-1"))
            await twilio.wait_for(count)
        await seat.sign_in_as(Role.OWNER, "shop")
        base = f"{address}/dashboard/p/shop"
        for path in (
            "orders",
            "orders?parcel=delivered",
            "orders?order_id=ORD-1",
            "events",
            f"events/{event_id}",
            "failed-deliveries",
        ):
            assert await faults_of(seat, f"{base}/{path}") == [], path
        assert seat.complaints == []
