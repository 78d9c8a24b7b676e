"""A failed delivery in a real Chromium: from the text to the form, to the OMS and back, by the
customer and by the merchant; with scripts and without, in each language and look."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Page, expect
from temporalio.client import Client

from commands.ports import free_ports
from contracts.access.users import Role
from contracts.instructions.posts import OmsWebhook
from contracts.instructions.words import InstructionAction
from contracts.payload.signature import new_secret
from contracts.sms.languages import Language
from sandbox.oms import OmsClient
from sandbox.oms_instructions import OmsInstructions
from sandbox.twilio import TwilioSandbox
from store.db.database import Database
from tests.browser.axe import serious_faults, sticks_out
from tests.browser.seat import Seat, seated
from tests.browser.tracked_shop import SMALL, a_shop, faults_of, happening, link_of
from tests.support.parts import OPERATOR_KEY
from tests.support.stack import Stack
from tracking.languages import words_in

pytestmark = pytest.mark.extended

SECRET = new_secret()
ENGLISH = words_in(Language.ENGLISH)
LINK = re.compile(r"http\S+/t/[\w-]{22}")


@dataclass
class Scene:
    """A shop, its Twilio, and an OMS that takes instructions and drives on."""

    stack: Stack
    address: str
    twilio: TwilioSandbox
    oms: OmsInstructions

    async def fails(self, order_id: str) -> str:
        """A failed delivery, and the link that is texted about it."""
        before = len(self.twilio.messages)
        failed = happening("delivery_failed", order_id)
        self.oms.expect(failed)
        await self.stack.send(failed)
        messages = await self.twilio.wait_for(before + 1)
        [link] = LINK.findall(messages[-1].body)
        return str(link)


@asynccontextmanager
async def a_scene(client: Client, database: Database) -> AsyncIterator[Scene]:
    [port] = free_ports(1)
    webhook = OmsWebhook(f"http://127.0.0.1:{port}/hook", SECRET)
    async with (
        a_shop(client, database, webhook) as (stack, address, twilio),
        OmsClient(address, OPERATOR_KEY) as posting,
        OmsInstructions(posting, address, OPERATOR_KEY, secret=SECRET, port=port) as oms,
    ):
        yield Scene(stack, address, twilio, oms)


async def shows(page: Page, text: str) -> None:
    await expect(page.locator("main")).to_contain_text(text, timeout=25_000)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
async def test_tomorrow_evening_is_asked_for_confirmed_and_delivered(
    browser: Browser, patient_client: Client, database: Database, scripts: bool
) -> None:
    async with (
        a_scene(patient_client, database) as scene,
        seated(browser, scene.stack, scene.address, scripts=scripts) as seat,
    ):
        page = seat.page
        await page.set_viewport_size(SMALL)  # type: ignore[arg-type]
        link = await scene.fails("ORD-1")
        await page.goto(link)
        await page.get_by_role("link", name=ENGLISH("action-reschedule")).click()
        evening = page.locator("optgroup").nth(1).locator("option").last
        await page.get_by_label(ENGLISH("when")).select_option(
            value=str(await evening.get_attribute("value"))
        )
        await page.get_by_label(ENGLISH("comment")).fill("please ring twice")
        await page.get_by_role("button", name=ENGLISH("send")).click()
        await expect(page).to_have_url(re.compile(rf"^{re.escape(link)}\?lang=en$"))
        await shows(page, ENGLISH("said-by-customer"))
        [decided] = await scene.oms.wait_for(1)
        told = decided.instruction
        assert scene.oms.taken == [told["instruction_id"]]  # verified with the reference library
        assert (told["action"], told["slot"]) == ("reschedule", "evening")
        assert (told["comment"], told["given_by"]) == ("please ring twice", "customer")
        if not scripts:
            await page.reload()
        # accepted at once, driven again and delivered: the page has gone on with it
        await shows(page, ENGLISH("state-delivered"))
        assert seat.complaints == []


async def test_what_the_oms_says_is_shown_live(
    browser: Browser, patient_client: Client, database: Database
) -> None:
    async with (
        a_shop(patient_client, database) as (stack, address, _),
        seated(browser, stack, address) as seat,
    ):
        await stack.send(happening("delivery_failed", "ORD-1"))
        link, page = await link_of(stack, "ORD-1"), seat.page
        await page.goto(link)
        for action, decision, said in (
            ("hold", {"decision": "rejected", "reason": "the hub is full"}, "the hub is full"),
            ("reattempt", {"decision": "accepted"}, ENGLISH("said-accepted")),
        ):
            await page.get_by_role("link", name=ENGLISH(f"action-{action}")).click()
            await page.get_by_role("button", name=ENGLISH("send")).click()
            await shows(page, ENGLISH("said-open"))
            [given, *_] = (
                await stack.api.get("/v1/orders/ORD-1/instructions?partner_id=shop")
            ).json()["items"]
            path = f"/v1/instructions/{given['id']}/decision"
            assert (await stack.api.post(path, json=decision)).is_success
            await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
            await shows(page, said)
        assert await page.get_by_role("link", name=ENGLISH("action-return")).count() == 0
        assert seat.complaints == []


async def test_a_new_address_takes_the_texted_code(
    browser: Browser, patient_client: Client, database: Database
) -> None:
    async with (
        a_scene(patient_client, database) as scene,
        seated(browser, scene.stack, scene.address, scripts=False) as seat,
    ):
        page = seat.page
        await page.goto(await scene.fails("ORD-1"))
        await page.get_by_role("link", name=ENGLISH("action-change-address")).click()
        await page.get_by_role("button", name=ENGLISH("send")).click()
        await shows(page, ENGLISH("fault-address"))
        for name, value in (("line1", "7 Tulsi Baug"), ("city", "Pune"), ("pincode", "411 030")):
            await page.get_by_label(ENGLISH(name), exact=True).fill(value)
        await page.get_by_role("button", name=ENGLISH("send")).click()
        await shows(page, ENGLISH("code-sent"))
        message = (await scene.twilio.wait_for(2))[-1]
        [code] = re.findall(r"\b[0-9]{6}\b", message.body)
        field = page.get_by_label(ENGLISH("code-label"), exact=True)
        await field.fill(f"{(int(code) + 1) % 10**6:06}")
        await page.get_by_role("button", name=ENGLISH("code-confirm"), exact=True).click()
        await shows(page, ENGLISH("fault-code", left=4))
        assert scene.oms.taken == []
        await field.fill(code)
        await page.get_by_role("button", name=ENGLISH("code-confirm"), exact=True).click()
        [decided] = await scene.oms.wait_for(1)
        assert decided.instruction["address"]["pincode"] == "411030"
        assert seat.complaints == []


async def test_every_form_in_every_language_and_look(
    browser: Browser, patient_client: Client, database: Database
) -> None:
    found: list[str] = []
    async with (
        a_shop(patient_client, database) as (stack, address, _),
        seated(browser, stack, address) as light,
        seated(browser, stack, address, dark=True) as dark,
    ):
        await stack.send(happening("delivery_failed", "ORD-1"))
        link = await link_of(stack, "ORD-1")
        for action in InstructionAction:
            for language in Language:
                place = f"{link}/answer/{action}?lang={language}"
                for seat in (light, dark):
                    found += [f"{action} {language} {one}" for one in await faults_of(seat, place)]
        await light.page.goto(f"{link}/answer/change_address")
        await light.page.get_by_label(ENGLISH("landmark")).fill("behind the temple")
        await light.page.get_by_role("button", name=ENGLISH("send")).click()
        await shows(light.page, ENGLISH("code-sent"))
        for language in Language:
            for seat in (light, dark):
                place = f"{link}/code?lang={language}"
                found += [f"code {language} {one}" for one in await faults_of(seat, place)]
        assert light.complaints == dark.complaints == []
    assert found == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
async def test_the_merchant_asks_on_the_dashboard(
    browser: Browser, patient_client: Client, database: Database, scripts: bool
) -> None:
    async with (
        a_scene(patient_client, database) as scene,
        seated(browser, scene.stack, scene.address, scripts=scripts) as seat,
    ):
        await seat.sign_in_as(Role.OWNER, "shop")
        for order_id in ("ORD-1", "ORD-2", "ORD-3"):
            await scene.fails(order_id)
        page = await seat.open("/p/shop/failed-deliveries")
        assert not scripts or await axe_and_width(seat) == []
        for order_id in ("ORD-1", "ORD-2"):
            await page.get_by_label(f"Select order {order_id}").check()
        await page.get_by_label("For the selected parcels").select_option("reattempt")
        await page.get_by_role("button", name="Request this").click()
        await shows(page, "They were passed on to the order system.")
        await page.get_by_role("link", name="ORD-3").click()
        await page.get_by_text("Keep it at the delivery centre").click()
        assert not scripts or await axe_and_width(seat) == []
        await page.locator("details[open]").get_by_role("button", name="Request this").click()
        await shows(page, "It was passed on to the order system.")
        decided = await scene.oms.wait_for(3)
        assert {one.instruction["given_by"] for one in decided} == {"merchant"}
        await page.reload()
        await shows(page, "confirmed")
        assert seat.complaints == []


async def axe_and_width(seat: Seat) -> list[str]:
    found = await serious_faults(seat.page)
    return [*found, *(["sticks out"] if await sticks_out(seat.page) else [])]
