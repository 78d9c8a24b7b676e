"""In a real Chromium: two-step sign-in set up, used, lost, and required."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, expect

from contracts.access.second_factor import SecondFactorRule
from contracts.access.users import Role
from tests.browser.axe import serious_faults, sticks_out
from tests.browser.seat import DESK_WIDTH, PHONE_WIDTH, Seat, seated
from tests.support.authenticator import STEP, Phone, stop_the_clock
from tests.support.clock import Hands
from tests.support.visitor import PASSWORD

pytestmark = pytest.mark.extended

OWNER = "owner@shop.example"
AT_HOME = re.compile("/dashboard/p/shop$")


@asynccontextmanager
async def another_browser(window: Seat) -> AsyncIterator[Page]:
    """Where nobody is signed in, after the form of the password."""
    browser = window.context.browser
    assert browser is not None
    async with seated(browser, window.stack, window.address) as seat:
        page = await seat.open("/sign-in")
        await page.get_by_label("E-mail").fill(OWNER)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Sign in").click()
        yield page
        assert seat.complaints == []


async def scanned(page: Page, hands: Hands) -> Phone:
    """The secret, as it is typed by hand."""
    await page.get_by_text("Cannot scan it?").click()
    typed = await page.locator("#secret").inner_text()
    return Phone(hands, typed.replace(" ", ""))


async def typed(page: Page, label: str, code: str) -> None:
    """Give a code at the sign-in."""
    await page.get_by_label(label).fill(code)
    await page.get_by_role("button", name="Sign in").click()


def stopped(window: Seat, rule: SecondFactorRule = SecondFactorRule.OPTIONAL) -> Hands:
    """The clock of the dashboard."""
    assert window.stack.app is not None
    return stop_the_clock(window.stack.app, rule)


async def test_it_is_set_up_and_asked_for_and_a_recovery_code_stands_in(window: Seat) -> None:
    hands = stopped(window)
    await window.sign_in_as(Role.OWNER, "shop")
    page = await window.open("/account")
    await page.get_by_role("link", name="Set up two-step sign-in").click()
    await expect(page.locator(".qr svg")).to_be_visible()
    phone = await scanned(page, hands)
    await page.get_by_label("Your password").fill(PASSWORD)
    await page.get_by_label("Code that the app shows").fill(phone.code())
    await page.get_by_role("button", name="Turn on").click()
    codes = (await page.locator("#codes").inner_text()).split()
    assert len(codes) == 10

    async with another_browser(window) as other:
        await typed(other, "Code from your authenticator app", phone.code())
        await expect(other.get_by_role("alert")).to_contain_text("already used")
        await typed(other, "Code from your authenticator app", phone.code(off=-20 * STEP))
        await expect(other.get_by_role("alert")).to_contain_text("10 minutes ago")
        await typed(other, "Code from your authenticator app", phone.next_code())
        await expect(other).to_have_url(AT_HOME)

    async with another_browser(window) as other:
        await other.get_by_role("link", name="Use a recovery code").click()
        await typed(other, "Recovery code", codes[0].upper())
        await expect(other).to_have_url(AT_HOME)

    async with another_browser(window) as other:
        await other.get_by_role("link", name="Use a recovery code").click()
        await typed(other, "Recovery code", codes[0])
        await expect(other.get_by_role("alert")).to_contain_text("already used")

    await window.open("/account")
    await expect(page.get_by_text("You are signed in at 3 places")).to_be_visible()
    await page.get_by_role("button", name="Sign out everywhere else").click()
    await expect(page.get_by_text("nowhere else", exact=False)).to_be_visible()


@pytest.mark.parametrize("language", ["en", "hi"])
async def test_each_of_its_pages_is_whole(window: Seat, language: str) -> None:
    hands = stopped(window)
    browser = window.context.browser
    assert browser is not None
    async with seated(browser, window.stack, window.address, language=language) as seat:
        await seat.sign_in_as(Role.OWNER, "shop")
        await seat.page.set_viewport_size(PHONE_WIDTH)  # type: ignore[arg-type]
        page = await seat.open("/account/second-factor")
        await is_whole(page)
        await page.locator("details:has(#secret) summary").click()
        phone = Phone(hands, (await page.locator("#secret").inner_text()).replace(" ", ""))
        await page.locator("#password").fill(PASSWORD)
        await page.locator("#code").fill(phone.code())
        await page.locator("button.main").click()
        await expect(page.locator("#codes")).to_be_visible()
        await is_whole(page)
        for path in ("/account/second-factor", "/account/second-factor/new", "/account"):
            await is_whole(await seat.open(path))
        await page.set_viewport_size(DESK_WIDTH)  # type: ignore[arg-type]
        await is_whole(await seat.open("/p/shop/people"))
    async with another_browser(window) as other:
        await typed(other, "Code from your authenticator app", "000000")
        await is_whole(other)


async def is_whole(page: Page) -> None:
    """Nobody is kept from using it, and nothing sticks out."""
    assert await serious_faults(page) == []
    assert not await sticks_out(page)


async def test_where_it_is_required_one_sees_nothing_else_before(window: Seat) -> None:
    await window.sign_in_as(Role.OWNER, "shop")
    hands = stopped(window, SecondFactorRule.EVERYONE)
    async with another_browser(window) as page:
        await expect(page).to_have_url(re.compile("/dashboard/sign-in/second-factor$"))
        await page.goto(f"{window.address}/dashboard/p/shop")
        await expect(page).to_have_url(re.compile("/dashboard/sign-in$"))
        await page.goto(f"{window.address}/dashboard/sign-in/second-factor")
        phone = await scanned(page, hands)
        await page.get_by_label("Code that the app shows").fill(phone.code(off=6 * STEP))
        await page.get_by_role("button", name="Turn on").click()
        await expect(page.get_by_role("alert")).to_contain_text("3 minutes fast")
        await page.get_by_label("Code that the app shows").fill(phone.code())
        await page.get_by_role("button", name="Turn on").click()
        await page.get_by_role("link", name="I have kept them").click()
        await expect(page).to_have_url(AT_HOME)


async def test_five_wrong_codes_are_the_end_for_a_while(window: Seat) -> None:
    hands = stopped(window)
    await window.sign_in_as(Role.OWNER, "shop")
    page = await window.open("/account/second-factor")
    phone = await scanned(page, hands)
    await page.get_by_label("Your password").fill(PASSWORD)
    await page.get_by_label("Code that the app shows").fill(phone.code())
    await page.get_by_role("button", name="Turn on").click()
    await expect(page.locator("#codes")).to_be_visible()
    async with another_browser(window) as other:
        for _ in range(5):
            await typed(other, "Code from your authenticator app", "000000")
            await expect(other.get_by_role("alert")).to_contain_text("not right")
        await typed(other, "Code from your authenticator app", phone.next_code())
        await expect(other.get_by_role("alert")).to_contain_text("too often")
