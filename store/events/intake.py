"""Takes events in groups: whoever asks while a transaction runs shares the next one.

A commit waits for the disk. One for each event would let in as many events a second as the disk
can sync, and each would wait for all before it; so a group is one commit, and each event has its
own answer all the same. An event that is alone waits for nobody.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from contracts.clock import Clock
from contracts.errors import StoreUnavailable
from contracts.payload.events import TrackingEvent
from store.db.database import Database
from store.events.acceptance import Accepted, Refused, accept_all

Outcomes = list[Accepted | Refused]

MOST_AT_ONCE = 500
"""Events in one transaction, so that the last of a crowd does not wait for a huge one."""

_MOST_GROUPS = 4
"""Transactions at once."""


@dataclass(frozen=True)
class _Request:
    """The events of one caller, and where their outcomes go."""

    events: Sequence[TrackingEvent]
    traceparent: str | None
    outcomes: "asyncio.Future[Outcomes]"


class Intake:
    """The way into the outbox. One for each process, made in its composition root."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._waiting: list[_Request] = []
        self._taking: set[asyncio.Task[None] | None] = set()

    async def accept(
        self, events: Sequence[TrackingEvent], traceparent: str | None = None
    ) -> Outcomes:
        """Take these events in one transaction; each is taken, a duplicate, or refused by itself.

        `traceparent` is what their traces go on from.
        StoreUnavailable when none of them could be stored, Invalid for a value that the database
        can never keep.
        """
        request = _Request(events, traceparent, asyncio.get_running_loop().create_future())
        self._waiting.append(request)
        if len(self._taking) < _MOST_GROUPS:
            self._taking.add(asyncio.create_task(self._take()))
        return await request.outcomes

    async def _take(self) -> None:
        """Take group after group until nobody waits.

        It ends in the same step in which it sees that: who asks next starts another one.
        """
        try:
            while group := self._next_group():
                await self._take_together(group)
        finally:
            self._taking.discard(asyncio.current_task())

    def _next_group(self) -> list[_Request]:
        """Who waits, in the order of asking, up to the limit; a batch is never split."""
        group, events = self._waiting[:1], sum(len(one.events) for one in self._waiting[:1])
        for request in self._waiting[1:]:
            events += len(request.events)
            if events > MOST_AT_ONCE:
                break
            group.append(request)
        del self._waiting[: len(group)]
        return group

    async def _take_together(self, group: Sequence[_Request]) -> None:
        """One transaction for all; where it fails for what one of them brought, one for each."""
        try:
            outcomes = await self._write(group)
        except StoreUnavailable as error:
            for one in group:
                _fail(one, error)
        except Exception:  # whose fault it is shows when each is alone
            for one in group:
                await self._take_alone(one)
        else:
            for one in group:
                _answer(one, outcomes[: len(one.events)])
                del outcomes[: len(one.events)]

    async def _take_alone(self, request: _Request) -> None:
        try:
            outcomes = await self._write([request])
        except Exception as error:  # the caller's to handle
            _fail(request, error)
        else:
            _answer(request, outcomes)

    async def _write(self, group: Sequence[_Request]) -> Outcomes:
        """Accept; where another process took the same id in the same moment, look again."""
        events = [event for one in group for event in one.events]
        traceparents = _traceparents(group)
        try:
            return await self._database.take_in(accept_all, events, self._clock(), traceparents)
        except IntegrityError:
            return await self._database.take_in(accept_all, events, self._clock(), traceparents)


def _traceparents(group: Sequence[_Request]) -> dict[str, str]:
    """By event id; of an id that is there twice, the first, which is the one that is taken."""
    return {
        event.event_id: request.traceparent
        for request in reversed(group)
        if request.traceparent is not None
        for event in request.events
    }


def _answer(request: _Request, outcomes: Outcomes) -> None:
    if not request.outcomes.done():  # it is when the caller has gone
        request.outcomes.set_result(outcomes)


def _fail(request: _Request, error: Exception) -> None:
    if not request.outcomes.done():
        request.outcomes.set_exception(error)
