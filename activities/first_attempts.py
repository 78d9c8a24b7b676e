"""First attempts that leave at once: how many this process makes, and to whom.

An attempt within a workflow task holds that task's place. So few to one target run at once, none to
one that was slow lately, and no more in all than leave places for others. What a plan has opened is
handed from `build_payload` to `post_webhook` here, in memory: both run in the process that has the
workflow task. What is never fetched is begun again by a scheduled activity.
"""

import math
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from activities.webhook_sender import REQUEST_TIME
from store.deliveries.attempts import ReadyAttempt
from store.deliveries.first_attempts import AtOnce

TWILIO = "twilio"
"""The target of every text. Others are endpoints, by their id."""

SLOW_S = 2.0
"""A target whose 95th percentile is above that is not sent to within a workflow task."""

LOCK_PATIENCE = timedelta(milliseconds=20)
"""Another plan, of this process or of another, has an endpoint's row for some milliseconds."""

MOST_TO_ONE = 16
MOST_IN_ALL = 48
_LATEST = 20
_FETCHED_WITHIN_S = 2.0
"""After that the plan's look at the endpoint is too old to go by."""

_GIVEN_UP_AFTER_S = 60.0
"""The workflow task that it was part of has ended long ago."""

_MOST_TARGETS = 10_000


class Places(Protocol):
    """Room for events whose first step is under way, which the dispatcher waits for."""

    def unseen(self, event_id: str) -> None:
        """It waits for something outside this process from now on: its place is freed soon."""

    def give_back(self, event_id: str) -> None:
        """Its first step is over."""


@dataclass
class _Target:
    """What this process knows of a target: since when attempts are under way, by delivery, and how
    long the latest took."""

    under_way: dict[str, float] = field(default_factory=dict)
    took_s: deque[float] = field(default_factory=lambda: deque(maxlen=_LATEST))

    def is_slow(self, now: float) -> bool:
        if any(now - since > SLOW_S for since in list(self.under_way.values())):
            return True
        took = sorted(self.took_s)
        return bool(took) and took[math.ceil(0.95 * len(took)) - 1] > SLOW_S


class FirstAttempts:
    """The first attempts of this process, and what it knows of those it sends to."""

    def __init__(self, places: Places | None = None) -> None:
        self._places = places
        self._opened: dict[str, tuple[float, ReadyAttempt]] = {}
        self._targets: dict[str, _Target] = {}
        self._under_way: dict[str, tuple[str, str]] = {}
        """Target and event, by delivery."""

    def at_once(self) -> AtOnce:
        """What may leave at once now."""
        self._give_up_old()
        return AtOnce(
            self._room_for,
            MOST_IN_ALL - len(self._under_way),
            self._room_for(TWILIO),
            timedelta(seconds=REQUEST_TIME),
            LOCK_PATIENCE,
        )

    def keep(self, delivery_id: str, ready: ReadyAttempt) -> None:
        """Keep an attempt that a plan has opened until it is fetched. It is under way from now."""
        self._opened[delivery_id] = (time.monotonic(), ready)
        self.begin(ready.endpoint_id, delivery_id, ready.event_id)

    def fetch(self, delivery_id: str) -> ReadyAttempt | None:
        """The attempt that was opened for this delivery just now; None where it has to be begun."""
        since, ready = self._opened.pop(delivery_id, (0.0, None))
        if ready is not None and time.monotonic() - since > _FETCHED_WITHIN_S:
            self.end(delivery_id)
            return None
        return ready

    def begin(self, target: str, delivery_id: str, event_id: str) -> None:
        """A first attempt of this event is under way to this target."""
        self._known(target).under_way[delivery_id] = time.monotonic()
        self._under_way[delivery_id] = target, event_id

    def end(self, delivery_id: str) -> None:
        """The first attempt of this delivery is no longer under way, if it was."""
        target, event_id = self._under_way.pop(delivery_id, (None, ""))
        if target is not None:
            del self._targets[target].under_way[delivery_id]
            self.planned(event_id, attempts=0)

    def planned(self, event_id: str, attempts: int) -> None:
        """An event is planned, or could not be, and so many first attempts of it leave at once: its
        place in this process is free when the first of them has ended, or takes its time."""
        if self._places is not None and attempts:
            self._places.unseen(event_id)
        elif self._places is not None:
            self._places.give_back(event_id)

    def note(self, target: str, took_ms: int | None) -> None:
        """How long an attempt took, whoever made it."""
        if took_ms is not None:
            self._known(target).took_s.append(took_ms / 1000)

    def _room_for(self, target: str) -> int:
        known = self._targets.get(target)
        if known is None:
            return MOST_TO_ONE
        return 0 if known.is_slow(time.monotonic()) else MOST_TO_ONE - len(known.under_way)

    def _give_up_old(self) -> None:
        """What was never fetched, or whose workflow task was lost, gives its place back."""
        now = time.monotonic()
        for delivery_id, (target, _) in list(self._under_way.items()):
            since = self._targets[target].under_way[delivery_id]
            limit = _FETCHED_WITHIN_S if delivery_id in self._opened else _GIVEN_UP_AFTER_S
            if now - since > limit:
                self._opened.pop(delivery_id, None)
                self.end(delivery_id)

    def _known(self, target: str) -> _Target:
        if len(self._targets) > _MOST_TARGETS:
            for one in [one for one, known in self._targets.items() if not known.under_way]:
                del self._targets[one]
        return self._targets.setdefault(target, _Target())
