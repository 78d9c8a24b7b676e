"""Running the parts of a worker side by side: all of them, or none."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, Protocol


class Part(Protocol):
    """What runs in the worker beside Temporal's own."""

    def run(self, stop: asyncio.Event) -> Coroutine[Any, Any, None]:
        """Run until `stop` is set."""


async def run_beside(parts: Sequence[Part], stop: asyncio.Event) -> None:
    """Run all until `stop` is set. One that fails ends the others and then the worker, which is
    started again whole: half a worker looks well from outside."""
    try:
        async with asyncio.TaskGroup() as group:
            for part in parts:
                group.create_task(part.run(stop))
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
