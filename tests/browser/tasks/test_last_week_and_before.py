"""In a real Chromium: how did last week go, against the week before?

Before the overview knew today alone; the weekly report, two clicks away (Outcomes, the report), had
what was promised and nothing of what failed. Now one click: 7 days.
"""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from contracts.access.users import Role
from contracts.clock import utc_now
from sandbox.merchant import Merchant
from store.tables import OUTCOME_DAYS
from tests.browser.seat import Seat
from tests.support.factories import make_event

pytestmark = pytest.mark.extended

CLICKS = 1


async def test_a_week_is_beside_the_week_before(window: Seat) -> None:
    today = utc_now().astimezone(ZoneInfo("Asia/Kolkata")).date()
    async with Merchant() as merchant:
        await window.stack.add_endpoint(merchant.url)
        await window.stack.send(make_event())
        await merchant.wait_for(1)
    await add_day(window, today - timedelta(days=2), sent=29, failed=10)
    await add_day(window, today - timedelta(days=9), sent=20, failed=20)
    await window.sign_in_as(Role.OWNER, "shop")
    page = await window.open("/p/shop")
    await page.get_by_role("link", name="7 days").click()
    clicks = 1
    figures = page.locator(".figure")
    sent = figures.filter(has_text="Updates sent")
    await expect(sent).to_contain_text("30")
    await expect(sent).to_contain_text("+50 %")
    failed = figures.filter(has_text="Not sent")
    await expect(failed).to_contain_text("10")
    await expect(failed).to_contain_text("50 %")
    assert clicks == CLICKS
    day = today - timedelta(days=2)
    await page.get_by_text("The same in numbers").click()
    await page.locator("#overview-numbers").get_by_role("link", name="10").click()
    await expect(page).to_have_url(f"{window.address}/dashboard{_failed_of(day)}")


def _failed_of(day: date) -> str:
    return f"/p/shop/dead-letters?since={day}&until={day}"


async def add_day(window: Seat, day: date, *, sent: int, failed: int) -> None:
    """The rollup of a day of `shop`."""
    counts = {"webhooks": sent + failed, "webhooks_delivered": sent}
    row = {"partner_id": "shop", "day": day, "time_zone": "Asia/Kolkata", "counted_at": utc_now()}
    await window.stack.database.write(
        lambda session: session.execute(OUTCOME_DAYS.insert().values(**row, **counts))
    )
