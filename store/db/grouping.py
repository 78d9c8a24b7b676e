"""Requests that come while a transaction runs share the next one.

A commit waits for the disk, and a transaction costs four round trips before its first statement.
So a group is one transaction, and each request has its own result all the same. One that is alone
waits for nobody.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from contracts.errors import StoreUnavailable

Q = TypeVar("Q")
R = TypeVar("R")


@dataclass(frozen=True)
class _Waiting(Generic[Q, R]):
    """A request, and where its result goes."""

    request: Q
    result: "asyncio.Future[R]"


class Grouping(Generic[Q, R]):
    """Runs requests in groups: `run` gives a result for each, in their order.

    `size` is how much a request counts for, `most` how much one group takes; `at_once` groups run
    side by side. Where a group fails, each of its requests is run alone, so that it fails for
    nobody but its own; a database that is away is told to all of them.
    """

    def __init__(
        self,
        run: Callable[[Sequence[Q]], Awaitable[Sequence[R]]],
        *,
        most: int,
        at_once: int,
        size: Callable[[Q], int] = lambda _: 1,
    ) -> None:
        self._run = run
        self._most = most
        self._at_once = at_once
        self._size = size
        self._waiting: list[_Waiting[Q, R]] = []
        self._running: set[asyncio.Task[None] | None] = set()

    async def __call__(self, request: Q) -> R:
        """The result of a request. Raises what running it raises."""
        waiting = _Waiting[Q, R](request, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if len(self._running) < self._at_once:
            self._running.add(asyncio.create_task(self._run_all()))
        return await waiting.result

    async def _run_all(self) -> None:
        """Run group after group until nobody waits.

        It ends in the same step in which it sees that: who asks next starts another one.
        """
        try:
            while group := self._next_group():
                await self._run_together(group)
        finally:
            self._running.discard(asyncio.current_task())

    def _next_group(self) -> list[_Waiting[Q, R]]:
        """Who waits, in the order of asking, up to the limit; a request is never split."""
        group, total = self._waiting[:1], sum(self._size(one.request) for one in self._waiting[:1])
        for waiting in self._waiting[1:]:
            total += self._size(waiting.request)
            if total > self._most:
                break
            group.append(waiting)
        del self._waiting[: len(group)]
        return group

    async def _run_together(self, group: Sequence[_Waiting[Q, R]]) -> None:
        try:
            results = await self._run([one.request for one in group])
        except Exception as error:
            if len(group) == 1 or isinstance(error, StoreUnavailable):
                for one in group:
                    _fail(one, error)
            else:
                for one in group:
                    await self._run_together([one])
        else:
            for one, result in zip(group, results, strict=True):
                if not one.result.done():  # it is when the caller has gone
                    one.result.set_result(result)


def _fail(waiting: _Waiting[Q, R], error: Exception) -> None:
    if not waiting.result.done():
        waiting.result.set_exception(error)
