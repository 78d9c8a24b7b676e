"""Takes events in groups: whoever asks while a transaction runs shares the next one."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.clock import Clock
from contracts.payload.events import TrackingEvent
from store.db.database import Database
from store.db.grouping import Grouping
from store.events.acceptance import Accepted, Refused, accept_all

Outcomes = list[Accepted | Refused]

MOST_AT_ONCE = 500
"""Events in one transaction, so that the last of a crowd does not wait for a huge one."""

_MOST_GROUPS = 3
"""Transactions at once, of requests that share them."""

_SHARED_UP_TO = 20
"""Events of one request; what has more is a batch, and never in the transaction of others."""

_MOST_BATCHES = 1
"""Transactions of batches at once: an import leaves connections and cores to single events."""


@dataclass(frozen=True)
class _Request:
    """The events of one caller."""

    events: Sequence[TrackingEvent]
    traceparent: str | None


class Intake:
    """The way into the outbox. One for each process, made in its composition root."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._take = self._grouping(_MOST_GROUPS)
        self._take_batch = self._grouping(_MOST_BATCHES)

    async def accept(
        self, events: Sequence[TrackingEvent], traceparent: str | None = None
    ) -> Outcomes:
        """Take these events in one transaction; each is taken, a duplicate, or refused by itself.

        `traceparent` is what their traces go on from.
        StoreUnavailable when none of them could be stored, Invalid for a value that the database
        can never keep.
        """
        take = self._take if len(events) <= _SHARED_UP_TO else self._take_batch
        return await take(_Request(events, traceparent))

    def _grouping(self, at_once: int) -> Grouping[_Request, Outcomes]:
        """Transactions side by side, each for as many events as one may have."""
        return Grouping(
            self._take_together,
            most=MOST_AT_ONCE,
            at_once=at_once,
            size=lambda request: len(request.events),
        )

    async def _take_together(self, group: Sequence[_Request]) -> list[Outcomes]:
        """Accept the events of some requests, in one transaction."""
        events = [event for one in group for event in one.events]
        traceparents = _traceparents(group)
        outcomes = await self._database.take_in(accept_all, events, self._clock(), traceparents)
        left = iter(outcomes)
        return [[next(left) for _ in one.events] for one in group]


def _traceparents(group: Sequence[_Request]) -> dict[str, str]:
    """By event id; of an id that is there twice, the first, which is the one that is taken."""
    return {
        event.event_id: request.traceparent
        for request in reversed(group)
        if request.traceparent is not None
        for event in request.events
    }
