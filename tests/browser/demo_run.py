"""A whole `doorstep demo`, up, with the links that it printed to its dashboard."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.commands.running import start_doorstep

_LINK = re.compile(r"as (?:the owner of )?([^:,]+?)(?:, with a password of your own)?: (http\S+)")
_UP = "It stays up"
_LIMIT_S = 240


@dataclass
class DemoRun:
    """What it printed. `links` are by who they sign in: a shop's name, or `ops`; each works once,
    and the last one printed is kept."""

    links: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    def note(self, line: str) -> None:
        """Keep a line."""
        self.said.append(line)
        if found := _LINK.search(line):
            self.links[found.group(1)] = found.group(2)


@asynccontextmanager
async def running_demo(folder: Path, *, orders: int, seed: int = 7) -> AsyncIterator[DemoRun]:
    """Start a demo in a folder and wait until its story is told; it is stopped at the end."""
    process = await start_doorstep(
        "demo", "--limit", str(orders), "--seed", str(seed), folder=folder
    )
    run = DemoRun()
    assert process.stdout is not None
    try:
        async with asyncio.timeout(_LIMIT_S):
            while line := (await process.stdout.readline()).decode():
                run.note(line)
                if _UP in line:
                    break
            else:
                raise AssertionError("".join(run.said))
        yield run
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()
