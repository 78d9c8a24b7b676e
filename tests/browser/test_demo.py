"""The links that a demo prints open its dashboard, with what the demo has played."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.demo_run import running_demo
from tests.support.visitor import PASSWORD

pytestmark = [pytest.mark.extended, pytest.mark.timeout(300)]


async def test_an_owner_and_ops_come_in(browser: Browser, tmp_path: Path) -> None:
    async with running_demo(tmp_path, orders=12) as demo:
        page = await (await browser.new_context()).new_page()
        await page.goto(demo.links["Chai Junction"])
        await page.get_by_role("button", name=re.compile("Chai Junction")).click()
        await expect(page).to_have_url(re.compile("/dashboard/p/chai-junction$"))
        await page.get_by_role("link", name="Events", exact=True).click()
        await expect(page.locator("tbody tr").first).to_be_visible()

        ops = await (await browser.new_context()).new_page()
        await ops.goto(demo.links["ops"])
        for label in ("Choose a password", "Confirm password"):
            await ops.get_by_label(label).fill(PASSWORD)
        await ops.get_by_role("button", name="Set the password").click()
        await expect(ops.get_by_role("link", name="Meridian", exact=True)).to_be_visible()
