"""The tracking page in a real Chromium: from the text on, live, in each language and look."""

import re

import pytest
from playwright.async_api import Browser, Page, expect
from temporalio.client import Client

from contracts.sms.languages import Language
from store.db.database import Database
from tests.browser.seat import seated
from tests.browser.tracked_shop import SMALL, a_shop, faults_of, happening, link_of
from tracking.languages import NAMES, words_in

pytestmark = pytest.mark.extended

LOOK_NOW = "document.dispatchEvent(new Event('visibilitychange'))"
"""What a browser does when somebody comes back to the page."""
STATES = ("order_confirmed", "out_for_delivery", "delivery_failed", "delivered", "return_initiated")
LIVE_STATES = (*STATES[:3], "out_for_delivery", "delivered", "return_initiated")
ENGLISH = words_in(Language.ENGLISH)


async def test_from_the_text_through_every_state_without_a_reload(
    browser: Browser, patient_client: Client, database: Database
) -> None:
    async with (
        a_shop(patient_client, database) as (stack, address, twilio),
        seated(browser, stack, address) as seat,
    ):
        await seat.page.set_viewport_size(SMALL)  # type: ignore[arg-type]
        await stack.send(happening(LIVE_STATES[0], "ORD-1"))
        [text] = await twilio.wait_for(1)
        [link] = re.findall(r"http\S+/t/[\w-]{22}", text.body)
        page = seat.page
        await page.goto(link)
        await shows(page, LIVE_STATES[0])
        await page.evaluate("window.neverLeft = true")
        for number, state in enumerate(LIVE_STATES[1:]):
            await stack.send(happening(state, "ORD-1"))
            if number:  # the first is seen by the page's own clock
                await page.evaluate(LOOK_NOW)
            await shows(page, state)
            await expect(page.get_by_role("status")).to_have_text(ENGLISH(f"state-{state}"))
        assert await page.evaluate("window.neverLeft")
        assert await page.locator("ol > li").count() == len(LIVE_STATES)
        assert [one for one in twilio.messages if link in one.body]
        assert seat.complaints == []


async def shows(page: Page, state: str) -> None:
    heading = page.get_by_role("heading", level=1)
    await expect(heading).to_have_text(ENGLISH(f"state-{state}"), timeout=25_000)


async def test_without_a_connection_it_says_so_and_goes_on_later(
    browser: Browser, patient_client: Client, database: Database
) -> None:
    async with (
        a_shop(patient_client, database) as (stack, address, _),
        seated(browser, stack, address) as seat,
    ):
        await stack.send(happening("order_confirmed", "ORD-1"))
        page, offline = seat.page, seat.page.get_by_text(ENGLISH("offline"))
        await page.goto(await link_of(stack, "ORD-1"))
        await expect(offline).to_be_hidden()
        await seat.context.set_offline(True)
        await page.evaluate(LOOK_NOW)
        await expect(offline).to_be_visible()
        await shows(page, "order_confirmed")
        await seat.context.set_offline(False)
        await stack.send(happening("delivered", "ORD-1"))
        await page.evaluate(LOOK_NOW)
        await shows(page, "delivered")
        await expect(offline).to_be_hidden()


async def test_a_link_that_is_ended_meanwhile_shows_nothing_any_more(
    browser: Browser, patient_client: Client, database: Database
) -> None:
    async with (
        a_shop(patient_client, database) as (stack, address, _),
        seated(browser, stack, address) as seat,
    ):
        await stack.send(happening("order_confirmed", "ORD-1"))
        await seat.page.goto(await link_of(stack, "ORD-1"))
        path = "/v1/orders/ORD-1/tracking-link/revoke"
        assert (await stack.api.post(path, json={"partner_id": "shop"})).is_success
        await seat.page.evaluate(LOOK_NOW)
        heading = seat.page.get_by_role("heading", level=1)
        await expect(heading).to_have_text(ENGLISH("message-unknown"))
        assert "ORD-1" not in await seat.page.locator("main").inner_text()


async def test_every_state_in_every_language_and_look(
    browser: Browser, patient_client: Client, database: Database
) -> None:
    """Axe finds nothing, nothing sticks out, and it is read without scripts."""
    found: list[str] = []
    async with (
        a_shop(patient_client, database) as (stack, address, _),
        seated(browser, stack, address) as light,
        seated(browser, stack, address, dark=True) as dark,
        seated(browser, stack, address, scripts=False) as plain,
    ):
        links = [f"{address}/t/{'A' * 22}"]
        for state in STATES:
            await stack.send(happening(state, f"ORD-{state}"))
            links.append(await link_of(stack, f"ORD-{state}"))
        for link in links:
            for language in Language:
                place = f"{link}?lang={language}"
                for seat in (light, dark):
                    found += [f"{language} {one}" for one in await faults_of(seat, place)]
                await plain.page.goto(place)
                assert await plain.page.locator("h1").count() == 1
                assert len((await plain.page.locator("main").inner_text()).split()) > 5
        refresh = plain.page.locator("meta[http-equiv=refresh]")
        assert await refresh.get_attribute("content") == "60"
        assert light.complaints == dark.complaints == []
    assert found == []


async def test_the_language_is_switched_and_stays_in_the_link(
    browser: Browser, patient_client: Client, database: Database
) -> None:
    async with (
        a_shop(patient_client, database) as (stack, address, _),
        seated(browser, stack, address) as seat,
    ):
        await stack.send(happening("out_for_delivery", "ORD-1"))
        page = seat.page
        await page.goto(await link_of(stack, "ORD-1"))
        for language in (Language.TAMIL, Language.KANNADA, Language.HINDI, Language.ENGLISH):
            await page.get_by_role("link", name=NAMES[language]).click()
            await expect(page).to_have_url(re.compile(rf"\?lang={language}$"))
            said = words_in(language)("state-out-for-delivery")
            await expect(page.get_by_role("heading", level=1)).to_have_text(said)
            await page.evaluate(LOOK_NOW)
            await expect(page.locator("html")).to_have_attribute("lang", language)


async def test_texts_are_stopped_from_the_page(
    browser: Browser, patient_client: Client, database: Database
) -> None:
    async with (
        a_shop(patient_client, database) as (stack, address, _),
        seated(browser, stack, address) as seat,
    ):
        await stack.send(happening("order_confirmed", "ORD-1"))
        await seat.page.goto(await link_of(stack, "ORD-1"))
        await seat.page.locator("a[href$='/texts']").click()
        await seat.page.get_by_role("button").click()
        found = (await stack.api.get("/v1/sms/opt-outs")).json()["items"]
        assert [one["source"] for one in found] == ["link"]
