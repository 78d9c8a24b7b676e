"""In a real Chromium: many dead letters sent again at once, seen live until all are delivered."""

import re
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
from sandbox.steps import Answer, Hang
from store.deliveries import planning
from store.deliveries.dead_lettering import record_dead_letter
from store.events import acceptance
from tests.browser.seat import PHONE_WIDTH, Seat, seated
from tests.support.factories import make_event, make_groups, make_order

pytestmark = pytest.mark.extended

LIST = "/p/shop/dead-letters"


async def test_the_ticked_ones_are_seen_to_be_delivered_without_a_reload(window: Seat) -> None:
    async with Merchant(behaviour=Hang()) as merchant:
        await window.stack.add_endpoint(merchant.url)
        for number in range(3):
            await bury(window, f"ORD-{number}")
        await window.sign_in_as(Role.MEMBER, "shop")
        page = await window.open(LIST)
        await page.get_by_label("Select all on this page").check()
        await page.get_by_label("Select order ORD-1").uncheck()
        await page.get_by_role("button", name="Retry selected").click()
        progress = page.locator("#retries")
        await expect(progress).to_contain_text("2 on the way")
        await page.evaluate("window.notReloaded = true")
        await merchant.wait_for(2)
        merchant.behave(Answer(200))
        merchant.release(200)
        await expect(progress).to_contain_text("All 2 retries have ended", timeout=15_000)
        await expect(progress).to_contain_text("2 sent")
        assert await page.evaluate("window.notReloaded") is True
        await page.reload()
        await expect(progress).to_contain_text("All 2 retries have ended")
        await expect(page.get_by_label("Select order ORD-1")).to_be_visible()
        await expect(page.get_by_label("Select order ORD-0")).to_have_count(0)


async def test_all_of_an_endpoint_go_out_in_a_recovery_that_is_watched(window: Seat) -> None:
    async with Merchant() as merchant:
        endpoint = await window.stack.add_endpoint(merchant.url, description="Shop")
        for number in range(5):
            await bury(window, f"ORD-{number}")
        await window.sign_in_as(Role.MEMBER, "shop")
        page = await window.open(f"{LIST}?endpoint_id={endpoint['id']}")
        await page.get_by_role("button", name="Retry all (5)").click()
        await expect(page).to_have_url(re.compile(r"/recoveries/rcv_\w+$"))
        recovery = page.locator("#recovery")
        await expect(recovery).to_contain_text("Everything was resent", timeout=20_000)
        await expect(recovery).to_contain_text("5 sent")


async def test_it_can_be_read_and_used_without_scripts(window: Seat) -> None:
    browser = window.context.browser
    assert browser is not None
    async with (
        Merchant(behaviour=Hang()) as merchant,
        seated(browser, window.stack, window.address, scripts=False) as seat,
    ):
        await window.stack.add_endpoint(merchant.url)
        await bury(window, "ORD-1")
        await bury(window, "ORD-2")
        await seat.sign_in_as(Role.OWNER, "shop")
        await seat.page.set_viewport_size(PHONE_WIDTH)  # type: ignore[arg-type]
        page = await seat.open(LIST)
        await page.get_by_role("button", name="Retry order ORD-1").click()
        await merchant.wait_for(1)
        await page.get_by_role("link", name="Look again").click()
        await expect(page.locator("#retries")).to_contain_text("0 of 1 ended")
        await page.get_by_label("Select order ORD-2").check()
        await page.locator("summary", has_text="Dismiss selected").click()
        await page.get_by_label("Reason", exact=True).last.fill("the order was cancelled")
        await page.get_by_role("button", name="Dismiss selected").click()
        await expect(page.get_by_text("Dismissed.")).to_be_visible()
        assert seat.complaints == []


async def bury(window: Seat, order_id: str) -> None:
    """A dead letter of an order, as if every attempt had failed a while ago."""
    groups = make_groups(order=make_order(order_id=order_id))
    event = TrackingEvent.model_validate(make_event(data=groups))
    await window.stack.database.write(_bury, event, utc_now())


def _bury(session: Session, event: TrackingEvent, now: datetime) -> None:
    """In one transaction, so that no dispatcher starts it in between."""
    acceptance.accept(session, event, now)
    planned = planning.plan_event(session, event.event_id, now).deliveries[0]
    dead_letter = RecordDeadLetter(planned.delivery_id, DeadLetterReason.EXHAUSTED, "http_503")
    record_dead_letter(session, dead_letter, now)
