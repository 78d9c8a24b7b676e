"""In a real Chromium: switch texts on and see them, try words out, opt a phone out, a test text."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Locator, Page, expect

from contracts.access.users import Role
from tests.browser.seat import Seat, seated
from tests.support.otps import otp_of

pytestmark = pytest.mark.extended


@pytest.fixture
async def boutique(window: Seat) -> Seat:
    """The owner of a small shop that has texts switched off."""
    await window.stack.add_partner("boutique", "smb", name="Nandini Silks", sms_enabled=False)
    return await window.sign_in_as(Role.OWNER, "boutique")


async def test_a_shop_switches_texts_on_and_sees_what_customers_get(boutique: Seat) -> None:
    page = await boutique.open("/p/boutique/texts")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("off")
    await page.get_by_label("Text my customers").check()
    await (
        page.get_by_role("group", name="Text them when", exact=True)
        .get_by_label("Delivery failed")
        .uncheck()
    )
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("status")).to_contain_text("Saved.")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("on")
    delivered = card(page, "Delivered")
    await expect(delivered.locator(".bubble")).to_have_text(
        "Nandini Silks: your order ORD-48213 was delivered. Thank you."
    )
    await expect(delivered).to_contain_text("One text of 61 characters; one holds 160.")
    await expect(card(page, "Delivery failed")).to_contain_text("not texted")


async def test_previews_follow_the_language_and_say_what_costs(boutique: Seat) -> None:
    page = await boutique.open("/p/boutique/texts")
    await page.get_by_label("Show them in").select_option(label="Hindi")
    out = card(page, "Out for delivery")
    await expect(out).to_contain_text(re.compile("[2-4] texts, because of the letter “.”"))
    await expect(out).to_contain_text("one text holds 70 characters in place of 160")
    await page.get_by_label("Event", exact=True).select_option(label="Delivered")
    await expect(page.locator(".bubble")).to_have_count(1)
    await expect(page).to_have_url(re.compile("language=hi&type=delivered"))


async def test_words_are_tried_out_while_they_are_typed(boutique: Seat) -> None:
    page = await boutique.open("/p/boutique/texts/delivered/en")
    words = page.get_by_label("The text")
    await words.fill("{shop}: {order_id} is yours. ₹")
    await expect(page.locator(".bubble")).to_have_text("Nandini Silks: ORD-48213 is yours. ₹")
    await expect(page.locator("#tried")).to_contain_text("because of the sign “₹”")
    await words.fill("{shop}: {otp}")
    await expect(page.get_by_role("alert")).to_contain_text("{otp} is no variable for delivered")
    await words.fill("{shop}: {order_id} is yours.")
    await page.get_by_role("button", name="Save these words").click()
    await expect(page.get_by_text("These are your own words, version 1.")).to_be_visible()
    page.on("dialog", lambda asked: asked.accept())
    await page.get_by_role("button", name="Use our words again").click()
    await expect(page.get_by_text("These are our words.")).to_be_visible()


async def test_a_phone_is_opted_out_and_shown_masked(boutique: Seat) -> None:
    page = await boutique.open("/p/boutique/texts/opt-outs")
    await page.get_by_label("Phone").fill("98765 43210")
    await page.get_by_role("button", name="Text somebody no more").click()
    await expect(page.get_by_role("rowheader")).to_have_text("+91********10")
    assert "9876543210" not in await page.content()
    page.on("dialog", lambda asked: asked.accept())
    await page.get_by_role("button", name="Text them again").click()
    await expect(page.get_by_text("Nobody: every customer may be texted.")).to_be_visible()


async def test_a_test_text_tells_by_itself_what_became_of_it(boutique: Seat) -> None:
    """There is no Twilio here: the page hears that it was not sent, without a reload. So does the
    text that proves whose phone it is."""
    page = await boutique.open("/p/boutique/texts")
    await page.get_by_label("Your mobile number").fill("+91 98765 43210")
    await page.get_by_role("button", name="Text me a code").click()
    await expect(page.get_by_text("We have sent a test text to")).to_contain_text("+91********10")
    await expect(page.locator("#tested .note.waiting")).to_have_count(0, timeout=30_000)
    [event_id] = re.findall(r"[?&]test=(test_\w+)", page.url)
    await page.get_by_label("The OTP from the text").fill(await otp_of(boutique.stack, event_id))
    await page.get_by_role("button", name="Use this number").click()
    await expect(page.get_by_text("Test texts go to")).to_contain_text("+91********10")
    await page.get_by_role("button", name="Send me a test text").click()
    await page.wait_for_url(lambda url: "test=" in url and event_id not in url)
    await expect(page.locator("#tested .note.waiting")).to_have_count(0, timeout=30_000)


async def test_it_all_reads_and_works_without_scripts(boutique: Seat) -> None:
    async with plain(boutique) as page:
        await page.goto(f"{boutique.address}/dashboard/p/boutique/texts")
        await page.get_by_label("Show them in").select_option(label="Hindi")
        await page.get_by_role("button", name="Show", exact=True).click()
        await expect(card(page, "Delivered").locator(".bubble")).to_contain_text("डिलीवर")
        await page.get_by_label("Text my customers").check()
        await page.get_by_role("button", name="Save", exact=True).click()
        await expect(page.get_by_role("status")).to_contain_text("Saved.")
        await page.goto(f"{boutique.address}/dashboard/p/boutique/texts/delivered/en")
        await page.get_by_label("The text").fill("{shop}: it is yours, {order_id}")
        await page.get_by_role("button", name="Preview").click()
        await expect(page.locator(".bubble")).to_have_text("Nandini Silks: it is yours, ORD-48213")


def card(page: Page, name: str) -> Locator:
    """The preview of one type."""
    heading = page.get_by_role("heading", name=re.compile(f"^{name}"), level=3)
    return page.locator("#previews > li").filter(has=heading)


@asynccontextmanager
async def plain(seat: Seat) -> AsyncIterator[Page]:
    """The same person in a browser without scripts."""
    browser = seat.context.browser
    assert browser is not None
    async with seated(browser, seat.stack, seat.address, scripts=False) as other:
        await other.context.add_cookies(await seat.context.cookies())  # type: ignore[arg-type]
        yield other.page
