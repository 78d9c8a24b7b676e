"""First attempts that leave at once: how many this process makes, and to whom.

An attempt within a workflow task holds that task's place. So few of one endpoint's run at once,
none to an endpoint that was slow lately, and no more in all than leave places for others. What a
plan has opened is handed from `build_payload` to `post_webhook` here, in memory: both run in the
process that has the workflow task. What is never fetched is begun again by a scheduled activity.
"""

import math
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta

from activities.webhook_sender import REQUEST_TIME
from store.deliveries.attempts import ReadyAttempt
from store.deliveries.first_attempts import AtOnce

SLOW_S = 2.0
"""An endpoint whose 95th percentile is above that is not sent to within a workflow task."""

MOST_OF_ONE = 16
MOST_IN_ALL = 48
_LATEST = 20
_FETCHED_WITHIN_S = 2.0
"""After that the plan's look at the endpoint is too old to go by."""

_MOST_ENDPOINTS = 10_000


@dataclass
class _Endpoint:
    """What this process knows of an endpoint: since when attempts are under way, by delivery, and
    how long the latest took."""

    under_way: dict[str, float] = field(default_factory=dict)
    took_s: deque[float] = field(default_factory=lambda: deque(maxlen=_LATEST))

    def is_slow(self, now: float) -> bool:
        if any(now - since > SLOW_S for since in list(self.under_way.values())):
            return True
        took = sorted(self.took_s)
        return bool(took) and took[math.ceil(0.95 * len(took)) - 1] > SLOW_S


class FirstAttempts:
    """The first attempts of this process, and what it knows of the endpoints it sends to."""

    def __init__(self) -> None:
        self._opened: dict[str, tuple[float, ReadyAttempt]] = {}
        self._endpoints: dict[str, _Endpoint] = {}
        self._under_way = 0

    def at_once(self) -> AtOnce:
        """What may leave at once now."""
        return AtOnce(self._room_of, MOST_IN_ALL - self._under_way, timedelta(seconds=REQUEST_TIME))

    def keep(self, delivery_id: str, ready: ReadyAttempt) -> None:
        """Keep an attempt that a plan has opened until it is fetched. It is under way from now."""
        now = time.monotonic()
        for old in [one for one, (since, _) in self._opened.items() if _is_old(since, now)]:
            self.ended(old, self._opened.pop(old)[1])
        self._opened[delivery_id] = (now, ready)
        self._known(ready.endpoint_id).under_way[delivery_id] = now
        self._under_way += 1

    def fetch(self, delivery_id: str) -> ReadyAttempt | None:
        """The attempt that was opened for this delivery just now; None where it has to be begun."""
        since, ready = self._opened.pop(delivery_id, (0.0, None))
        if ready is not None and _is_old(since, time.monotonic()):
            self.ended(delivery_id, ready)
            return None
        return ready

    def ended(self, delivery_id: str, ready: ReadyAttempt) -> None:
        """An attempt that was kept is no longer under way."""
        if self._known(ready.endpoint_id).under_way.pop(delivery_id, None) is not None:
            self._under_way -= 1

    def note(self, endpoint_id: str, took_ms: int | None) -> None:
        """How long an attempt took, whoever made it."""
        if took_ms is not None:
            self._known(endpoint_id).took_s.append(took_ms / 1000)

    def _room_of(self, endpoint_id: str) -> int:
        known = self._endpoints.get(endpoint_id)
        if known is None:
            return MOST_OF_ONE
        return 0 if known.is_slow(time.monotonic()) else MOST_OF_ONE - len(known.under_way)

    def _known(self, endpoint_id: str) -> _Endpoint:
        if len(self._endpoints) > _MOST_ENDPOINTS:
            idle = [one for one, known in self._endpoints.items() if not known.under_way]
            for one in idle:
                del self._endpoints[one]
        return self._endpoints.setdefault(endpoint_id, _Endpoint())


def _is_old(since: float, now: float) -> bool:
    return now - since > _FETCHED_WITHIN_S
