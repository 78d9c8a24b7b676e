"""How many requests a key may make: a bucket for each, which fills up again all the time.

Counted in this process's memory: two API processes allow twice as much. The headers are those of
the IETF's draft "RateLimit header fields for HTTP" (draft-ietf-httpapi-ratelimit-headers).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from contracts.callers import Caller, Scope
from contracts.clock import Clock
from contracts.partners import TIERS

WINDOW_S = 60
_POLICY = '"requests"'


@dataclass(frozen=True)
class Allowance:
    """What is left of a key's requests. `wait_s` above 0: this one was one too many."""

    per_minute: int
    remaining: int
    full_in_s: int
    wait_s: int

    @property
    def headers(self) -> Mapping[str, str]:
        """What the answer says about it; `Retry-After` only where it has to be obeyed."""
        told = {
            "ratelimit-policy": f"{_POLICY};q={self.per_minute};w={WINDOW_S}",
            "ratelimit": f"{_POLICY};r={self.remaining};t={self.full_in_s}",
        }
        return told | ({"retry-after": str(self.wait_s)} if self.wait_s else {})


@dataclass
class _Bucket:
    left: float
    at: datetime


class RateLimits:
    """Counts requests by key. A partner's tier says how many; the settings do for the others."""

    def __init__(self, clock: Clock, *, oms_per_minute: int, ops_per_minute: int) -> None:
        self._clock = clock
        self._oms_per_minute = oms_per_minute
        self._ops_per_minute = ops_per_minute
        self._buckets: dict[str, _Bucket] = {}

    def spend(self, caller: Caller) -> Allowance:
        """Count one request; one that is refused costs nothing."""
        most, now = self._per_minute(caller), self._clock()
        bucket = self._buckets.setdefault(caller.id, _Bucket(most, now))
        passed_s = max(0.0, (now - bucket.at).total_seconds())
        left = min(float(most), bucket.left + passed_s * most / WINDOW_S)
        taken = left >= 1
        bucket.left, bucket.at = (left - 1 if taken else left), now
        return Allowance(
            per_minute=most,
            remaining=int(bucket.left),
            full_in_s=math.ceil((most - bucket.left) * WINDOW_S / most),
            wait_s=0 if taken else math.ceil((1 - left) * WINDOW_S / most),
        )

    def _per_minute(self, caller: Caller) -> int:
        if caller.tier is not None:
            return TIERS[caller.tier].requests_per_minute
        return self._oms_per_minute if Scope.OMS in caller.scopes else self._ops_per_minute
