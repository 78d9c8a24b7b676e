"""How many places one partner may have at once, while other partners have events, too.

Alone it has them all. Otherwise what one partner has waiting, an import of thousands, takes what
the others leave: its share grows while this process is at leisure, and shrinks while the process is
late. Turns alone do not help the others: with every place taken each event gets its part of a core.
"""

import asyncio
import time
from collections.abc import Callable

_RECENT_S = 10.0
"""Somebody who had an event in so many seconds counts as there."""

_LOOK_EVERY_S, _LOOKS = 0.05, 10
_LATE_S = 0.008
"""A look that comes so late says that there is more to do than cores to do it."""


class Shares:
    """The shares of one process. Used on its event loop alone."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._level = most
        self._seen: dict[str, float] = {}

    @property
    def each(self) -> int:
        """How many places one partner may have."""
        return self._level if self._are_many() else self._most

    def leased(self, partner_id: str) -> None:
        """A partner has an event."""
        self._seen[partner_id] = self._clock()

    def were_late(self, late_s: float) -> None:
        """So late the loop usually was of late: the share halves, or grows by one place."""
        self._level = max(1, self._level // 2) if late_s > _LATE_S else self._level + 1
        self._level = min(self._level, self._most)

    async def watch(self) -> None:
        """Look how late this process is, for as long as it runs."""
        loop, late = asyncio.get_running_loop(), list[float]()
        while True:
            due = loop.time() + _LOOK_EVERY_S
            await asyncio.sleep(_LOOK_EVERY_S)
            late.append(loop.time() - due)
            if len(late) == _LOOKS:
                self.were_late(sorted(late)[_LOOKS // 2])
                late.clear()

    def _are_many(self) -> bool:
        if len(self._seen) > 1:
            since = self._clock() - _RECENT_S
            self._seen = {one: at for one, at in self._seen.items() if at >= since}
        return len(self._seen) > 1
