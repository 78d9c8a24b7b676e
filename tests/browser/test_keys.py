"""In a real Chromium: a key is made, used and revoked; settings and what they change elsewhere."""

import re

import httpx
import pytest
from playwright.async_api import expect

from contracts.access.users import Role
from tests.browser.dialogs import answer, answer_by_hand
from tests.browser.seat import Seat, seated

pytestmark = pytest.mark.extended


async def test_a_key_is_shown_once_works_and_is_revoked(window: Seat) -> None:
    await window.sign_in_as(Role.OWNER, "shop")
    page = await window.open("/p/shop/keys")
    await page.get_by_label("What is it for?").fill("CRM import")
    await page.get_by_role("button", name="Create key").click()
    key = await page.locator("#key").inner_text()
    asked = {"authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=window.address, headers=asked) as program:
        assert (await program.get("/v1/partners/shop")).status_code == 200
        await window.open("/p/shop/keys")
        await expect(page.get_by_role("rowheader")).to_have_text("CRM import")
        assert key not in await page.content()
        await page.get_by_role("button", name="Revoke").click()
        await expect(page.get_by_role("status")).to_contain_text("Key revoked.")
        await expect(page.get_by_role("cell", name="Revoked")).to_be_visible()
        assert (await program.get("/v1/partners/shop")).status_code == 401


async def test_a_member_sees_no_keys_and_no_settings(window: Seat) -> None:
    await window.sign_in_as(Role.MEMBER, "shop")
    page = await window.open("/p/shop/texts")
    ways = page.get_by_role("navigation", name="Pages").first
    await expect(ways.get_by_role("link", name="SMS").first).to_be_visible()
    for owners in ("API keys", "Settings"):
        await expect(ways.get_by_role("link", name=owners)).to_have_count(0)
    await window.open("/p/shop/keys")
    await expect(page.get_by_role("heading", level=1)).to_have_text("This is for owners")


async def test_another_time_zone_changes_the_times_that_are_shown(window: Seat) -> None:
    await window.sign_in_as(Role.OWNER, "shop")
    page = await window.open("/p/shop/audit")
    joined = page.get_by_role("row", name=re.compile("accepted the invitation")).locator("time")
    await expect(joined).to_have_attribute("title", re.compile(r"GMT\+05:30"))
    before = await joined.inner_text()
    await window.open("/p/shop/settings")
    await page.get_by_label("Time zone", exact=True).select_option("America/New_York")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status")).to_contain_text("Saved.")
    await window.open("/p/shop/audit")
    await expect(joined).to_have_attribute("title", re.compile("Eastern (Standard|Daylight) Time"))
    assert await joined.inner_text() != before
    changed = page.get_by_role("row", name=re.compile("changed settings"))
    await expect(changed).to_contain_text("Priya Nair changed settings.")
    await expect(changed.locator("ins")).to_have_text("America/New_York")


async def test_a_pause_is_asked_for_and_shown(window: Seat) -> None:
    await window.sign_in_as(Role.OWNER, "shop")
    page = await window.open("/p/shop/settings")
    await answer_by_hand(page)
    sending = page.get_by_role("switch", name="Send updates")
    await sending.click()
    assert "Pause" in await answer(page, yes=False)
    await expect(sending).to_have_attribute("aria-checked", "true")
    await sending.click()
    await answer(page, yes=True)
    await expect(sending).to_have_attribute("aria-checked", "false")
    await expect(page.get_by_role("main")).to_contain_text("Paused since")
    await sending.click()
    await expect(sending).to_have_attribute("aria-checked", "true")


async def test_keys_changes_and_settings_work_without_scripts(window: Seat) -> None:
    browser = window.context.browser
    assert browser is not None
    async with seated(browser, window.stack, window.address, scripts=False) as guest:
        await guest.sign_in_as(Role.OWNER, "shop")
        page = await guest.open("/p/shop/keys")
        await page.get_by_label("What is it for?").fill("CRM import")
        await page.get_by_role("button", name="Create key").click()
        await expect(page.locator("#key")).to_contain_text("dsk_partner_")
        await page.get_by_role("button", name="Revoke").click()
        await expect(page.get_by_role("status")).to_contain_text("Key revoked.")
        await guest.open("/p/shop/settings")
        await page.get_by_role("textbox", name="Name", exact=True).fill("Chai Point Pune")
        await page.get_by_role("button", name="Save").click()
        await guest.open("/p/shop/audit")
        await expect(page.get_by_role("rowheader").first).to_have_text(
            "Priya Nair changed settings."
        )
