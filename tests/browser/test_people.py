"""In a real Chromium: accept an invitation, sign in, be refused, be signed out."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.async_api import expect

from api.dependencies import Parts
from contracts.access.users import SESSION_IDLE_FOR, Role
from tests.browser.seat import Seat, seated
from tests.support.visitor import PASSWORD

pytestmark = pytest.mark.extended


async def test_an_owner_invites_somebody_who_signs_in(window: Seat) -> None:
    await window.sign_in_as(Role.OWNER, "shop")
    page = await window.open("/p/shop/people")
    await page.get_by_role("textbox", name="Name", exact=True).fill("Arjun")
    await page.get_by_label("E-mail").fill("arjun@chaipoint.example")
    await page.get_by_role("button", name="Invite").click()
    link = await page.locator("#link").inner_text()
    assert re.fullmatch(rf"{window.address}/dashboard/invitations/\S+", link)
    browser = window.context.browser
    assert browser is not None
    async with seated(browser, window.stack, window.address) as guest:
        await guest.page.goto(link)
        await guest.page.get_by_label("Choose a password").fill(PASSWORD)
        await guest.page.get_by_label("Confirm password").fill(PASSWORD)
        await guest.page.get_by_role("button", name="Set the password").click()
        await expect(guest.page).to_have_url(re.compile("/dashboard/p/shop$"))
        assert guest.complaints == []


async def test_a_wrong_password_is_told_from_nothing_else(window: Seat) -> None:
    page = await window.open("/sign-in")
    await page.get_by_label("E-mail").fill("nobody@chaipoint.example")
    await page.get_by_label("Password").fill("a wrong password")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_contain_text("e-mail or the password is wrong")


async def test_a_session_that_has_ended_leads_to_the_sign_in_by_itself(window: Seat) -> None:
    """The page that is open looks again, and is sent there; a link is sent there, too."""
    await window.sign_in_as(Role.OWNER, "shop")
    page = await window.open("/p/shop")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    assert window.stack.app is not None
    parts: Parts = window.stack.app.state.parts
    late = parts.clock() + SESSION_IDLE_FOR + timedelta(seconds=1)
    window.stack.app.state.parts = replace(parts, clock=lambda: late)
    await expect(page).to_have_url(re.compile("/dashboard/sign-in$"), timeout=15_000)
    await window.open("/p/shop/events")
    await expect(page).to_have_url(re.compile("/dashboard/sign-in$"))
