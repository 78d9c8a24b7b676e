"""An owner asks which SMS is charged as two.

Before, 1 click, then five cards of 1,700 px to read, each with its count in a sentence. Now 1
click, and one column says it, in sight without scrolling.
"""

import re

import pytest
from playwright.async_api import expect

from contracts.access.users import Role
from tests.browser.seat import Seat

pytestmark = pytest.mark.extended

CLICKS = 1
LONG = "{shop}: order {order_id} was delivered. " + "Thank you for shopping with us. " * 5


async def test_one_column_says_it(window: Seat) -> None:
    stack = window.stack
    await stack.api.patch("/v1/partners/shop", json={"sms_enabled": True})
    kept = await stack.api.put(
        "/v1/sms/templates/delivered/en", json={"partner_id": "shop", "text": LONG}
    )
    assert kept.status_code == 200, kept.text
    await window.sign_in_as(Role.OWNER, "shop")
    page = await window.open("/p/shop")
    clicks = 0

    await page.get_by_role("navigation").get_by_role("link", name="Customer SMS").first.click()
    clicks += 1

    dear = page.get_by_role("row").filter(has_text=re.compile(r"[2-9] SMS \("))
    await expect(dear).to_have_count(1)
    await expect(dear.get_by_role("rowheader")).to_have_text("Delivered")
    await expect(dear).to_be_in_viewport()
    assert clicks == CLICKS
