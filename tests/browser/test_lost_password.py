"""In a real Chromium, with a real mail server: an invitation, a forgotten password, a used link."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Page, expect
from temporalio.client import Client

from contracts.access.users import Role
from sandbox.mail import MailSandbox
from sandbox.received_mail import ReceivedMail
from store.db.database import Database
from tests.browser.seat import Seat, seated
from tests.browser.with_mail import seated_with_mail
from tests.support.visitor import PASSWORD

pytestmark = pytest.mark.extended

OWNER, NEW = "owner@shop.example", "other quiet words today"


@dataclass
class Office:
    """Somebody at a browser, and the mail server that Doorstep hands its e-mail to."""

    seat: Seat
    box: MailSandbox

    async def mail_to(self, address: str, subject: str) -> ReceivedMail:
        """The e-mail that somebody gets about something."""

        def found() -> list[ReceivedMail]:
            return [one for one in self.box.to(address) if subject in one.subject]

        await self.box.wait_until(lambda: bool(found()), timeout=30)
        return found()[-1]


@pytest.fixture
async def office(
    browser: Browser, patient_client: Client, database: Database
) -> AsyncIterator[Office]:
    """The running system with the partner `shop`, which sends its e-mail to a real mail server."""
    async with seated_with_mail(browser, patient_client, database) as (seat, box):
        yield Office(seat, box)


async def choose(page: Page, password: str) -> None:
    """Type a new password twice and send it."""
    await page.get_by_label("Choose a password").fill(password)
    await page.get_by_label("Confirm password").fill(password)
    await page.get_by_role("button", name="Set the password").click()


def link_in(mail: ReceivedMail, place: str) -> str:
    """The link of an e-mail that leads there."""
    [link] = {one for one in mail.links if f"/dashboard/{place}/" in one}
    return link


async def test_a_forgotten_password_is_chosen_anew(office: Office) -> None:
    await office.seat.sign_in_as(Role.OWNER, "shop")
    await office.seat.context.clear_cookies()
    page = await office.seat.open("/sign-in")
    await page.get_by_role("link", name="Forgotten your password?").click()
    await page.get_by_label("E-mail").fill(OWNER)
    await page.get_by_role("button", name="Mail me a link").click()
    await expect(page.get_by_role("status")).to_contain_text("a link is on its way")

    mail = await office.mail_to(OWNER, "Choose a new password")
    link = link_in(mail, "reset")
    assert link in mail.text
    await page.goto(link)
    await choose(page, NEW)
    await expect(page).to_have_url(re.compile("/dashboard/sign-in"))
    await expect(page.get_by_role("status")).to_contain_text("Your password is changed")
    await page.get_by_label("E-mail").fill(OWNER)
    await page.get_by_label("Password").fill(NEW)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page).to_have_url(re.compile("/dashboard/p/shop$"))
    await office.mail_to(OWNER, "Your password was changed")

    await page.goto(link)
    await expect(page.get_by_role("heading", level=1)).to_have_text("This link was already used")


async def test_nobody_is_mailed_at_an_address_that_nobody_has(office: Office) -> None:
    await office.seat.sign_in_as(Role.OWNER, "shop")
    await office.seat.context.clear_cookies()
    for address in ("nobody@shop.example", OWNER):
        page = await office.seat.open("/forgotten")
        await page.get_by_label("E-mail").fill(address)
        await page.get_by_role("button", name="Mail me a link").click()
        await expect(page.get_by_role("status")).to_contain_text("a link is on its way")
    await office.mail_to(OWNER, "Choose a new password")
    assert {one.recipients for one in office.box.received} == {(OWNER,)}


async def test_who_is_invited_is_mailed_the_link_and_nobody_else_sees_it(office: Office) -> None:
    await office.seat.sign_in_as(Role.OWNER, "shop")
    page = await office.seat.open("/p/shop/people")
    await page.get_by_role("textbox", name="Name", exact=True).fill("Arjun")
    await page.get_by_label("E-mail").fill("arjun@chaipoint.example")
    await page.get_by_role("button", name="Invite").click()
    await expect(page.get_by_role("status")).to_contain_text("on its way to arjun@chaipoint")
    assert "/invitations/" not in await page.content()

    mail = await office.mail_to("arjun@chaipoint.example", "You are invited")
    browser = office.seat.context.browser
    assert browser is not None
    async with seated(browser, office.seat.stack, office.seat.address) as guest:
        await guest.page.goto(link_in(mail, "invitations"))
        await choose(guest.page, PASSWORD)
        await expect(guest.page).to_have_url(re.compile("/dashboard/p/shop$"))
        assert guest.complaints == []
