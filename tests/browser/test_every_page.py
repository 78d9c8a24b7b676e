"""Each page in a real Chromium, at two widths, in the light and in the dark, in every language: axe
finds nothing serious, nothing sticks out, nothing is faint, the policy refuses nothing, and it is
read without scripts."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from api.dependencies import Parts
from contracts.access.users import Invite, Role
from contracts.clock import utc_now
from dashboard.translations import languages
from sandbox.merchant import Merchant
from sandbox.steps import Answer
from store.access.invitations import invite
from store.access.sign_in_links import reset_link
from tests.browser.axe import serious_faults, sticks_out
from tests.browser.contrast import faint
from tests.browser.every_page import OPEN_PAGES, PAGES_OF_OPS, Known, pages_of_partner
from tests.browser.seat import DESK_WIDTH, PHONE_WIDTH, Seat, seated
from tests.support.factories import make_event, make_groups, make_order
from tests.support.messages import add_messages
from tests.support.outcomes import A_DAY, add_day

pytestmark = [pytest.mark.extended, pytest.mark.timeout(400)]

LANGUAGES = tuple(languages())

MOST_BYTES = 150_000
_HEAVIEST = ("overview", "outcomes", "weekly-report", "endpoint-settings")
_WAYS = (("light", True, False), ("dark", True, True), ("without scripts", False, False))
"""Each with its name: whether scripts run, and whether it is dark."""


@pytest.fixture
async def known(window: Seat) -> AsyncIterator[Known]:
    """A partner with something of everything: delivered, retried, dead, held, texts, a key, people
    who were told."""
    stack = window.stack
    phone = {"sms_fallback": True, "contact_phone": "9845012345"}
    assert (await stack.api.patch("/v1/partners/shop", json=phone)).status_code == 200
    async with Merchant(behaviour=[Answer(200), Answer(410)]) as merchant:
        endpoint = await stack.add_endpoint(merchant.url)
        order = make_groups(order=make_order(order_id="ORD-1"))
        event_id = await stack.send(make_event("order_confirmed", data=order))
        await stack.delivery(event_id, "delivered")
        gone = await stack.send(make_event("order_confirmed"))
        await stack.deliveries(
            gone, "dead_lettered", "skipped"
        )  # its fallback is not for this type
        await stack.delivery(await stack.send(make_event("order_confirmed")), "held")
        key = {"scope": "partner", "label": "erp", "partner_id": "shop"}
        assert (await stack.api.post("/v1/keys", json=key)).status_code == 201
        await add_messages(stack.database)
        for back in range(0, 30, 5):
            await add_day(stack.database, utc_now().date() - timedelta(days=back), **A_DAY)
        yield Known("shop", endpoint["id"], event_id, "ORD-1")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_owner_s_pages_are_whole(
    window: Seat, known: Known, browser: Browser, language: str
) -> None:
    await window.sign_in_as(Role.OWNER, "shop")
    await _look_at(window, browser, pages_of_partner(known), language)


async def test_the_pages_of_ops_are_whole(window: Seat, known: Known, browser: Browser) -> None:
    await window.sign_in_as(Role.OPS)
    await _look_at(window, browser, PAGES_OF_OPS)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_open_pages_are_whole(window: Seat, browser: Browser, language: str) -> None:
    asked = Invite(email="a@b.example", name="Arjun", role=Role.OWNER, partner_id="shop")
    user, token = await window.stack.database.write(invite, asked, utc_now(), actor="test")
    reset = await window.stack.database.write(reset_link, user, utc_now())
    assert window.stack.app is not None
    parts: Parts = window.stack.app.state.parts
    window.stack.app.state.parts = replace(parts, sends_mail=True)
    visitor = {"name": "portal user 4711"}
    made = await window.stack.api.post("/v1/partners/shop/portal-links", json=visitor)
    portal = made.json()["url"].partition("/dashboard")[2]
    links = {"invitation": f"/invitations/{token}", "reset": f"/reset/{reset}", "portal": portal}
    await _look_at(window, browser, {**OPEN_PAGES, **links}, language)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_page_weighs_little(
    window: Seat, known: Known, browser: Browser, language: str
) -> None:
    """All that a browser loads for it the first time, with the fonts, where they were fetched. Of a
    language with another script, the heaviest pages."""
    await window.sign_in_as(Role.OWNER, "shop")
    cookies: Any = await window.context.cookies()
    weights = {}
    for name, path in pages_of_partner(known).items():
        if language == "en" or name in _HEAVIEST:
            async with seated(browser, window.stack, window.address, language=language) as fresh:
                await fresh.context.add_cookies(cookies)
                weights[name] = await _weight(fresh, path)
    heavy = {name: size for name, size in weights.items() if size > MOST_BYTES}
    assert heavy == {}


async def _weight(seat: Seat, path: str) -> int:
    """The bytes of the page and of what it loads, as they were sent."""
    answers: list[Any] = []
    seat.page.on("response", lambda answer: answers.append(answer))
    page = await seat.open(path)
    await page.wait_for_load_state("networkidle")
    await page.evaluate("document.fonts.ready.then(() => undefined)")
    return sum([int(one.headers.get("content-length", 0)) for one in answers])


async def _look_at(
    window: Seat, browser: Browser, pages: dict[str, str], language: str = "en"
) -> None:
    """Every page: in the light and in the dark, at both widths, and without scripts."""
    found: list[str] = []
    cookies: Any = await window.context.cookies()
    for way, scripts, dark in _WAYS:
        async with seated(
            browser,
            window.stack,
            window.address,
            scripts=scripts,
            dark=dark,
            language=language,
        ) as seat:
            await seat.context.add_cookies(cookies)
            for name, path in pages.items():
                page = await seat.open(path)
                faults = await (_faults(page) if scripts else _unread(page))
                found += [f"{name}, {way}: {fault}" for fault in faults]
            assert seat.complaints == []
    assert found == []


async def _faults(page: Page) -> list[str]:
    """What is wrong with a page at both widths."""
    found = []
    for size in (DESK_WIDTH, PHONE_WIDTH):
        await page.set_viewport_size(size)  # type: ignore[arg-type]
        at = f"at {size['width']}"
        found += [f"{at}: {line}" for line in await serious_faults(page)]
        found += [f"{at}: sticks out"] if await sticks_out(page) else []
        found += [f"{at}: {line}" for line in await faint(page)]
    await page.set_viewport_size(DESK_WIDTH)  # type: ignore[arg-type]
    return found


async def _unread(page: Page) -> list[str]:
    """Whether a heading and the content are there, without scripts."""
    headings = await page.locator("h1").count()
    text = await page.locator("main").inner_text()
    faults = [] if headings == 1 else [f"{headings} headings of the first level"]
    return faults + ([] if len(text.split()) > 5 else ["next to no text"])
