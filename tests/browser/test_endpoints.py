"""In a real Chromium: try an endpoint out, watch it, move it, pause it, resend what was missed."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import expect
from sqlmodel import Session

from contracts.access.users import Role
from contracts.clock import utc_now
from sandbox.merchant import Merchant
from sandbox.steps import Answer, Hang
from store.tables import EndpointRow
from tests.browser.seat import PHONE_WIDTH, Seat, seated
from tests.support.factories import make_event

pytestmark = pytest.mark.extended

LIST = "/p/shop/endpoints"


async def test_a_new_endpoint_is_tried_out_and_its_answer_seen(window: Seat) -> None:
    async with Merchant(behaviour=Hang()) as merchant:
        await window.sign_in_as(Role.OWNER, "shop")
        page = await window.open(LIST)
        await page.get_by_label("URL").fill(merchant.url)
        await page.get_by_role("textbox", name="Name", exact=True).fill("Chai Point shop")
        await page.get_by_role("button", name="Add endpoint").click()
        merchant.secrets = [await page.locator("#secret").inner_text()]
        await page.get_by_role("main").get_by_role("link", name="Chai Point shop").click()
        await page.get_by_label("Type of the test event").select_option("Out for delivery")
        await page.get_by_role("button", name="Send test event").click()
        test = page.locator("#test")
        await expect(test.locator("li.waiting")).to_be_visible()
        merchant.release(Answer(202, body=b"taken, thank you"))
        await expect(test).to_contain_text("answered 202 (Accepted)")
        await test.get_by_text("Response body").click()
        await expect(test.locator("pre")).to_contain_text("taken, thank you")
        await expect(page.locator("#health")).to_have_attribute("data-every-s", "10")
        [request] = merchant.received
        assert request.verified


async def test_the_whole_state_keeps_up_while_the_page_is_open(window: Seat) -> None:
    """A 410 to a real event switches it off: heading, switch and what is on hold say so, without a
    reload; a 410 to a test event only warns."""
    async with Merchant(behaviour=Answer(410)) as merchant:
        endpoint = await window.stack.add_endpoint(merchant.url)
        await window.sign_in_as(Role.OWNER, "shop")
        page = await window.open(f"{LIST}/{endpoint['id']}")
        health = page.locator("#health")
        await expect(health).to_contain_text("No data yet")
        await page.get_by_role("button", name="Send test event").click()
        await expect(health).to_contain_text("a test event does not", timeout=15_000)
        await expect(health.get_by_role("switch")).to_have_attribute("aria-checked", "true")
        await window.stack.delivery(await window.stack.send(make_event()), "dead_lettered")
        await expect(health).to_contain_text(
            "It answered 410 Gone, so it was switched off", timeout=15_000
        )
        await expect(health.get_by_role("button", name="Switch on")).to_be_visible()


async def test_a_new_url_starts_afresh_and_a_test_frees_what_is_on_hold(window: Seat) -> None:
    async with Merchant(behaviour=Answer(503)) as broken, Merchant() as well:
        endpoint = await window.stack.add_endpoint(broken.url)
        await window.sign_in_as(Role.OWNER, "shop")
        await window.stack.database.write(open_breaker, endpoint["id"])
        event_id = await window.stack.send(make_event())
        await window.stack.delivery(event_id, "held")
        page = await window.open(f"{LIST}/{endpoint['id']}")
        await expect(page.locator("#health")).to_contain_text(
            "1 because the endpoint did not answer"
        )
        await page.get_by_role("link", name="Settings", exact=True).last.click()
        await page.get_by_label("URL").fill(well.url)
        await page.get_by_role("button", name="Save", exact=True).click()
        health = page.locator("#health")
        await expect(health).not_to_contain_text("failing")
        await well.wait_for(1)
        await expect(health).not_to_contain_text("on hold, none lost", timeout=20_000)
        await expect(health).to_contain_text("healthy", timeout=20_000)


async def test_it_is_paused_and_what_has_waited_is_recovered(window: Seat) -> None:
    async with Merchant() as merchant:
        endpoint = await window.stack.add_endpoint(merchant.url)
        await window.sign_in_as(Role.OWNER, "shop")
        page = await window.open(f"{LIST}/{endpoint['id']}")
        await page.get_by_role("main").get_by_role("switch").first.click()
        await expect(page.get_by_role("status")).to_contain_text("Paused.")
        await expect(page.get_by_role("button", name="Send test event")).to_be_disabled()
        event_id = await window.stack.send(make_event())
        await window.stack.delivery(event_id, "held")
        await page.get_by_role("main").get_by_role("switch").first.click()
        await page.get_by_role("link", name="Resend missed events").first.click()
        await expect(page.get_by_text("One event to resend")).to_be_visible()
        await page.get_by_role("button", name="Resend it").click()
        recovery = page.locator("#recovery")
        await expect(recovery).to_contain_text("Everything was resent", timeout=20_000)
        await merchant.wait_for(1)


async def test_a_member_tries_it_out_without_scripts_and_cannot_rotate(window: Seat) -> None:
    browser = window.context.browser
    assert browser is not None
    async with (
        Merchant() as merchant,
        seated(browser, window.stack, window.address, scripts=False) as seat,
    ):
        endpoint = await window.stack.add_endpoint(merchant.url)
        await seat.sign_in_as(Role.MEMBER, "shop")
        await seat.page.set_viewport_size(PHONE_WIDTH)  # type: ignore[arg-type]
        page = await seat.open(LIST)
        await page.get_by_role("main").get_by_role("link", name=re.compile(r"127\.0\.0\.1")).click()
        await expect(page.get_by_role("button", name="Rotate secret")).to_have_count(0)
        csrf = await page.locator("input[name=csrf]").first.input_value()
        place = f"{seat.address}/dashboard{LIST}/{endpoint['id']}/rotate"
        refused = await seat.context.request.post(place, form={"csrf": csrf})
        assert (refused.status, "whsec_" in await refused.text()) == (403, False)
        await page.get_by_role("button", name="Send test event").click()
        await merchant.wait_for(1)
        event_id = page.url.rpartition("test=")[2]
        await window.stack.delivery(event_id, "delivered")
        await page.reload()
        await expect(page.locator("#test")).to_contain_text("answered 200 (OK)")
        assert seat.complaints == []


def open_breaker(session: Session, endpoint_id: str) -> None:
    """Have an endpoint fail, with its next check far off."""
    endpoint, now = session.get_one(EndpointRow, endpoint_id), utc_now()
    endpoint.failures_in_row, endpoint.failing_since, endpoint.opened_at = 12, now, now
    endpoint.probe_at = now + timedelta(minutes=10)
