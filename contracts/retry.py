"""The retry schedule: how long to wait after each failed try that was the partner's fault."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

DEFAULT_DELAYS_S: tuple[float, ...] = (30.0, 120.0, 480.0)
"""30 s, 2 min, 8 min: the first try and three retries."""

RETRY_AFTER_CAP_S = 3600.0
"""A partner's Retry-After is honoured up to an hour."""


@dataclass(frozen=True)
class RetrySchedule:
    """Delays in seconds between charged tries; n delays allow n + 1 tries."""

    delays_s: Sequence[float] = DEFAULT_DELAYS_S

    @property
    def most_tries(self) -> int:
        """How many charged tries end the delivery as exhausted."""
        return len(self.delays_s) + 1

    @property
    def whole(self) -> timedelta:
        """From the first attempt to the last one."""
        return timedelta(seconds=sum(self.delays_s))

    def delay_after(self, charged: int, retry_after_s: float | None = None) -> float | None:
        """Seconds to wait after the `charged`-th failed try, or None when it was the last.

        A partner's `Retry-After` can only make the wait longer, up to the cap.
        """
        if charged >= self.most_tries:
            return None
        asked = min(retry_after_s or 0.0, RETRY_AFTER_CAP_S)
        return max(self.delays_s[charged - 1], asked)

    def scaled(self, factor: float) -> "RetrySchedule":
        """The same schedule with compressed time, for demonstrations."""
        return RetrySchedule(tuple(delay * factor for delay in self.delays_s))
