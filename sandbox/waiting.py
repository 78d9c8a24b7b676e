"""Waiting for a condition to become true without polling."""

import asyncio
from collections.abc import Callable


class Changes:
    """Announces that something changed, to everybody who waits for a condition."""

    def __init__(self) -> None:
        self._condition = asyncio.Condition()

    async def announce(self) -> None:
        """Make every waiter look again."""
        async with self._condition:
            self._condition.notify_all()

    async def until(
        self, predicate: Callable[[], bool], *, timeout: float, seen: Callable[[], str]
    ) -> None:
        """Wait until `predicate` holds; `seen` tells in the TimeoutError how far it came."""
        try:
            async with asyncio.timeout(timeout), self._condition:
                await self._condition.wait_for(predicate)
        except TimeoutError:
            raise TimeoutError(f"waited {timeout:g} s in vain; {seen()}") from None
