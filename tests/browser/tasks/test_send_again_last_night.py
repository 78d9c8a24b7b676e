"""In a real Chromium: a shop sends again what failed last night, and nothing else.

Before there was no choice of time: Dead letters, then a tick for each row whose time was of that
night, then Retry the ticked ones; two clicks and one for each, five for the three here. Now three,
however many there are: Failed updates, Last night, Retry all.
"""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Locator, expect
from sqlmodel import col, select

from contracts.access.users import Role
from contracts.clock import utc_now
from sandbox.merchant import Merchant
from store.tables import DeadLetterRow, DeliveryRow, EventRow
from tests.browser.seat import Seat
from tests.browser.test_letters import bury
from tests.support.shelf import Shelf

pytestmark = pytest.mark.extended

CLICKS = 3
NIGHT = (timedelta(hours=-3), timedelta(hours=-1), timedelta(hours=2))
"""From the midnight that is over: nine and eleven in the evening, two at night."""
ANOTHER_TIME = timedelta(hours=-12)


async def failed_at(window: Seat, order_id: str, at: datetime) -> None:
    """A failed update of an order, since then."""
    await bury(window, order_id)
    query = (
        select(DeadLetterRow.id)
        .join(DeliveryRow, col(DeliveryRow.id) == col(DeadLetterRow.delivery_id))
        .join(EventRow, col(EventRow.event_id) == col(DeliveryRow.event_id))
        .where(EventRow.order_id == order_id)
    )
    database = window.stack.database
    [found] = await database.read(lambda session: list(session.exec(query)))
    await Shelf(database).change(DeadLetterRow, found, created_at=at)


async def test_what_failed_last_night_is_sent_again(window: Seat) -> None:
    clicked = 0

    async def click(wanted: Locator) -> None:
        nonlocal clicked
        await wanted.click()
        clicked += 1

    midnight = utc_now().astimezone(ZoneInfo("Asia/Kolkata")).replace(hour=0, minute=0, second=0)
    async with Merchant() as merchant:
        await window.stack.add_endpoint(merchant.url)
        for number, after_midnight in enumerate(NIGHT):
            await failed_at(window, f"ORD-N{number}", midnight + after_midnight)
        await failed_at(window, "ORD-DAY", midnight + ANOTHER_TIME)
        await window.sign_in_as(Role.MEMBER, "shop")
        page = await window.open("/p/shop")
        await click(page.get_by_role("link", name="See why and retry"))
        await click(page.get_by_role("link", name="Last night"))
        await click(page.get_by_role("button", name="Retry all (3)"))
        letters = page.locator("#letters")
        await expect(letters).to_contain_text("All 3 retries have ended", timeout=30_000)
        await expect(letters).to_contain_text("3 sent")
    sent = {json.loads(one.body)["data"]["order"]["order_id"] for one in merchant.received}
    assert sent == {"ORD-N0", "ORD-N1", "ORD-N2"}
    assert clicked == CLICKS
