"""`/docs` in a real browser: it shows every operation, and its policy stops nothing."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.support.document import DOCUMENT

pytestmark = pytest.mark.extended


@pytest.fixture
def said() -> list[str]:
    """What the browser complains about, and which addresses it asks that are not ours."""
    return []


@pytest.fixture
async def page(browser: Browser, address: str, said: list[str]) -> Page:
    """The page, with everything that it loads watched."""
    page = await browser.new_page()
    page.on("console", lambda line: said.append(f"{line.type}: {line.text}"))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.on("requestfailed", lambda request: said.append(f"failed: {request.url}"))
    ours = (f"{address}/", "data:")
    page.on(
        "request",
        lambda request: None if request.url.startswith(ours) else said.append(request.url),
    )
    await page.goto(f"{address}/docs")
    return page


class TestThePage:
    async def test_it_shows_every_operation_and_webhook(self, page: Page, said: list[str]) -> None:
        described = [*DOCUMENT["paths"].values(), *DOCUMENT["webhooks"].values()]
        operations = sum(len(methods) for methods in described)
        await expect(page.locator(".opblock")).to_have_count(operations)
        assert said == []

    async def test_an_operation_opens_and_can_be_tried(self, page: Page, said: list[str]) -> None:
        await page.locator("#operations-platform-healthz .opblock-summary-control").click()
        await page.get_by_role("button", name="Try it out").click()
        await page.get_by_role("button", name="Execute").click()
        await expect(page.locator(".live-responses-table")).to_contain_text('"status": "ok"')
        assert said == []

    async def test_what_is_inline_does_not_run(self, page: Page, said: list[str]) -> None:
        """The policy is in force: a script that somebody smuggles in is refused."""
        await page.evaluate(
            """() => {
                const script = document.createElement("script");
                script.textContent = "document.title = 'smuggled'";
                document.body.append(script);
            }"""
        )
        assert await page.title() == "Doorstep API"
        assert any("Content Security Policy" in line for line in said)
