"""Somebody asks who changed the URL that their system is told at, weeks and many changes ago.

With 120 changes since: before, 3 clicks and 120 lines to read (Changes, then Older twice), and one
more for every 50 that are newer. Now 2 clicks, however many there are, and the first line says it.
"""

import pytest
from playwright.async_api import expect

from contracts.access.users import Role
from tests.browser.seat import Seat

pytestmark = pytest.mark.extended

CLICKS = 2


async def test_it_is_the_activity_of_endpoints(window: Seat) -> None:
    stack = window.stack
    endpoint = await stack.add_endpoint("http://127.0.0.1:9999/hooks")
    await window.sign_in_as(Role.OWNER, "shop")
    page = await window.open(f"/p/shop/endpoints/{endpoint['id']}/settings")
    await page.get_by_label("URL", exact=True).fill("http://127.0.0.1:9999/moved")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("status").first).to_be_visible()
    for number in range(120):
        changed = await stack.api.patch("/v1/partners/shop", json={"sms_daily_cap": number + 1})
        assert changed.status_code == 200

    page = await window.open("/p/shop")
    clicks = 0
    for name in ("Activity log", "Endpoints"):
        scope = page.get_by_role("main") if clicks else page.get_by_role("navigation").first
        await scope.get_by_role("link", name=name, exact=True).click()
        clicks += 1

    row = page.get_by_role("row").filter(has_text="Priya Nair changed an endpoint.")
    await expect(row).to_contain_text("URL")
    await expect(row).not_to_contain_text("Name")
    assert clicks == CLICKS
