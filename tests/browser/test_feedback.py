"""What a page does while somebody works with it: asks first, says what it is doing, stays in
sight, leads on from rows, and is reached with a key."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from contracts.access.users import Role
from tests.browser.dialogs import answer, answer_by_hand
from tests.browser.seat import PHONE_WIDTH, Seat, seated
from tests.support.factories import make_event

pytestmark = pytest.mark.extended

_NOTE_PRESSED = """addEventListener("beforeunload", () => {
  sessionStorage.pressed = document.querySelectorAll("button.pressed").length;
})"""


@pytest.fixture
async def owner(window: Seat) -> Seat:
    return await window.sign_in_as(Role.OWNER, "shop")


class TestTheQuestion:
    async def test_no_does_nothing_and_yes_does_it(self, owner: Seat) -> None:
        page = await owner.open("/p/shop/settings")
        await answer_by_hand(page)
        pause = page.get_by_role("switch", name="Send updates")
        await pause.click()
        assert "?" in await answer(page, yes=False)
        await expect(pause).to_be_focused()
        await pause.click()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_be_hidden()
        await expect(pause).to_have_attribute("aria-checked", "true")
        await pause.click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        await answer(page, yes=True)
        await expect(pause).to_have_attribute("aria-checked", "false")

    async def test_its_yes_says_what_the_button_says(self, owner: Seat) -> None:
        """A switch is named after what it is, not after what it does: there it is a plain yes."""
        endpoint = await owner.stack.add_endpoint("http://127.0.0.1:65535/hook")
        for place, pressed, said in (
            (f"/p/shop/endpoints/{endpoint['id']}/secret", "Rotate at once", "Rotate at once"),
            ("/p/shop/settings", "Send updates", "Yes"),
        ):
            page = await owner.open(place)
            await answer_by_hand(page)
            pressable = page.get_by_role("button", name=pressed)
            await pressable.or_(page.get_by_role("switch", name=pressed)).click()
            buttons = page.get_by_role("dialog").get_by_role("button")
            await expect(buttons).to_have_text(["Cancel", said])

    async def test_without_scripts_the_form_is_sent(self, owner: Seat) -> None:
        browser = owner.context.browser
        assert browser is not None
        async with seated(browser, owner.stack, owner.address, scripts=False) as plain:
            cookies: Any = await owner.context.cookies()
            await plain.context.add_cookies(cookies)
            page = await plain.open("/p/shop/settings")
            pause = page.get_by_role("switch", name="Send updates")
            await pause.click()
            await expect(pause).to_have_attribute("aria-checked", "false")


async def test_the_pressed_button_turns_until_there_is_an_answer(owner: Seat) -> None:
    page = await owner.open("/p/shop/settings")
    await page.evaluate(_NOTE_PRESSED)
    await page.get_by_role("button", name="Save").first.click()
    await expect(page.get_by_role("status").first).to_contain_text("Saved.")
    assert await page.evaluate("sessionStorage.pressed") == "1"
    await expect(page.locator("button.pressed")).to_have_count(0)


async def test_what_was_done_stays_in_sight(owner: Seat) -> None:
    page = await owner.open("/p/shop/texts?done=settings-saved")
    said = page.get_by_role("status").first
    await page.evaluate("scrollTo(0, document.body.scrollHeight)")
    await expect(said).to_be_in_viewport()


async def test_what_has_changed_keeps_its_button_in_sight(owner: Seat) -> None:
    page = await owner.open("/p/shop/settings")
    await page.set_viewport_size({"width": 1280, "height": 320})
    form = page.locator('form.stacked[method="post"]').first
    save = form.locator("button.main").last
    await form.locator("input:not([type=hidden])").first.fill("Another name")
    await form.locator("input:not([type=hidden])").first.evaluate("one => one.scrollIntoView()")
    await expect(form).to_have_class(re.compile("changed"))
    await expect(save).to_be_in_viewport()


async def test_a_row_with_one_link_leads_there_from_anywhere(owner: Seat) -> None:
    await owner.stack.send(make_event())
    page = await owner.open("/p/shop")
    await page.locator("table.stacks tbody tr").first.locator("td").last.click()
    await expect(page).to_have_url(re.compile("/p/shop/(events|orders)"))


async def test_a_key_opens_the_search_but_not_while_somebody_types(owner: Seat) -> None:
    page = await owner.open("/p/shop/settings")
    field = page.get_by_role("searchbox", name="Search orders")
    await page.keyboard.press("/")
    await expect(field).to_be_focused()
    await page.keyboard.type("ORD/1")
    await expect(field).to_have_value("ORD/1")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(r"/dashboard/p/shop/search\?q=ORD%2F1$"))


class TestOnAPhone:
    async def test_the_bar_shows_where_one_is_and_leads_everywhere(self, owner: Seat) -> None:
        page = await owner.open("/p/shop/audit")
        await page.set_viewport_size(PHONE_WIDTH)  # type: ignore[arg-type]
        bar = page.locator("nav.bar")
        for place in ("Overview", "Orders", "Failed"):
            await expect(bar.get_by_role("link", name=place).first).to_be_in_viewport()
        more = bar.locator("summary")
        await expect(more).to_have_attribute("aria-current", "true")
        await more.click()
        await expect(bar.get_by_role("link", name="Activity log")).to_have_attribute(
            "aria-current", "page"
        )
        await bar.get_by_role("link", name="Team").click()
        await expect(page).to_have_url(re.compile("/p/shop/people$"))

    async def test_a_menu_closes_by_what_is_beside_it_or_by_escape(self, owner: Seat) -> None:
        page = await owner.open("/p/shop")
        await page.set_viewport_size(PHONE_WIDTH)  # type: ignore[arg-type]
        for leave in (_press_beside, _press_escape):
            await page.get_by_label("Account of Priya Nair").click()
            out = page.get_by_role("button", name="Sign out")
            await expect(out).to_be_visible()
            await leave(page)
            await expect(out).to_be_hidden()


async def _press_beside(page: Page) -> None:
    await page.get_by_role("heading", level=1).click(position={"x": 4, "y": 4})


async def _press_escape(page: Page) -> None:
    await page.keyboard.press("Escape")
