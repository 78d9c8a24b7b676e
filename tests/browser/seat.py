"""Somebody at a real browser in front of the running system: the API served over HTTP, a worker
beside it, a sandbox merchant where a test wants one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from playwright.async_api import Browser, BrowserContext, Page

from api.dependencies import Parts
from contracts.access.users import Invite, Role
from store.access.invitations import invite
from store.access.sessions import Begun, accept_invitation
from tests.browser.dialogs import SAYS_YES
from tests.support.stack import Stack
from tests.support.visitor import COOKIE, PASSWORD_HASH

PHONE_WIDTH = {"width": 360, "height": 780}
DESK_WIDTH = {"width": 1280, "height": 900}


@dataclass
class Seat:
    """A browser's page on the dashboard. `complaints` is what its console said: errors of scripts
    and what the content security policy refused. Nothing is to be in it at the end of a test."""

    stack: Stack
    address: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    async def open(self, path: str) -> Page:
        """Open a page under /dashboard."""
        await self.page.goto(f"{self.address}/dashboard{path}")
        return self.page

    async def sign_in_as(self, role: Role, partner_id: str | None = None) -> "Seat":
        """Be somebody with this role: the cookie of a session, as a sign-in gives it."""
        assert self.stack.app is not None
        parts: Parts = self.stack.app.state.parts
        now = parts.clock()
        asked = Invite(
            email=f"{role}@{partner_id or 'doorstep'}.example",
            name="Priya Nair",
            role=role,
            partner_id=partner_id,
        )
        _, token = await parts.database.write(invite, asked, now, actor="test")
        begun = await parts.database.write(accept_invitation, token, PASSWORD_HASH, now)
        assert isinstance(begun, Begun)
        await self.context.add_cookies(
            [{"name": COOKIE, "value": begun.token, "url": self.address}]
        )
        return self


@asynccontextmanager
async def seated(
    browser: Browser,
    stack: Stack,
    address: str,
    *,
    scripts: bool = True,
    dark: bool = False,
    language: str = "en",
) -> AsyncIterator[Seat]:
    """A seat, whose context closes with the test; without `scripts`, JavaScript is switched off.
    `language` is what the browser asks for."""
    context = await browser.new_context(
        java_script_enabled=scripts,
        viewport=DESK_WIDTH,  # type: ignore[arg-type]
        color_scheme="dark" if dark else "light",
        locale=f"{language}-IN",
        timezone_id="Asia/Kolkata",
    )
    await context.add_init_script(SAYS_YES)
    page = await context.new_page()
    seat = Seat(stack, address, context, page)
    page.on("console", lambda said: _note(seat, said.type, said.text))
    page.on("pageerror", lambda error: seat.complaints.append(str(error)))
    yield seat
    await context.close()


def _note(seat: Seat, kind: str, text: str) -> None:
    """Errors and warnings. That a page answered 404 or 409 is no complaint of the page's."""
    if kind in ("error", "warning") and "Failed to load resource" not in text:
        seat.complaints.append(f"{kind}: {text}")
