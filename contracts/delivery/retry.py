"""The retry schedule: how long to wait after each failed attempt that was the partner's fault."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

DEFAULT_DELAYS_S: tuple[float, ...] = (30.0, 120.0, 480.0)
"""30 s, 2 min, 8 min: the first attempt and three retries."""

RETRY_AFTER_CAP_S = 3600.0
"""A partner's Retry-After is honoured up to an hour."""

JITTER = 0.1
"""A wait is up to a tenth longer than the schedule says, never shorter: what failed together does
not come back together."""


@dataclass(frozen=True)
class RetrySchedule:
    """Delays in seconds between charged attempts; n delays allow n + 1 attempts."""

    delays_s: Sequence[float] = DEFAULT_DELAYS_S

    @property
    def most_attempts(self) -> int:
        """How many charged attempts end the delivery as exhausted."""
        return len(self.delays_s) + 1

    @property
    def pace(self) -> float:
        """How short its first delay is beside the default one, 1 at most. The circuit breaker goes
        by it, too: it would hold for minutes what this schedule tries again within seconds."""
        first_s = self.delays_s[0] if self.delays_s else DEFAULT_DELAYS_S[0]
        return min(1.0, first_s / DEFAULT_DELAYS_S[0])

    @property
    def whole(self) -> timedelta:
        """From the first attempt to the last one."""
        return timedelta(seconds=sum(self.delays_s))

    def delay_after(
        self, charged: int, retry_after_s: float | None = None, spread: float = 0.0
    ) -> float | None:
        """Seconds to wait after the `charged`-th failed attempt, or None when it was the last.

        A partner's `Retry-After` can only make the wait longer, up to the cap. `spread`, from 0 to
        1, is how much of the jitter is added; jitter does not pass the cap either.
        """
        if charged >= self.most_attempts:
            return None
        return max(
            spread_out(self.delays_s[charged - 1], spread), asked_wait(retry_after_s, spread)
        )

    def scaled(self, factor: float) -> "RetrySchedule":
        """The same schedule with compressed time, for demonstrations."""
        return RetrySchedule(tuple(delay * factor for delay in self.delays_s))


def asked_wait(retry_after_s: float | None, spread: float) -> float:
    """Seconds to wait for a partner that asks for so many: with jitter, up to the cap."""
    return min(spread_out(retry_after_s or 0.0, spread), RETRY_AFTER_CAP_S)


def spread_out(delay_s: float, spread: float) -> float:
    """A delay with its share of the jitter, in whole milliseconds."""
    return round(delay_s + delay_s * JITTER * spread, 3)


def spread_of(key: str) -> float:
    """A number from 0 to 1 that is always the same for one key, such as an attempt's id, and
    spread evenly over many."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) / 2**32
