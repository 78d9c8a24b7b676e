"""How many requests somebody may make: a bucket for each, which fills up again all the time.

All keys and all people of a partner share one, or its tier would be no limit: keys cost nothing.

Counted in this process's memory: two API processes allow twice as much. The headers are those of
the IETF's draft "RateLimit header fields for HTTP" (draft-ietf-httpapi-ratelimit-headers).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.access.callers import Caller, Scope
from contracts.clock import Clock
from contracts.tiers import TIERS, Tier

WINDOW_S = 60
_MOST_BUCKETS = 10_000
_POLICY = '"requests"'


@dataclass(frozen=True)
class Allowance:
    """What is left of somebody's requests. `wait_s` above 0: this one was one too many."""

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
    """Counts requests by partner, and by key of everybody else. A partner's tier says how many; the
    settings do for the others."""

    def __init__(self, clock: Clock, *, oms_per_minute: int, ops_per_minute: int) -> None:
        self._clock = clock
        self._oms_per_minute = oms_per_minute
        self._ops_per_minute = ops_per_minute
        self._buckets: dict[str, _Bucket] = {}

    def spend(self, caller: Caller) -> Allowance:
        """Count one request of a key; one that is refused costs nothing."""
        if caller.partner_id is not None and caller.tier is not None:
            return self.spend_of_partner(caller.partner_id, caller.tier)
        return self.spend_of(f"key/{caller.id}", self._per_minute(caller))

    def spend_of_partner(self, partner_id: str, tier: Tier) -> Allowance:
        """Count one request of a partner's keys and people."""
        return self.spend_of(f"partner/{partner_id}", TIERS[tier].requests_per_minute)

    def spend_of_ops(self, actor: str) -> Allowance:
        """Count one request of somebody of ops."""
        return self.spend_of(f"ops/{actor}", self._ops_per_minute)

    def spend_of(self, whose: str, most: int) -> Allowance:
        """Count one request of whoever may make so many a minute."""
        now = self._clock()
        self._forget_the_full(now)
        bucket = self._buckets.setdefault(whose, _Bucket(most, now))
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

    def has_left(self, whose: str, most: int) -> bool:
        """Whether one more would be let through; nothing is counted."""
        bucket = self._buckets.get(whose)
        passed_s = (self._clock() - bucket.at).total_seconds() if bucket else 0.0
        return bucket is None or bucket.left + max(0.0, passed_s) * most / WINDOW_S >= 1

    def _forget_the_full(self, now: datetime) -> None:
        """Whoever has asked nothing for a while begins anew with as much."""
        if len(self._buckets) >= _MOST_BUCKETS:
            asleep = now - timedelta(seconds=WINDOW_S)
            self._buckets = {one: b for one, b in self._buckets.items() if b.at > asleep}

    def _per_minute(self, caller: Caller) -> int:
        return self._oms_per_minute if Scope.OMS in caller.scopes else self._ops_per_minute
