"""Follows the journal of the sandbox merchant: what arrived, and when its first byte did."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

_LOOK_EVERY_S = 0.01


@dataclass
class Journal:
    """First arrivals by webhook id. Repeats and bad signatures are counted."""

    first_byte_at: dict[str, float] = field(default_factory=dict)
    repeats: int = 0
    unverified: int = 0
    _waiting: dict[str, asyncio.Future[None]] = field(default_factory=dict)

    async def arrival(self, event_id: str) -> None:
        """Return once the merchant has this event."""
        if event_id not in self.first_byte_at:
            future = asyncio.get_running_loop().create_future()
            await self._waiting.setdefault(event_id, future)

    def take(self, line: bytes) -> None:
        """Read one line of the journal."""
        entry = json.loads(line)
        event_id = entry["webhook_id"]
        self.unverified += not entry["verified"]
        if event_id in self.first_byte_at:
            self.repeats += 1
            return
        self.first_byte_at[event_id] = entry["first_byte_at"]
        waiting = self._waiting.pop(event_id, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)


@contextlib.asynccontextmanager
async def following(path: Path, journal: Journal) -> AsyncIterator[None]:
    """Read a journal as it grows, for as long as the context lasts."""
    with path.open("rb") as file:
        task = asyncio.create_task(_follow(file, journal))
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _follow(file: BinaryIO, journal: Journal) -> None:
    rest = b""
    while True:
        *lines, rest = (rest + file.read()).split(b"\n")
        for line in lines:
            journal.take(line)
        await asyncio.sleep(_LOOK_EVERY_S)
