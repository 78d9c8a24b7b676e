"""In a real Chromium: try an endpoint out, rotate its secret, pause it, recover what has waited."""

import re

import pytest
from playwright.async_api import expect

from contracts.access.users import Role
from sandbox.merchant import Merchant
from sandbox.steps import Answer, Hang
from tests.browser.seat import PHONE_WIDTH, Seat, seated
from tests.support.factories import make_event

pytestmark = pytest.mark.extended

LIST = "/p/shop/endpoints"


async def test_a_new_endpoint_is_tried_out_and_its_answer_seen(window: Seat) -> None:
    async with Merchant(behaviour=Hang()) as merchant:
        await window.sign_in_as(Role.OWNER, "shop")
        page = await window.open(LIST)
        await page.get_by_label("URL").fill(merchant.url)
        await page.get_by_label("Name").fill("Chai Point shop")
        await page.get_by_role("button", name="Add an endpoint").click()
        merchant.secrets = [await page.locator("#secret").inner_text()]
        await page.get_by_role("link", name="Send a test event to it").click()
        await page.get_by_label("Type of the test event").select_option("Out for delivery")
        await page.get_by_role("button", name="Send a test event").click()
        test = page.locator("#test")
        await expect(test).to_contain_text("sending")
        merchant.release(Answer(202, body=b"taken, thank you"))
        await expect(test).to_contain_text("answered 202 (Accepted)")
        await expect(test.get_by_text("delivered", exact=True)).to_be_visible()
        await test.get_by_text("What it answered").click()
        await expect(test.locator("pre")).to_contain_text("taken, thank you")
        await expect(test).not_to_have_attribute("data-every-s", re.compile("."))
        [request] = merchant.received
        assert request.verified


async def test_a_rotated_secret_is_shown_once_and_both_verify(window: Seat) -> None:
    async with Merchant() as merchant:
        endpoint = await window.stack.add_endpoint(merchant.url)
        await window.sign_in_as(Role.OWNER, "shop")
        page = await window.open(f"{LIST}/{endpoint['id']}")
        page.on("dialog", lambda dialog: dialog.accept())
        await page.get_by_role("button", name="Rotate the secret").click()
        new = await page.locator("#secret").inner_text()
        assert new != endpoint["secret"]
        merchant.secrets = [endpoint["secret"], new]
        await window.open(f"{LIST}/{endpoint['id']}")
        await expect(page.locator("#secret")).to_have_count(0)
        assert new not in await page.content()
        await page.get_by_role("button", name="Send a test event").click()
        await expect(page.locator("#test")).to_contain_text("answered 200 (OK)")
        [request] = merchant.received
        assert request.verified_with == (0, 1)


async def test_it_is_paused_and_what_has_waited_is_recovered(window: Seat) -> None:
    async with Merchant() as merchant:
        endpoint = await window.stack.add_endpoint(merchant.url)
        await window.sign_in_as(Role.OWNER, "shop")
        page = await window.open(f"{LIST}/{endpoint['id']}")
        page.on("dialog", lambda dialog: dialog.accept())
        await page.get_by_role("button", name="Pause").click()
        await expect(page.get_by_role("status")).to_contain_text("Paused.")
        await expect(page.get_by_role("button", name="Send a test event")).to_be_disabled()
        event_id = await window.stack.send(make_event())
        await window.stack.delivery(event_id, "held")
        await page.get_by_role("button", name="Switch on").click()
        await page.get_by_role("link", name="Recover what waits or failed").first.click()
        await expect(page.get_by_text("One delivery would be sent again")).to_be_visible()
        await page.get_by_role("button", name="Send it again").click()
        recovery = page.locator("#recovery")
        await expect(recovery).to_contain_text("All was sent again", timeout=20_000)
        await expect(recovery).to_contain_text("1 delivered")
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
        await page.get_by_role("link", name=re.compile(r"127\.0\.0\.1")).click()
        await expect(page.get_by_role("button", name="Rotate the secret")).to_have_count(0)
        csrf = await page.locator("input[name=csrf]").first.input_value()
        place = f"{seat.address}/dashboard{LIST}/{endpoint['id']}/rotate"
        refused = await seat.context.request.post(place, form={"csrf": csrf})
        assert (refused.status, "whsec_" in await refused.text()) == (403, False)
        await page.get_by_role("button", name="Send a test event").click()
        await merchant.wait_for(1)
        event_id = page.url.rpartition("test=")[2]
        await window.stack.delivery(event_id, "delivered")
        await page.reload()
        await expect(page.locator("#test")).to_contain_text("answered 200 (OK)")
        assert seat.complaints == []
