"""A real Chromium, and the product's app behind a real HTTP server for it."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any

import pytest
from playwright.async_api import Browser, async_playwright
from temporalio.client import Client

from api.app import create_app
from store.db.database import Database
from tests.browser.chromium import find_chromium, launch_options
from tests.browser.seat import Seat, seated
from tests.support.programs import NotInstalled
from tests.support.serving import serving
from tests.support.stack import open_stack


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser of this machine."""
    try:
        return find_chromium()
    except NotInstalled as missing:
        pytest.fail(str(missing))


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """Chromium without a window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**launch_options(chromium))
        yield browser
        await browser.close()


@pytest.fixture
async def address() -> AsyncIterator[str]:
    """The app's address; it has no parts, and its pages need none."""
    async with serving(create_app(_never_opened)) as address:
        yield address


@pytest.fixture
async def window(
    browser: Browser, patient_client: Client, database: Database
) -> AsyncIterator[Seat]:
    """A seat at the running system, with the partner `shop`: an API over HTTP and a worker. Nobody
    is signed in yet."""
    async with AsyncExitStack() as everything:
        stack = await everything.enter_async_context(open_stack(patient_client, database))
        await stack.add_partner()
        await everything.enter_async_context(stack.worker())
        address = await everything.enter_async_context(stack.called_by_twilio())
        seat = await everything.enter_async_context(seated(browser, stack, address))
        yield seat
        assert seat.complaints == []


def _never_opened() -> AbstractAsyncContextManager[Any]:
    raise AssertionError("the lifespan is off")
