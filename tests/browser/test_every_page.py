"""Each page in a real Chromium: axe finds nothing serious, the policy refuses nothing, it is read
without scripts, and on a phone nothing sticks out."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from contracts.access.users import Invite, Role
from contracts.clock import utc_now
from sandbox.merchant import Merchant
from sandbox.steps import Answer
from store.access.users import invite
from tests.browser.axe import serious_faults, sticks_out
from tests.browser.every_page import OPEN_PAGES, PAGES_OF_OPS, Known, pages_of_partner
from tests.browser.seat import PHONE_WIDTH, Seat, seated
from tests.support.factories import make_event, make_groups, make_order
from tests.support.outcomes import A_DAY, add_day

pytestmark = pytest.mark.extended


@pytest.fixture
async def known(window: Seat) -> AsyncIterator[Known]:
    """A partner with something of everything: delivered, retried, dead, held, texts, a key."""
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
        for back in range(0, 30, 5):
            await add_day(stack.database, utc_now().date() - timedelta(days=back), **A_DAY)
        yield Known("shop", endpoint["id"], event_id, "ORD-1")


async def test_an_owner_s_pages_are_whole(window: Seat, known: Known, browser: Browser) -> None:
    await window.sign_in_as(Role.OWNER, "shop")
    await _look_at(window, browser, pages_of_partner(known))


async def test_the_pages_of_ops_are_whole(window: Seat, known: Known, browser: Browser) -> None:
    await window.sign_in_as(Role.OPS)
    await _look_at(window, browser, PAGES_OF_OPS)


async def test_open_pages_are_whole(window: Seat, browser: Browser) -> None:
    asked = Invite(email="a@b.example", name="Arjun", role=Role.OWNER, partner_id="shop")
    _, token = await window.stack.database.write(invite, asked, utc_now(), actor="test")
    user = {"name": "portal user 4711"}
    made = await window.stack.api.post("/v1/partners/shop/portal-links", json=user)
    portal = made.json()["url"].partition("/dashboard")[2]
    links = {"invitation": f"/invitations/{token}", "portal": portal}
    await _look_at(window, browser, {**OPEN_PAGES, **links})


async def _look_at(window: Seat, browser: Browser, pages: dict[str, str]) -> None:
    """Every page: as it is, in the dark, on a phone, and without scripts."""
    found: list[str] = []
    async with (
        seated(browser, window.stack, window.address, dark=True) as dark,
        seated(browser, window.stack, window.address, scripts=False) as plain,
    ):
        cookies: Any = await window.context.cookies()
        for seat in (dark, plain):
            await seat.context.add_cookies(cookies)
        for name, path in pages.items():
            for seat, look in ((window, "light"), (dark, "dark")):
                page = await seat.open(path)
                found += [f"{name}, {look}: {line}" for line in await serious_faults(page)]
            found += [f"{name}: {fault}" for fault in await _on_a_phone(window.page)]
            found += [f"{name}, without scripts: {fault}" for fault in await _plain(plain, path)]
        assert dark.complaints == []
    assert found == []


async def _on_a_phone(page: Page) -> list[str]:
    """Whether the page as a whole has to be moved sideways."""
    size = page.viewport_size
    await page.set_viewport_size(PHONE_WIDTH)  # type: ignore[arg-type]
    too_wide = await sticks_out(page)
    assert size is not None
    await page.set_viewport_size(size)
    return ["wider than a phone"] if too_wide else []


async def _plain(seat: Seat, path: str) -> list[str]:
    """Whether a heading and the content are there."""
    page = await seat.open(path)
    headings = await page.locator("h1").count()
    text = await page.locator("main").inner_text()
    faults = [] if headings == 1 else [f"{headings} headings of the first level"]
    return faults + ([] if len(text.split()) > 5 else ["next to no text"])
