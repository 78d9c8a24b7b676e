"""Wait for a condition instead of sleeping."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")

_EVERY_S = 0.02


async def eventually(
    look: Callable[[], Awaitable[T]],
    holds: Callable[[T], bool] = bool,
    *,
    timeout: float = 30.0,
    ignoring: type[Exception] | tuple[type[Exception], ...] = (),
) -> T:
    """Look again and again until what is seen holds; fails with the last thing seen."""
    seen: T | None = None
    try:
        async with asyncio.timeout(timeout):
            while True:
                with suppress(*(ignoring if isinstance(ignoring, tuple) else (ignoring,))):
                    seen = await look()
                    if holds(seen):
                        return seen
                await asyncio.sleep(_EVERY_S)
    except TimeoutError:
        raise AssertionError(f"it never came to hold; last seen: {seen}") from None


def until(holds: Callable[[], bool], *, timeout: float = 30.0) -> None:
    """Wait for a condition where there is no event loop."""
    end = time.monotonic() + timeout
    while not holds():
        assert time.monotonic() < end, "it never came to hold"
        time.sleep(_EVERY_S)
