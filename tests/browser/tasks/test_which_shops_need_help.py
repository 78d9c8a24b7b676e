"""In a real Chromium: "which shops need help, and do it", over two shops whose updates have failed.

Clicks before: 9 (each shop, its failed updates, tick all, retry; back to the shops in between).
Clicks now: 4 (select all, the action, *Continue*, and the button that says at how many).
"""

from datetime import datetime

import pytest
from playwright.async_api import expect
from sqlmodel import Session

from contracts.access.users import Role
from contracts.clock import utc_now
from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import DeadLetterReason
from contracts.payload.events import TrackingEvent
from sandbox.merchant import Merchant
from store.dead_letters.ages import dead_letters_by_partner
from store.deliveries import planning
from store.deliveries.dead_lettering import record_dead_letter
from store.events import acceptance
from tests.browser.clicks import Clicks
from tests.browser.seat import Seat
from tests.support.factories import make_event, make_groups, make_order
from tests.support.waiting import eventually

pytestmark = pytest.mark.extended


async def test_failed_updates_of_two_shops_are_retried_from_the_list(window: Seat) -> None:
    async with Merchant() as merchant:
        await window.stack.add_partner("rival")
        for partner_id in ("shop", "rival"):
            await window.stack.add_endpoint(f"{merchant.url}/{partner_id}", partner_id)
            for number in range(2):
                order = make_groups(order=make_order(order_id=f"ORD-{partner_id}-{number}"))
                event = TrackingEvent.model_validate(make_event(partner_id=partner_id, data=order))
                await window.stack.database.write(_fail, event, utc_now())
        await window.sign_in_as(Role.OPS)
        page = await window.open("/ops")
        await expect(page.get_by_role("row").nth(1)).to_contain_text("2 failed webhooks")
        hand = Clicks(page)
        await hand.click(page.get_by_label("Select all partners on this page"))
        await hand.choose(page.get_by_label("With the selected partners"), "Retry failed updates")
        await hand.click(page.get_by_role("button", name="Continue"))
        await hand.click(page.get_by_role("button", name="Retry for 2 partners"))
        await expect(page.get_by_text("Retry queued for 2 updates.")).to_have_count(2)
        assert hand.count == 4
        await merchant.wait_for(4)

        async def none_left() -> bool:
            return not await window.stack.database.read(dead_letters_by_partner)

        await eventually(none_left)


def _fail(session: Session, event: TrackingEvent, now: datetime) -> None:
    """An update whose attempts are used up; in one transaction, so that no dispatcher starts it in
    between."""
    acceptance.accept(session, event, now)
    planned = planning.plan_event(session, event.event_id, now).deliveries[0]
    dead_letter = RecordDeadLetter(planned.delivery_id, DeadLetterReason.EXHAUSTED, "http_503")
    record_dead_letter(session, dead_letter, now)


async def test_what_is_ticked_stays_so_while_the_list_looks_again(window: Seat) -> None:
    await window.stack.add_partner("rival")
    await window.sign_in_as(Role.OPS)
    page = await window.open("/ops")
    box = page.locator('input[name="ids"][value="rival"]')
    await box.check()
    await page.evaluate("document.getElementById('partners').dataset.seen = 'before'")
    await expect(page.locator("#partners[data-seen]")).to_have_count(0, timeout=20_000)
    await expect(box).to_be_checked()
    await expect(page.locator('input[name="ids"][value="shop"]')).not_to_be_checked()


async def test_a_line_is_forty_pixels_high(window: Seat) -> None:
    await window.stack.add_partner("rival")
    await window.sign_in_as(Role.OPS)
    page = await window.open("/ops")
    for row in await page.locator("tbody tr").all():
        box = await row.bounding_box()
        assert box is not None
        assert box["height"] <= 42
