"""In a real Chromium: parts of a page that are kept up to date, when something is in the way."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, Route, expect

from contracts.access.users import Role
from sandbox.merchant import Merchant
from sandbox.steps import Answer
from tests.browser.seat import Seat
from tests.support.factories import make_event

pytestmark = pytest.mark.extended

MARK = "document.getElementById('deliveries').dataset.seenBefore = 'yes'"


@pytest.fixture
async def page(window: Seat) -> AsyncIterator[Page]:
    """The page of an event whose delivery failed once and is tried again later."""
    async with Merchant(behaviour=Answer(503)) as merchant:
        await window.stack.add_endpoint(merchant.url)
        event_id = await window.stack.send(make_event())
        await window.stack.after_attempts(event_id, 1)
        await window.sign_in_as(Role.OWNER, "shop")
        yield await window.open(f"/p/shop/events/{event_id}")


async def replaced(page: Page) -> None:
    """Wait until the part of the page has been replaced."""
    await page.evaluate(MARK)
    await expect(page.locator("#deliveries:not([data-seen-before])")).to_be_visible(timeout=20_000)


async def test_what_is_gone_to_keeps_the_focus(page: Page) -> None:
    for wanted in (
        page.get_by_role("region", name="Attempts"),
        page.get_by_role("button", name="Retry now"),
    ):
        await wanted.focus()
        await replaced(page)
        await expect(wanted).to_be_focused()


async def test_while_there_is_no_answer_the_part_stays_and_later_it_goes_on(page: Page) -> None:
    await page.context.set_offline(True)
    async with page.expect_event("requestfailed"):
        await page.evaluate(MARK)
    await expect(page.locator("#deliveries[data-seen-before]")).to_be_visible()
    await page.context.set_offline(False)
    await replaced(page)


async def test_an_error_s_page_is_not_taken_for_the_part(page: Page) -> None:
    await page.route("**/events/*", lambda route: route.fulfill(status=502, body="<p>Away</p>"))
    async with page.expect_response(lambda answer: answer.status == 502):
        await page.evaluate(MARK)
    await expect(page.locator("#deliveries[data-seen-before]")).to_be_visible()
    await page.unroute("**/events/*")
    await replaced(page)


async def test_a_session_that_has_ended_leads_to_the_sign_in(page: Page) -> None:
    await page.context.clear_cookies()
    await expect(page).to_have_url(f"{origin(page)}/dashboard/sign-in", timeout=20_000)


async def test_a_form_that_is_refused_shows_the_page_that_says_so(page: Page) -> None:
    """It was not this session's, as after a sign-in in another tab."""
    await page.evaluate(
        "for (const one of document.querySelectorAll('[name=csrf]')) one.value = 'x'"
    )
    await page.evaluate(MARK)
    await page.get_by_role("button", name="Retry now").click()
    await expect(page.locator("#deliveries")).to_have_count(0)
    await expect(page.get_by_role("heading", level=1)).to_be_visible()


async def test_of_two_answers_the_one_to_the_later_request_is_shown(window: Seat) -> None:
    """The first words are answered after the last ones."""
    await window.stack.add_partner("boutique", "smb", name="Nandini Silks")
    await window.sign_in_as(Role.OWNER, "boutique")
    page = await window.open("/p/boutique/texts/delivered/en")
    kept: list[Route] = []

    async def keep_the_first(route: Route) -> None:
        kept.append(route)
        if len(kept) > 1:
            await route.continue_()

    await page.route("**/texts/delivered/en", keep_the_first)
    words = page.get_by_label("Text", exact=True)
    async with page.expect_request("**/texts/delivered/en"):
        await words.fill("{shop}: first {order_id}")
    await words.fill("{shop}: last {order_id}")
    bubble = page.locator(".bubble")
    await expect(bubble).to_contain_text("last")
    async with page.expect_response("**/texts/delivered/en") as late:
        await kept[0].continue_()
    await (await late.value).finished()
    await expect(bubble).to_contain_text("last")


def origin(page: Page) -> str:
    """Scheme and host of what is open."""
    return page.url.partition("/dashboard")[0]
