"""In a real Chromium: an owner rotates an endpoint's secret and sees that their system takes it.

Six clicks before (Endpoints, the endpoint, Rotate, the question, Copy, Send a test event), and what
was seen then proved nothing: the test was signed with both secrets. Five now, and it does.
"""

import pytest
from playwright.async_api import Locator, expect

from contracts.access.users import Role
from sandbox.merchant import Merchant
from sandbox.steps import Answer
from tests.browser.seat import Seat

pytestmark = pytest.mark.extended

CLICKS = 5


async def test_the_secret_is_rotated_and_verified(window: Seat) -> None:
    clicked = 0

    async def click(wanted: Locator) -> None:
        nonlocal clicked
        await wanted.click()
        clicked += 1

    async with Merchant() as merchant:
        endpoint = await window.stack.add_endpoint(merchant.url)
        merchant.secrets = [endpoint["secret"]]
        await window.sign_in_as(Role.OWNER, "shop")
        await window.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = await window.open("/p/shop")
        await click(page.get_by_role("link", name="Endpoints", exact=True).first)
        await click(page.get_by_role("main").get_by_role("link", name="Secret"))
        await click(page.get_by_role("button", name="Rotate secret"))
        shown = page.locator("#secret")
        await click(page.get_by_role("button", name="Copy").first)
        new = str(await page.evaluate("navigator.clipboard.readText()"))
        assert new == await shown.inner_text()
        merchant.secrets = [new]  # somebody puts it into their system
        await click(page.get_by_role("button", name="Send test event"))
        verify = page.locator("#verify")
        await expect(verify).to_contain_text("Verified: your system accepted", timeout=15_000)
        await expect(shown).to_have_text(new)  # it is still in sight
        [request] = merchant.received
        assert request.verified
    assert clicked == CLICKS


async def test_a_system_that_knows_only_the_old_one_is_not_verified(window: Seat) -> None:
    async with Merchant(behaviour=Answer(400)) as merchant:
        endpoint = await window.stack.add_endpoint(merchant.url)
        merchant.secrets = [endpoint["secret"]]
        await window.sign_in_as(Role.OWNER, "shop")
        page = await window.open(f"/p/shop/endpoints/{endpoint['id']}/secret")
        await page.get_by_role("button", name="Rotate secret").click()
        await page.get_by_role("button", name="Send test event").click()
        await expect(page.locator("#test")).to_contain_text("answered 400 (Bad Request)")
        await expect(page.locator("#verify")).not_to_contain_text("Verified:")
        assert not any(one.verified for one in merchant.received)
