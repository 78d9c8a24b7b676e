"""Somebody calls: "I am the one whose phone ends in 3210, and I got no SMS." Why, from any page.

Before it could not be done by the phone: the search of the page Events took whole order numbers
and nothing else, and ops had to know the shop first. With the order's number asked for, 3 clicks
for a shop (Events, Search, the order) and 5 for ops. Now the search in the header takes what the
caller says: 1 click and Enter with the phone, which leads to the order, or 2 with its last four
digits, which may be more customers'; for ops the same, over all shops.
"""

import pytest
from playwright.async_api import Page, expect

from contracts.access.users import Role
from contracts.delivery.states import SkipReason
from dashboard.translations import words_in
from tests.browser.seat import Seat, seated
from tests.support.factories import make_event, make_groups, make_order

pytestmark = pytest.mark.extended

PHONE = "+919876543210"
WHY = words_in()(f"why-skipped-{SkipReason.OPTED_OUT}")
HEADER = "header input[type=search]"

CLICKS_WITH_THE_PHONE, CLICKS_WITH_ITS_END = 1, 2


async def a_customer_without_an_sms(window: Seat) -> None:
    """An order of somebody who has opted out, among others, in one shop of two."""
    stack = window.stack
    await stack.add_partner("sarees", "smb", name="Asha Sarees")
    opted_out = {"partner_id": "sarees", "phone": PHONE}
    answer = await stack.api.post("/v1/sms/opt-outs", json=opted_out)
    assert answer.status_code == 201, answer.text
    for number in range(3):
        phone = PHONE if number == 1 else f"+91981230000{number}"
        order = make_order(order_id=f"ORD-{number}", customer={"name": "Meena Rao", "phone": phone})
        event = make_event(partner_id="sarees", data=make_groups(order=order))
        await stack.send(event)
        if number == 1:
            await stack.delivery(event["event_id"], "skipped")


async def search(page: Page, typed: str) -> int:
    """Type into the search of the header; gives the clicks."""
    await page.locator(HEADER).click()
    await page.keyboard.type(typed)
    await page.keyboard.press("Enter")
    return 1


async def says_why(page: Page) -> None:
    """The page of the order, with the reason."""
    await expect(page.get_by_role("heading", level=1)).to_contain_text("ORD-1")
    await expect(page.get_by_role("main")).to_contain_text(WHY)
    assert "9876543210" not in page.url


@pytest.mark.parametrize(
    ("role", "start"), [(Role.OWNER, "/p/sarees/settings"), (Role.OPS, "/ops/texts")]
)
async def test_the_phone_leads_to_the_reason(window: Seat, role: Role, start: str) -> None:
    await a_customer_without_an_sms(window)
    await window.sign_in_as(role, None if role is Role.OPS else "sarees")
    page = await window.open(start)
    clicks = await search(page, "98765 43210")
    await says_why(page)
    assert clicks == CLICKS_WITH_THE_PHONE

    page = await window.open(start)
    clicks = await search(page, "3210")
    await page.get_by_role("main").get_by_role("link", name="ORD-1").click()
    clicks += 1
    await says_why(page)
    assert clicks == CLICKS_WITH_ITS_END
    await page.go_back()
    await expect(page.get_by_role("main").get_by_role("link", name="ORD-1")).to_be_visible()


async def test_it_is_found_without_scripts(window: Seat) -> None:
    await a_customer_without_an_sms(window)
    browser = window.context.browser
    assert browser is not None
    async with seated(browser, window.stack, window.address, scripts=False) as plain:
        await plain.sign_in_as(Role.OWNER, "sarees")
        page = await plain.open("/p/sarees")
        await search(page, "+91 98765-43210")
        await says_why(page)
