"""What a real browser finds wrong with how a page is built."""

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.async_api import Page

_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
_RUN = "axe.run(document, {resultTypes: ['violations']})"
_SERIOUS = ("serious", "critical")
_TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


async def serious_faults(page: Page) -> list[str]:
    """What axe finds that is serious. Its script goes past the policy, as a debugger's does."""
    await page.evaluate(_AXE)
    results: Any = await page.evaluate(_RUN)
    return [
        f"{rule['id']}: {node['html'][:120]} ({node['failureSummary']})"
        for rule in results["violations"]
        if rule["impact"] in _SERIOUS
        for node in rule["nodes"]
    ]


async def sticks_out(page: Page) -> bool:
    """Whether the page as a whole has to be moved sideways."""
    return bool(await page.evaluate(_TOO_WIDE))
