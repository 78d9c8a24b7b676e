"""Outages of what we depend on: begun and over are logged once each, however often it is called."""

import time
from collections.abc import Callable


class Outage:
    """Whether something is away. What fails and answers by turns is away until nothing has failed
    for `settled_s`."""

    def __init__(self, settled_s: float = 0.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._settled_s = settled_s
        self._clock = clock
        self._failed_at: float | None = None

    @property
    def goes_on(self) -> bool:
        """Whether it is away."""
        return self._failed_at is not None

    def begins(self) -> bool:
        """It has failed: whether that is news."""
        is_news, self._failed_at = self._failed_at is None, self._clock()
        return is_news

    def ends(self) -> bool:
        """It has answered: whether that is news."""
        if self._failed_at is None or self._clock() - self._failed_at < self._settled_s:
            return False
        self._failed_at = None
        return True
