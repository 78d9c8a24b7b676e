"""A real Chromium, and the product's app behind a real HTTP server for it."""

import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, async_playwright
from temporalio.client import Client

from api.app import create_app
from store.database import Database
from tests.browser.seat import Seat, seated
from tests.support.encryption import KEYRING
from tests.support.serving import serving
from tests.support.stack import open_stack

_INSTALL = ("apt-get", "install", "--yes", "--option=DPkg::Lock::Timeout=300", "chromium")
"""Waits where another process installs it just now."""

_NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser of this machine. As root on Debian it is installed where it is missing."""
    found = _found()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(_INSTALL, check=False)
        found = _found()
    if found is None:
        pytest.fail("make test-all needs Chromium: apt-get install chromium, or put it on the path")
    return found


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """Chromium without a window; as root it cannot run in its own sandbox."""
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=options)
        yield browser
        await browser.close()


@pytest.fixture
async def address() -> AsyncIterator[str]:
    """The app's address; it has no parts, and its pages need none."""
    async with serving(create_app(_never_opened)) as address:
        yield address


@pytest.fixture
async def window(
    browser: Browser, patient_client: Client, migrated: Path, tmp_path: Path
) -> AsyncIterator[Seat]:
    """A seat at the running system, with the partner `shop`: an API over HTTP on SQLite, and a
    worker. Nobody is signed in yet."""
    database = Database(f"sqlite:///{shutil.copy(migrated, tmp_path / 'doorstep.db')}", KEYRING)
    async with AsyncExitStack() as everything:
        everything.callback(database.close)
        stack = await everything.enter_async_context(open_stack(patient_client, database))
        await stack.add_partner()
        await everything.enter_async_context(stack.worker())
        address = await everything.enter_async_context(stack.called_by_twilio())
        seat = await everything.enter_async_context(seated(browser, stack, address))
        yield seat
        assert seat.complaints == []


def _found() -> str | None:
    return next(filter(None, map(shutil.which, _NAMES)), None)


def _never_opened() -> AbstractAsyncContextManager[Any]:
    raise AssertionError("the lifespan is off")
