"""A hand that counts its clicks; to choose from a list is one."""

from dataclasses import dataclass

from playwright.async_api import Locator, Page


@dataclass
class Clicks:
    """What somebody did on a page so far."""

    page: Page
    count: int = 0

    async def click(self, where: Locator) -> None:
        """Press something."""
        self.count += 1
        await where.click()

    async def choose(self, where: Locator, label: str) -> None:
        """Choose from a list."""
        self.count += 1
        await where.select_option(label=label)
