"""The dashboard in a frame of the company's portal, over TLS, in a real Chromium: there it works,
and in nobody else's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from html import escape
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.async_api import Browser, FrameLocator, Page, expect

from api.dependencies import Parts
from sandbox.tls import self_signed
from tests.support.serving import serving
from tests.support.stack import Stack

pytestmark = pytest.mark.extended


@pytest.fixture
async def portal() -> AsyncIterator[str]:
    """The origin of the company's portal: another site, because its host is another one."""
    async with _framing() as origin:
        yield origin


@pytest.fixture
async def other() -> AsyncIterator[str]:
    """An origin that may not show it."""
    async with _framing() as origin:
        yield origin


@pytest.fixture
async def address(stack: Stack, portal: str) -> AsyncIterator[str]:
    """The dashboard over TLS, with one partner; only the portal may show it."""
    assert stack.app is not None
    await stack.add_partner()
    async with serving(stack.app, self_signed()) as address:
        parts: Parts = stack.app.state.parts
        rules = replace(parts.text_rules, public_url=address)
        stack.app.state.parts = replace(parts, text_rules=rules, embed_origin=portal)
        yield address


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A browser that takes our certificate."""
    context = await browser.new_context(ignore_https_errors=True)
    yield await context.new_page()
    await context.close()


async def test_the_portal_s_link_signs_in_inside_of_its_frame(
    page: Page, stack: Stack, address: str, portal: str
) -> None:
    frame = await _shown_in(page, portal, await _link(stack, address))
    await frame.get_by_role("button", name="Open the dashboard of Chai Point").click()
    await expect(frame.get_by_role("heading", name="Overview", level=1)).to_be_visible()
    await frame.get_by_role("link", name="Activity log").first.click()
    await expect(frame.get_by_role("heading", name="Activity log")).to_be_visible()
    await frame.get_by_label("Account of portal user 4711").click()
    await frame.get_by_role("button", name="Dark").click()
    await expect(frame.locator("html")).to_have_attribute("data-theme", "dark")


async def test_the_cookie_is_for_that_frame_alone(
    page: Page, stack: Stack, address: str, portal: str
) -> None:
    frame = await _shown_in(page, portal, await _link(stack, address))
    await frame.get_by_role("button", name="Open the dashboard of Chai Point").click()
    await expect(frame.get_by_role("heading", name="Overview", level=1)).to_be_visible()
    cookies: Any = await page.context.cookies(address)
    [cookie] = cookies
    assert cookie["name"] == "__Host-doorstep_session"
    assert (cookie["sameSite"], cookie["secure"], cookie["httpOnly"]) == ("None", True, True)
    assert cookie["partitionKey"] == "https://localhost"
    await page.goto(f"{address}/dashboard/")
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


async def test_another_origin_shows_nothing_of_it(page: Page, address: str, other: str) -> None:
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text))
    frame = await _shown_in(page, other, f"{address}/dashboard/sign-in")
    await expect(frame.get_by_role("heading", name="Sign in")).to_have_count(0)
    assert any("frame-ancestors" in one for one in refused)


async def test_without_the_setting_the_portal_shows_nothing_either(
    page: Page, stack: Stack, address: str, portal: str
) -> None:
    assert stack.app is not None
    stack.app.state.parts = replace(stack.app.state.parts, embed_origin=None)
    frame = await _shown_in(page, portal, f"{address}/dashboard/sign-in")
    await expect(frame.get_by_role("heading", name="Sign in")).to_have_count(0)


async def _shown_in(page: Page, origin: str, address: str) -> FrameLocator:
    """A page of that origin with the dashboard in a frame."""
    await page.goto(f"{origin}/?show={quote(address)}")
    return page.frame_locator("iframe")


@asynccontextmanager
async def _framing() -> AsyncIterator[str]:
    """A site whose page shows what its address says in a frame."""
    site = FastAPI()

    @site.get("/")
    async def framing(show: str) -> HTMLResponse:
        frame = f'<iframe src="{escape(show)}" width="1200" height="800" title="Orders"></iframe>'
        return HTMLResponse(f"<!doctype html><title>Portal</title>{frame}")

    async with serving(site, self_signed("localhost")) as address:
        yield address.replace("127.0.0.1", "localhost")


async def _link(stack: Stack, address: str) -> str:
    """What the portal asks for when a merchant presses its button."""
    made = await stack.api.post(
        "/v1/partners/shop/portal-links", json={"name": "portal user 4711", "role": "owner"}
    )
    assert made.status_code == 201
    link = str(made.json()["url"])
    assert link.startswith(address)
    return link
