"""In a real Chromium: a partner sees its endpoint fail, in words; ops see the worst first."""

import re

import pytest
from playwright.async_api import expect

from contracts.access.users import Role
from sandbox.merchant import Merchant
from sandbox.steps import Answer
from store.tables import PartnerRow
from tests.browser.seat import Seat, seated
from tests.support.factories import make_event
from tests.support.shelf import Shelf
from tests.support.visitor import COOKIE

pytestmark = pytest.mark.extended

EVENTS = 5


async def fail(window: Seat, merchant: Merchant, partner_id: str = "shop") -> str:
    """An endpoint of which every first attempt has failed, five in a row; gives its id."""
    endpoint = await window.stack.add_endpoint(merchant.url, partner_id)
    for _ in range(EVENTS):
        await window.stack.send(make_event(partner_id=partner_id))
    await merchant.wait_for(EVENTS)
    return str(endpoint["id"])


class TestThePartner:
    async def test_it_sees_a_failing_endpoint_in_words_and_the_chart(self, window: Seat) -> None:
        async with Merchant(behaviour=Answer(503)) as merchant:
            await window.sign_in_as(Role.OWNER, "shop")
            page = await window.open("/p/shop")
            await expect(page.get_by_role("heading", name="Set up")).to_be_visible()
            await fail(window, merchant)
            # without a reload: the page looks again by itself
            card = page.get_by_role("listitem").filter(has_text="127.0.0.1")
            await expect(card).to_contain_text(re.compile("^failing", re.M), timeout=20_000)
            await expect(card).to_contain_text(re.compile("Every attempt since .+ failed"))
            chart = page.get_by_role("group", name="Updates of today, by the hour")
            await expect(chart).to_be_visible()
            bars = await chart.locator("rect").count()
            assert bars in (1, 2), "those of this hour, and perhaps of the one before"

    async def test_what_was_opened_stays_open_when_the_page_looks_again(self, window: Seat) -> None:
        async with Merchant() as merchant:
            await window.sign_in_as(Role.OWNER, "shop")
            await window.stack.add_endpoint(merchant.url)
            await window.stack.send(make_event())
            await merchant.wait_for(1)
            page = await window.open("/p/shop")
            await page.get_by_text("The same in numbers").click()
            figure = page.locator(".figure").filter(has_text="Updates sent")
            await expect(figure).to_contain_text(re.compile("Updates sent1"))
            await window.stack.send(make_event())
            await expect(figure).to_contain_text(re.compile("Updates sent2"), timeout=20_000)
            await expect(page.locator("#overview-numbers table")).to_be_visible()
            await expect(page.get_by_text("The same in numbers")).to_be_focused()


class TestOperations:
    async def test_they_see_the_worst_first_and_open_it_as_the_partner_does(
        self, window: Seat
    ) -> None:
        await window.stack.add_partner("ill")
        await Shelf(window.stack.database).change(PartnerRow, "ill", name="Dosa Corner")
        async with Merchant(behaviour=Answer(503)) as merchant:
            endpoint_id = await fail(window, merchant, "ill")
            await window.sign_in_as(Role.OPS)
            page = await window.open("/ops")
            first = page.locator("tbody tr").first
            await expect(first).to_contain_text("Dosa Corner", timeout=30_000)
            await expect(first).to_contain_text("Needs help", timeout=30_000)
            why = first.get_by_role("link", name="endpoint answers 503")
            await expect(why).to_have_attribute("href", f"/dashboard/p/ill/endpoints/{endpoint_id}")
            await first.get_by_role("link", name="Dosa Corner", exact=True).click()
            await expect(page).to_have_url(re.compile("/dashboard/p/ill$"))
            await expect(page.get_by_role("heading", name="Overview")).to_be_visible()
            await page.get_by_role("link", name="All partners").click()
            await expect(page.get_by_role("heading", name="Partners", exact=True)).to_be_visible()

    async def test_texts_are_stopped_and_started(self, window: Seat) -> None:
        await window.sign_in_as(Role.OPS)
        page = await window.open("/ops/texts")
        await page.get_by_label("Reason (visible to the team)").fill("Twilio asks us to")
        await page.get_by_role("button", name="Suspend all SMS").click()
        await expect(page.get_by_role("cell", name="Twilio asks us to")).to_be_visible()
        await page.get_by_role("button", name="Resume").click()
        await expect(page.get_by_text("Nothing is suspended: SMS go out.")).to_be_visible()

    @pytest.mark.parametrize("place", ["/ops", "/ops/dead-letters", "/ops/texts"])
    async def test_to_a_partner_their_pages_do_not_exist(self, window: Seat, place: str) -> None:
        await window.sign_in_as(Role.OWNER, "shop")
        page = await window.open(place)
        await expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()


class TestWithoutScripts:
    async def test_every_page_reads(self, window: Seat) -> None:
        browser = window.context.browser
        assert browser is not None
        async with Merchant() as merchant:
            await window.stack.add_endpoint(merchant.url)
            await window.stack.send(make_event())
            await merchant.wait_for(1)
        await window.sign_in_as(Role.OPS)
        cookies = await window.context.cookies()
        async with seated(browser, window.stack, window.address, scripts=False) as reader:
            [session] = [one for one in cookies if one.get("name") == COOKIE]
            await reader.context.add_cookies([session])  # type: ignore[list-item]
            page = await reader.open("/ops")
            await page.get_by_label("Partner's name or ID").fill("chai")
            await page.get_by_role("button", name="Apply").click()
            await expect(page.get_by_text("One partner found.")).to_be_visible()
            await page.get_by_role("link", name="Chai Point", exact=True).click()
            await expect(page.get_by_role("heading", name="Overview")).to_be_visible()
            await expect(page.get_by_text("Updates sent")).to_be_visible()
            for place, title in (
                ("/ops/dead-letters", "Failed updates"),
                ("/ops/texts", "SMS"),
            ):
                page = await reader.open(place)
                await expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
            assert reader.complaints == []
