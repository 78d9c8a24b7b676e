"""In a real Chromium, with a real mail server: an endpoint fails, recovers or is switched off, its
owner gets one e-mail each, its link leads to the endpoint, and what was sent is listed."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect
from sqlmodel import Session
from temporalio.client import Client

from contracts.access.users import Role
from contracts.clock import utc_now
from contracts.notifications.messages import MessageChannel
from sandbox.mail import MailSandbox
from sandbox.merchant import Merchant
from sandbox.received_mail import ReceivedMail
from sandbox.steps import Answer
from store.db.database import Database
from store.tables import EndpointRow
from tests.browser.seat import Seat
from tests.browser.with_mail import seated_with_mail
from tests.support.factories import make_event, make_groups, make_order
from tests.support.notifications import messages_of
from tests.support.shelf import Shelf
from tests.support.visitor import PASSWORD
from tests.support.waiting import eventually

pytestmark = pytest.mark.extended

OWNER = "owner@shop.example"


@dataclass
class Office:
    """A seat at the running system, and the mail server that its worker hands e-mails to."""

    seat: Seat
    mailbox: MailSandbox

    async def mail_of_a_gone_endpoint(self) -> tuple[ReceivedMail, str]:
        """The one e-mail to the owner about an endpoint that answers 410; and its id."""
        stack = self.seat.stack
        async with Merchant(behaviour=Answer(410)) as merchant:
            endpoint = await stack.add_endpoint(merchant.url)
            await stack.delivery(await stack.send(make_event()), "dead_lettered")
            await self.mailbox.wait_until(lambda: bool(self.mailbox.to(OWNER)), timeout=30)
        [mail] = self.mailbox.to(OWNER)
        return mail, str(endpoint["id"])


@pytest.fixture
async def office(
    browser: Browser, patient_client: Client, database: Database
) -> AsyncIterator[Office]:
    """The partner `shop`, whose owner is at the browser."""
    async with seated_with_mail(browser, patient_client, database) as (seat, mailbox):
        yield Office(await seat.sign_in_as(Role.OWNER, "shop"), mailbox)


async def about_to_open(database: Database, endpoint_id: str) -> None:
    """Nine failures in a row over a minute: one more opens the breaker."""

    def work(session: Session) -> None:
        row = session.get_one(EndpointRow, endpoint_id)
        row.failures_in_row, row.failing_since = 9, utc_now() - timedelta(minutes=1)

    await database.write(work)


async def let_it_be_probed(database: Database, endpoint_id: str) -> None:
    """Bring forward the next probe."""

    def work(session: Session) -> None:
        session.get_one(EndpointRow, endpoint_id).probe_at = utc_now()

    await database.write(work)


def link_in(mail: ReceivedMail, endpoint_id: str) -> str:
    """The link to the thing, the same in both forms of the e-mail."""
    [link] = {one for one in mail.links if one.endswith(f"/p/shop/endpoints/{endpoint_id}")}
    assert f'href="{link}"' in mail.html
    return link


async def test_the_link_of_an_e_mail_leads_to_the_endpoint_and_the_list_says_who_was_told(
    office: Office,
) -> None:
    mail, endpoint_id = await office.mail_of_a_gone_endpoint()
    assert "127.0.0.1" in mail.subject
    assert "Chai Point" in mail.text
    page = office.seat.page
    await page.goto(link_in(mail, endpoint_id))
    await expect(page.get_by_role("button", name="Switch on")).to_be_visible()
    await office.seat.open("/p/shop/notifications")
    line = (
        page.get_by_role("row")
        .filter(has_text="An endpoint was switched off")
        .filter(has_text="Priya Nair")
    )
    await expect(line).to_contain_text("o…@shop.example")
    await expect(line.get_by_text("Sent", exact=True)).to_be_visible()
    await line.get_by_role("link", name="An endpoint was switched off").click()
    await expect(page).to_have_url(re.compile(f"/endpoints/{endpoint_id}$"))


async def test_an_endpoint_that_fails_is_one_e_mail_and_its_all_clear_another(
    office: Office,
) -> None:
    stack, mailbox, page = office.seat.stack, office.mailbox, office.seat.page
    order = make_groups(order=make_order(order_id="ORD-4711"))
    async with Merchant(behaviour=Answer(503)) as merchant:
        endpoint = await stack.add_endpoint(merchant.url)
        await about_to_open(stack.database, endpoint["id"])
        event_id = await stack.send(make_event("out_for_delivery", data=order))
        await mailbox.wait_until(lambda: len(mailbox.to(OWNER)) == 1, timeout=30)
        [failing] = mailbox.to(OWNER)
        for said in ("ORD-4711", "503", "Chai Point"):
            assert said in failing.text
            assert said in failing.html
        await page.goto(link_in(failing, endpoint["id"]))
        await expect(page.get_by_text("failing", exact=True).first).to_be_visible()
        merchant.behave(Answer(200))
        await let_it_be_probed(stack.database, endpoint["id"])
        # it is tried again after up to 33 s, and is the probe then
        await stack.delivery(event_id, "delivered", timeout=60)
        await mailbox.wait_until(lambda: len(mailbox.to(OWNER)) == 2, timeout=30)
    recovered = mailbox.to(OWNER)[1]
    assert recovered.subject != failing.subject
    await page.goto(link_in(recovered, endpoint["id"]))
    await office.seat.open("/p/shop/notifications")
    for told in ("An endpoint has recovered", "An endpoint fails"):
        line = page.get_by_role("row").filter(has_text=told).filter(has_text="Priya Nair")
        await expect(line.get_by_text("Sent", exact=True)).to_be_visible()


async def test_whoever_is_not_signed_in_gets_there_after_the_sign_in(office: Office) -> None:
    mail, endpoint_id = await office.mail_of_a_gone_endpoint()
    page = office.seat.page
    await office.seat.context.clear_cookies()
    await page.goto(link_in(mail, endpoint_id))
    await expect(page).to_have_url(re.compile("/sign-in$"))
    await page.get_by_label("E-mail").fill(OWNER)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page).to_have_url(re.compile(f"/endpoints/{endpoint_id}$"))


async def test_what_is_switched_off_is_not_mailed(office: Office) -> None:
    page = await office.seat.open("/account/notifications")
    switch = page.get_by_role("switch", name="An endpoint was switched off")
    await switch.click()
    await expect(switch).to_have_attribute("aria-checked", "false")
    async with Merchant(behaviour=Answer(410)) as merchant:
        await office.seat.stack.add_endpoint(merchant.url)
        event_id = await office.seat.stack.send(make_event())
        await office.seat.stack.delivery(event_id, "dead_lettered")
        made = await eventually(lambda: messages_of(Shelf(office.seat.stack.database)), bool)
    assert [one.channel for one in made] == [MessageChannel.SMS]
    await office.seat.open("/p/shop/notifications")
    await expect(page.get_by_text("the contact phone")).to_be_visible()
    assert office.mailbox.to(OWNER) == []
