"""In a real Chromium: over to a real identity provider on another site, and back signed in."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from tests.browser.seat import Seat
from tests.peers.real_provider import (
    CALLBACK,
    SCOPES,
    SECRET,
    RealProvider,
    client,
    installed,
    new_provider,
)
from tests.support.asking_provider import asking_provider
from tests.support.provider_browser import OPS_BY_CLAIM, know_provider

pytestmark = pytest.mark.extended


@pytest.fixture
async def provider(
    window: Seat, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RealProvider]:
    """The provider, which knows this dashboard. `localhost` is another site than 127.0.0.1: what
    the cookies of the way back are for shows."""
    folder = await installed(tmp_path_factory.mktemp("provider") / "oidc")
    provider = await new_provider(folder)
    provider.issuer = f"http://localhost:{provider.port}"
    provider.clients = [client("doorstep", f"{window.address}{CALLBACK}")]
    assert window.stack.app is not None
    known = ("doorstep", SECRET)
    async with asking_provider() as ask, provider.up():
        know_provider(
            window.stack.app,
            ask,
            provider.issuer,
            known,
            scopes=SCOPES,
            home=window.address,
            rules=OPS_BY_CLAIM,
        )
        yield provider


async def test_somebody_of_ops_goes_there_and_comes_back(
    window: Seat, provider: RealProvider
) -> None:
    page = await window.open("/sign-in")
    await page.get_by_role("link", name="Sign in with your Doorstep account").click()
    await expect(page).to_have_url(re.compile(f"^{provider.issuer}/interaction/"))
    await page.get_by_placeholder("Enter any login").fill("asha")
    await page.get_by_placeholder("and password").fill("any")
    await page.get_by_role("button", name="Sign-in").click()
    await page.get_by_role("button", name="Continue").click()
    await expect(page).to_have_url(f"{window.address}/dashboard/ops")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Partners")


async def test_whoever_goes_back_reads_why_and_signs_in_with_a_password(
    window: Seat, provider: RealProvider
) -> None:
    page = await window.open("/sign-in")
    await page.get_by_role("link", name="Sign in with your Doorstep account").click()
    await page.get_by_role("link", name="Cancel").click()
    await expect(page.get_by_role("alert")).to_contain_text("did not let you go on")
    assert "code=" not in page.url
    await page.get_by_label("E-mail").fill("nobody@ops.example")
    await page.get_by_label("Password").fill("a wrong password")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_contain_text("e-mail or the password is wrong")
