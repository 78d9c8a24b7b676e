"""Outcomes in a real Chromium: on a narrow phone, without scripts, and on paper."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect

from contracts.access.users import Role
from contracts.clock import utc_now
from tests.browser.axe import sticks_out
from tests.browser.seat import Seat, seated
from tests.support.outcomes import A_DAY, add_day

pytestmark = pytest.mark.extended

NARROW = {"width": 360, "height": 780}
PAPER = {"width": 688, "height": 1017}
"""What an A4 sheet has between its margins, in CSS pixels."""

MOST_SHEETS = 3
IN_VIEW = "all => all.every(one => one.scrollWidth <= one.clientWidth)"


@pytest.fixture(autouse=True)
async def counted(window: Seat) -> None:
    """Two weeks of `shop`, every day of them."""
    for back in range(14):
        await add_day(window.stack.database, utc_now().date() - timedelta(days=back), **A_DAY)


async def test_on_a_narrow_phone_nothing_sticks_out(window: Seat) -> None:
    await window.sign_in_as(Role.OPS)
    await window.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    for place in ("/p/shop/outcomes", "/p/shop/outcomes?by=day", "/ops/outcomes"):
        assert not await sticks_out(await window.open(place)), place


async def test_the_range_is_changed_without_scripts(window: Seat, browser: Browser) -> None:
    await window.sign_in_as(Role.OWNER, "shop")
    async with seated(browser, window.stack, window.address, scripts=False) as reader:
        await reader.context.add_cookies(await window.context.cookies())  # type: ignore[arg-type]
        page = await reader.open("/p/shop/outcomes")
        await page.get_by_label("By", exact=True).select_option("day")
        await page.get_by_label("From").fill("2026-01-01")
        await page.get_by_label("To", exact=True).fill("2026-01-31")
        await page.get_by_role("button", name="Show").click()
        await expect(page.get_by_text("1 Jan to 31 Jan 2026, by day")).to_be_visible()


async def test_a_chart_can_be_read_and_its_numbers_are_beside_it(window: Seat) -> None:
    await window.sign_in_as(Role.OWNER, "shop")
    page = await window.open("/p/shop/outcomes?by=day")
    name = "Messages that arrived within the policy, over time"
    chart = page.get_by_role("img", name=name)
    await expect(chart).to_be_visible()
    assert await chart.locator("circle").count() == 14
    assert await chart.locator("line.level").count() == 1
    await page.get_by_text("The same in numbers, and more").click()
    await expect(page.locator("#outcomes-periods tbody tr")).to_have_count(14)


async def test_a_file_is_saved(window: Seat) -> None:
    await window.sign_in_as(Role.OWNER, "shop")
    page = await window.open("/p/shop/outcomes")
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="CSV, for a spreadsheet").click()
    saved = await waiting.value
    assert saved.suggested_filename == "outcomes.csv"


async def test_the_report_fits_on_paper_without_what_is_around_it(window: Seat) -> None:
    await window.sign_in_as(Role.OWNER, "shop")
    page = await window.open("/p/shop/outcomes/report")
    await expect(page.get_by_role("button", name="Print")).to_be_visible()
    await page.emulate_media(media="print")
    await page.set_viewport_size(PAPER)  # type: ignore[arg-type]
    await expect(page.get_by_role("heading", name="Week of Chai Point")).to_be_visible()
    for around in (page.get_by_role("navigation"), page.get_by_role("banner")):
        await expect(around.first).to_be_hidden()
    assert not await sticks_out(page)
    assert await page.locator(".scroll").evaluate_all(IN_VIEW)
    sheets = await page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheets)) <= MOST_SHEETS
