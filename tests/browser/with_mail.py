"""Somebody at a browser before a running system that hands its e-mail to a real mail server."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

from playwright.async_api import Browser
from temporalio.client import Client

from activities.mail_sender import Mail
from api.dependencies import Parts
from contracts.brand import Brand
from mails.rendering import MailPages
from sandbox.mail import MailSandbox
from store.db.database import Database
from tests.browser.seat import Seat, seated
from tests.support.smtp import mailer_of
from tests.support.stack import open_stack


@asynccontextmanager
async def seated_with_mail(
    browser: Browser, client: Client, database: Database
) -> AsyncIterator[tuple[Seat, MailSandbox]]:
    """The seat, with the partner `shop`, and the mail server."""
    async with AsyncExitStack() as everything:
        stack = await everything.enter_async_context(open_stack(client, database))
        await stack.add_partner()
        address = await everything.enter_async_context(stack.called_by_twilio())
        box = await everything.enter_async_context(MailSandbox())
        mail = Mail(mailer_of(box), MailPages(), Brand(), f"{address}/dashboard")
        await everything.enter_async_context(stack.worker(mail=mail))
        assert stack.app is not None
        parts: Parts = stack.app.state.parts
        stack.app.state.parts = replace(parts, sends_mail=True)
        seat = await everything.enter_async_context(seated(browser, stack, address))
        yield seat, box
        assert seat.complaints == []
