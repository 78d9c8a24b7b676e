"""A concurrency limit for each key: keys do not wait for one another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass
class _Places:
    semaphore: asyncio.Semaphore
    users: int = 0


class KeyedLimit:
    """Places by key, in memory; a key that nobody uses is forgotten."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._places: dict[str, _Places] = {}

    @asynccontextmanager
    async def place(self, key: str | None) -> AsyncIterator[None]:
        """One place of this key, for as long as the context lasts. Without a key there is no
        limit."""
        if key is None:
            yield
            return
        places = self._places.setdefault(key, _Places(asyncio.Semaphore(self._most)))
        places.users += 1
        try:
            async with places.semaphore:
                yield
        finally:
            places.users -= 1
            if not places.users:
                del self._places[key]
