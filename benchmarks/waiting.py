"""Waiting for a condition, with a limit."""

import asyncio
import time
from collections.abc import Awaitable, Callable


async def until(holds: Callable[[], Awaitable[bool]], limit_s: float, every_s: float = 0.1) -> None:
    """Look again and again until it holds; TimeoutError when it never does."""
    deadline = time.monotonic() + limit_s
    while not await holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {limit_s:g} s in vain")
        await asyncio.sleep(every_s)
