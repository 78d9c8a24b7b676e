"""Puts something between two events of a partner, although they are posted without a pause."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Coroutine

Act = Callable[[], Awaitable[object]]
Settled = Callable[[Collection[str]], Awaitable[None]]


class Doors:
    """An event waits at its partner's door. What is put between two events happens once all before
    it have been posted and `settled` says that nothing of theirs is under way, and before any
    after it is posted; events of other partners go on."""

    def __init__(self, settled: Settled) -> None:
        self._settled = settled
        self._door: dict[str, asyncio.Event] = defaultdict(_open)
        self._through: dict[str, set[asyncio.Task[None]]] = defaultdict(set)

    def door(self, partner_id: str) -> asyncio.Event:
        """What the partner's next event waits for."""
        return self._door[partner_id]

    def goes_through(self, partner_id: str, task: asyncio.Task[None]) -> None:
        """This task posts an event behind the partner's door."""
        self._through[partner_id].add(task)
        task.add_done_callback(self._through[partner_id].discard)

    def between(self, partner_ids: Collection[str], act: Act) -> Coroutine[None, None, None]:
        """Something between the events so far and those that follow, which wait from now on: to be
        awaited beside them."""
        door = asyncio.Event()
        earlier = [self._door[one] for one in partner_ids]
        before = [task for one in partner_ids for task in self._through[one]]
        for one in partner_ids:
            self._door[one], self._through[one] = door, set()

        async def pass_through() -> None:
            for one in earlier:
                await one.wait()
            if before:
                await asyncio.wait(before)
            await self._settled(partner_ids)
            await act()
            door.set()

        return pass_through()


def _open() -> asyncio.Event:
    door = asyncio.Event()
    door.set()
    return door
