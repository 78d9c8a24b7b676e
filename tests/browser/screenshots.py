"""`make screenshots`: the main pages of a demo's dashboard, light, dark and on a phone, the
tracking page, and the outcomes of twelve weeks that are played for it.

Written to docs/images, where the README shows some of them.
"""

import asyncio
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, async_playwright

from tests.browser.chromium import launch_options
from tests.browser.demo_run import DemoRun, running_demo
from tests.browser.outcome_pictures import keep_outcomes, signed_in
from tests.browser.seat import DESK_WIDTH, PHONE_WIDTH

_FOLDER = Path(__file__).parents[2] / "docs" / "images"
_ORDERS = 40
_SHOP = "chai-junction"
_TEXTS_SHOP = "kaveri-handlooms"
_CUSTOMER = "a customer of Kaveri Handlooms"
_PAGES = {
    "overview": f"/p/{_SHOP}",
    "orders": f"/p/{_TEXTS_SHOP}/orders",
    "events": f"/p/{_SHOP}/events",
    "dead-letters": f"/p/{_SHOP}/dead-letters",
    "endpoints": f"/p/{_SHOP}/endpoints",
    "texts": f"/p/{_TEXTS_SHOP}/texts",
    "partners": "/ops",
}
_LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": DESK_WIDTH},
    "dark": {"color_scheme": "dark", "viewport": DESK_WIDTH},
    "phone": {"color_scheme": "light", "viewport": PHONE_WIDTH, "device_scale_factor": 2},
}


async def take(folder: Path) -> None:
    """Play a demo, look at it as ops does, and keep what is seen."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="doorstep-screenshots-") as scratch:
        async with running_demo(Path(scratch), orders=_ORDERS) as demo, async_playwright() as play:
            browser = await play.chromium.launch(**launch_options())
            cookies = await signed_in(browser, demo.links["ops"])
            for look, options in _LOOKS.items():
                context = await browser.new_context(**options, locale="en-IN")
                await context.add_cookies(cookies)
                await _keep(context, _origin(demo), folder, look)
            await keep_tracking_pages(browser, demo, folder)
            await keep_answers(browser, demo, folder, cookies)
            await browser.close()
    async with async_playwright() as play:
        browser = await play.chromium.launch(**launch_options())
        await keep_outcomes(browser, _LOOKS, folder)
        await browser.close()


async def keep_tracking_pages(browser: Browser, demo: DemoRun, folder: Path) -> None:
    """What a customer sees on a phone, in two looks and two languages."""
    for look, language in (("light", "en"), ("dark", "hi")):
        options = {**_LOOKS["phone"], "color_scheme": look}
        context = await browser.new_context(**options, locale="en-IN")
        page = await context.new_page()
        await page.goto(f"{demo.links[_CUSTOMER]}?lang={language}")
        await page.screenshot(path=folder / f"tracking-{look}.png", full_page=True)


async def keep_answers(browser: Browser, demo: DemoRun, folder: Path, cookies: Any) -> None:
    """A failed delivery that nobody has answered: on the dashboard, and on its customer's phone."""
    context = await browser.new_context(**_LOOKS["light"], locale="en-IN")
    await context.add_cookies(cookies)
    page = await context.new_page()
    await page.goto(f"{_origin(demo)}/p/{_TEXTS_SHOP}/failed-deliveries")
    await page.screenshot(path=folder / "failed-deliveries-light.png")
    await page.locator("tbody th a").first.click()
    await page.screenshot(path=folder / "order-light.png")
    await page.get_by_role("button", name="See the customer's page").click()
    await page.wait_for_url(re.compile("/t/"))
    for look, language in (("light", "en"), ("dark", "hi")):
        options = {**_LOOKS["phone"], "color_scheme": look}
        phone = await (await browser.new_context(**options, locale="en-IN")).new_page()
        await phone.goto(f"{page.url}?lang={language}")
        await phone.screenshot(path=folder / f"failed-{look}.png", full_page=True)
        await phone.locator("a[href*='/answer/reschedule']").click()
        await phone.screenshot(path=folder / f"answer-{look}.png", full_page=True)


async def _keep(context: BrowserContext, origin: str, folder: Path, look: str) -> None:
    page = await context.new_page()
    for name, path in _PAGES.items():
        await page.goto(f"{origin}{path}")
        await page.screenshot(path=folder / f"{name}-{look}.png")
        if name == "events":
            await page.locator("tbody a[href*='/events/']").first.click()
            await page.screenshot(path=folder / f"event-{look}.png")
            await page.goto(f"{origin}{path}?state=dead_lettered")


def _origin(demo: DemoRun) -> str:
    return demo.links["ops"].partition("/invitations/")[0]


if __name__ == "__main__":
    asyncio.run(take(Path(sys.argv[1]) if len(sys.argv) > 1 else _FOLDER))
