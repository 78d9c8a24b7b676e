"""In a real Chromium: somebody asks why their CRM knows nothing of an order.

Three clicks before (Events, Search, and of the order's events the one that failed, which had to be
guessed), with the whole number in the very capitals. Now one, into the search of any page.
"""

import pytest
from playwright.async_api import expect

from contracts.access.users import Role
from sandbox.merchant import Merchant
from sandbox.steps import Answer
from tests.browser.clicks import Clicks
from tests.browser.seat import Seat
from tests.support.factories import make_event, make_groups, make_order

pytestmark = pytest.mark.extended

CLICKS = 1


async def test_the_order_says_what_the_crm_answered(window: Seat) -> None:
    async with Merchant(behaviour=[Answer(200), Answer(401)]) as merchant:
        await window.stack.add_endpoint(merchant.url, description="Our CRM")
        for kind in ("order_confirmed", "out_for_delivery"):
            groups = make_groups(order=make_order(order_id="ORD-1042"))
            event_id = await window.stack.send(make_event(kind, data=groups))
            await window.stack.after_attempts(event_id, 1)
        await window.sign_in_as(Role.MEMBER, "shop")
        page = await window.open("/p/shop")
        hand = Clicks(page)
        await hand.click(page.get_by_role("searchbox"))
        await page.keyboard.type("ord-1042")
        await page.keyboard.press("Enter")
        update = page.locator("#updates li").filter(has_text="Out for delivery")
        await expect(update).to_contain_text("Our CRM")
        await expect(update).to_contain_text("answered 401 (Unauthorized), one attempt:")
        await expect(update.get_by_role("button", name="Retry now")).to_be_visible()
        assert hand.count == CLICKS
