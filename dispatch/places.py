"""How much this process takes from the outbox: no more than it has places for.

An event has a place from its lease until its first step is over: planned, and the first attempts
that leave at once have ended. What there is no place for waits in the outbox, by tier and in turns
by partner. In Temporal's queue it would wait in the order in which it came, and cost the machine
that has too much to do already.

A place returns by itself after a time, so that none is ever lost: soon, where this process sees
nothing of what its event waits for, a merchant or another worker; else when the workflow task would
have timed out.
"""

import time
from collections.abc import Callable

PLACES = 4
"""As few as keep a process busy: on two cores 24 and 8 carry no more events, 2 and 1 a seventh
and a quarter fewer. Whoever comes beside an import waits for all that are under way."""

_FIRST_STEP_S = 10.0
"""A workflow task's time limit: after that it is given to somebody else."""

_UNSEEN_S = 0.05
"""For what takes time but none of ours: places are to be there for others."""


class Places:
    """The places of one process. Used on its event loop alone."""

    def __init__(self, most: int = PLACES) -> None:
        self.most = most
        self._until: dict[str, float] = {}
        self._on_free: Callable[[], None] = _do_nothing

    @property
    def free(self) -> int:
        """How many are free now."""
        now = time.monotonic()
        for event_id in [one for one, until in self._until.items() if until <= now]:
            del self._until[event_id]
        return self.most - len(self._until)

    def on_free(self, call: Callable[[], None]) -> None:
        """Call this whenever a place is given back; not when one returns by itself."""
        self._on_free = call

    def take(self, event_id: str) -> None:
        """An event takes a place: it is being started."""
        self._until[event_id] = time.monotonic() + _FIRST_STEP_S

    def unseen(self, event_id: str) -> None:
        """What an event waits for from now on is not here: it keeps its place a moment longer."""
        if event_id in self._until:
            self._until[event_id] = time.monotonic() + _UNSEEN_S

    def give_back(self, event_id: str) -> None:
        """The first step of an event is over, or it is not started at all."""
        if self._until.pop(event_id, None) is not None:
            self._on_free()


def _do_nothing() -> None:
    """Nobody waits for places."""
