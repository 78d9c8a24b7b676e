"""In a real Chromium: turn SMS on and see them, try a template out, opt a phone out, test one."""

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
    """The owner of a small shop that has SMS switched off."""
    await window.stack.add_partner("boutique", "smb", name="Nandini Silks", sms_enabled=False)
    return await window.sign_in_as(Role.OWNER, "boutique")


async def test_a_shop_turns_sms_on_and_off_by_a_switch(boutique: Seat) -> None:
    page = await boutique.open("/p/boutique/texts")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Off")
    await page.get_by_role("button", name="Turn on SMS updates").click()
    await expect(page.get_by_role("status")).to_contain_text("SMS updates are on.")
    main = page.get_by_role("switch", name="SMS updates to your customers")
    await expect(main).to_have_attribute("aria-checked", "true")
    await main.click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Off")


async def test_each_type_has_a_switch_while_sms_are_on(boutique: Seat) -> None:
    page = await boutique.open("/p/boutique/texts/settings")
    await expect(page.get_by_role("switch")).to_have_count(0)
    await boutique.stack.api.patch("/v1/partners/boutique", json={"sms_enabled": True})
    await page.reload()
    failed = page.get_by_role("switch", name="Delivery failed")
    await failed.click()
    await expect(failed).to_have_attribute("aria-checked", "false")
    await page.get_by_role("link", name="Overview").last.click()
    row = page.get_by_role("row").filter(has_text="Delivery failed")
    await expect(row).to_contain_text("Off")


async def test_templates_follow_the_language_and_say_what_costs(boutique: Seat) -> None:
    page = await boutique.open("/p/boutique/texts/templates")
    await page.get_by_label("Show in").select_option("hi")
    out = card(page, "out_for_delivery")
    await expect(out).to_contain_text(re.compile(r"[23] SMS \(\d+ characters\)"))
    await expect(out).to_contain_text("Hindi letters: 70 per SMS")
    await expect(page).to_have_url(re.compile("language=hi"))
    await expect(out).to_contain_text("Test SMS go out in English")


async def test_words_are_tried_out_while_they_are_typed(boutique: Seat) -> None:
    page = await boutique.open("/p/boutique/texts/delivered/en")
    words = page.get_by_label("Text", exact=True)
    await words.fill("{shop}: {order_id} is yours. ₹")
    await expect(page.locator(".bubble")).to_have_text("Nandini Silks: ORD-48213 is yours. ₹")
    await expect(page.locator("#tried")).to_contain_text("The sign “₹” makes it 70")
    await words.fill("{shop}: call {phone}")
    await expect(page.locator(".bubble")).to_have_text("Nandini Silks: call {phone}")
    await expect(page.get_by_role("alert")).to_contain_text("{phone} is no variable")
    await words.fill("{shop}: {otp}")
    await expect(page.get_by_role("alert")).to_contain_text("{otp} is no variable of this SMS")
    await words.fill("{shop}: {order_id} is yours.")
    await page.get_by_role("button", name="Save template").click()
    await expect(page.get_by_text("This is your own template, version 1.")).to_be_visible()
    await page.get_by_role("button", name="Use the default again").click()
    await expect(page.get_by_text("This is the default template.")).to_be_visible()


async def test_a_phone_is_opted_out_and_shown_masked(boutique: Seat) -> None:
    page = await boutique.open("/p/boutique/texts/opt-outs")
    await page.get_by_label("Phone", exact=True).fill("98765 43210")
    await page.get_by_role("button", name="Add opt-out").click()
    await expect(page.get_by_role("rowheader")).to_have_text("+91********10")
    assert "9876543210" not in await page.content()
    await page.get_by_role("button", name="Remove opt-out").click()
    await expect(page.get_by_text("Nobody has opted out.")).to_be_visible()


async def test_a_test_is_sent_from_its_card_and_tells_there_what_became_of_it(
    boutique: Seat,
) -> None:
    """There is no Twilio here: the card hears that it was not sent, without a reload. So does the
    SMS that proves whose phone it is."""
    page = await boutique.open("/p/boutique/texts/templates")
    delivered = card(page, "delivered")
    await delivered.get_by_text("Send test").click()
    await delivered.get_by_label("Your mobile number").fill("+91 98765 43210")
    await delivered.get_by_role("button", name="Send me a code").click()
    await expect(delivered).to_contain_text("We have sent a test SMS to +91********10")
    await expect(delivered).to_be_in_viewport()
    await expect(delivered.locator(".note.waiting")).to_have_count(0, timeout=30_000)
    [event_id] = re.findall(r"[?&]test=(test_\w+)", page.url)
    await delivered.get_by_label("OTP").fill(await otp_of(boutique.stack, event_id))
    await delivered.get_by_role("button", name="Confirm and send test").click()
    await page.wait_for_url(lambda url: "test=" in url and event_id not in url)
    await expect(delivered).to_contain_text("to +91********10")
    await expect(delivered.locator(".note.waiting")).to_have_count(0, timeout=30_000)
    await expect(delivered.locator(".note")).to_have_count(1)


async def test_it_all_reads_and_works_without_scripts(boutique: Seat) -> None:
    async with plain(boutique) as page:
        await page.goto(f"{boutique.address}/dashboard/p/boutique/texts")
        await page.get_by_label("Language", exact=True).select_option("hi")
        await page.get_by_role("button", name="Show", exact=True).click()
        await expect(page.locator(".bubble[lang=hi]").first).to_be_visible()
        await page.get_by_role("button", name="Turn on SMS updates").click()
        await expect(page.get_by_role("status")).to_contain_text("SMS updates are on.")
        await page.get_by_role("switch", name="SMS updates").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Off")
        await page.goto(f"{boutique.address}/dashboard/p/boutique/texts/delivered/en")
        await page.get_by_label("Text", exact=True).fill("{shop}: it is yours, {order_id}")
        await page.get_by_role("button", name="Preview").click()
        await expect(page.locator(".bubble")).to_have_text("Nandini Silks: it is yours, ORD-48213")


def card(page: Page, kind: str) -> Locator:
    """The card of one type."""
    return page.locator(f"#card-{kind}")


@asynccontextmanager
async def plain(seat: Seat) -> AsyncIterator[Page]:
    """The same person in a browser without scripts."""
    browser = seat.context.browser
    assert browser is not None
    async with seated(browser, seat.stack, seat.address, scripts=False) as other:
        await other.context.add_cookies(await seat.context.cookies())  # type: ignore[arg-type]
        yield other.page
