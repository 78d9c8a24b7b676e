"""In a real Chromium: a customer calls about an order, and the shop sees which SMS they got.

Before, no number of clicks led there: the words of an SMS were shown nowhere. Now one, into the
search of any page, and the order's number.
"""

import pytest
from playwright.async_api import Browser, expect
from temporalio.client import Client

from contracts.access.users import Role
from store.db.database import Database
from tests.browser.clicks import Clicks
from tests.browser.seat import seated
from tests.browser.tracked_shop import a_shop, happening

pytestmark = pytest.mark.extended

CLICKS = 1


async def test_the_sms_is_read_as_on_the_customer_s_phone(
    browser: Browser, patient_client: Client, database: Database
) -> None:
    async with (
        a_shop(patient_client, database) as (stack, address, twilio),
        seated(browser, stack, address) as seat,
    ):
        await stack.send(happening("out_for_delivery", "ORD-1042"))
        [message] = await twilio.wait_for(1)
        await seat.sign_in_as(Role.MEMBER, "shop")
        page = await seat.open("/p/shop")
        hand = Clicks(page)
        await hand.click(page.get_by_role("searchbox"))
        await page.keyboard.type("ord 1042")
        await page.keyboard.press("Enter")
        bubble = page.locator(".bubble")
        await expect(bubble).to_contain_text("Delivery OTP: ••••")
        read = (await bubble.inner_text()).partition(" Delivery OTP")[0]
        assert message.body.startswith(read)
        assert "483920" in message.body
        assert "483920" not in await page.content()
        assert hand.count == CLICKS
        assert seat.complaints == []
