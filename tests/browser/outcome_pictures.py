"""The pictures of the outcomes' pages: of twelve weeks that were played (`make outcomes`)."""

import re
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser

from benchmarks.outcomes.partners import PARTNERS
from benchmarks.ports import lasting_ports
from tests.commands.running import doorstep, start_doorstep, start_python
from tests.support.visitor import PASSWORD

_ROOT = Path(__file__).parents[2]
_PLAY = ("--events", "2000", "--seed", "9")
_UP = "Doorstep is up"
_OPS = ("users", "invite", "--email", "ops@doorstep.example", "--name", "Ops")
_PAGES = {
    "outcomes": f"/p/{PARTNERS[0].id}/outcomes",
    "partners-outcomes": "/ops/outcomes",
}


async def keep_outcomes(browser: Browser, looks: dict[str, dict[str, Any]], folder: Path) -> None:
    """Play them, look at the counts as ops does, and keep what is seen."""
    with tempfile.TemporaryDirectory(prefix="doorstep-outcomes-") as scratch:
        played = Path(scratch) / "played"
        play = ("-m", "benchmarks.outcomes", *_PLAY, "--keep", str(played))
        process = await start_python(*play, folder=_ROOT, environment={})
        out, err = await process.communicate()
        if process.returncode:
            sys.exit((out + err).decode())
        async with _up(played) as link:
            cookies = await signed_in(browser, link)
            for look, options in looks.items():
                context = await browser.new_context(**options, locale="en-IN")
                await context.add_cookies(cookies)
                page = await context.new_page()
                for name, path in _PAGES.items():
                    await page.goto(f"{link.partition('/invitations/')[0]}{path}")
                    await page.screenshot(path=folder / f"{name}-{look}.png")


@asynccontextmanager
async def _up(played: Path) -> AsyncIterator[str]:
    """The product on the rows of a play; gives the link that signs ops in."""
    [port] = lasting_ports(1)
    settings = {"DOORSTEP_DATA_DIR": str(played), "DOORSTEP_API_PORT": str(port)}
    process = await start_doorstep("up", folder=played, **settings)
    assert process.stdout is not None
    try:
        while _UP not in (line := (await process.stdout.readline()).decode()):
            assert line, "it did not come up"
        invited = await doorstep(*_OPS, folder=played, **settings)
        found = re.search(r"http\S+", invited.out)
        assert found, invited.err
        yield found.group(0)
    finally:
        process.terminate()
        await process.communicate()


async def signed_in(browser: Browser, link: str) -> Any:
    """The cookies of somebody who was invited by this link."""
    page = await (await browser.new_context()).new_page()
    await page.goto(link)
    for label in ("Choose a password", "Confirm password"):
        await page.get_by_label(label).fill(PASSWORD)
    await page.get_by_role("button", name="Set the password").click()
    await page.wait_for_url(re.compile("/dashboard/ops"))
    return await page.context.cookies()
