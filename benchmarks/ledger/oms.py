"""The order-management system: posts each event until it holds a 202, and keeps its own journal."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from benchmarks.ledger.counts import Acknowledged
from benchmarks.ledger.orders import Posting
from benchmarks.posts import EventPoster, Refused

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.2, 1.0
_MOST_CONNECTIONS = 100
_BROKEN = (OSError, EOFError, TimeoutError)
MOST_PATIENT_S = 300.0
"""After so long without a 202 an event is given up; the run then fails."""


@dataclass
class Oms:
    """Posts to one of several APIs; to another one after each failure, over so many connections.

    `acknowledged`: what it holds a 202 for. `answers`: how often it heard what.
    """

    posters: Sequence[EventPoster]
    seed: int = 0
    then: Callable[[Posting], Awaitable[None]] | None = None
    """What follows an event that was taken."""
    acknowledged: list[Acknowledged] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    waits_s: list[float] = field(default_factory=list)
    _connections: asyncio.Semaphore = field(
        default_factory=lambda: asyncio.Semaphore(_MOST_CONNECTIONS)
    )

    async def play(self, postings: Iterator[Posting], rate: float) -> None:
        """Hand the events in at this rate, whatever becomes of the ones before."""
        began = time.monotonic()
        async with asyncio.TaskGroup() as under_way:
            for number, posting in enumerate(postings):
                await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
                under_way.create_task(self.hand_in(posting, number))

    async def hand_in(self, posting: Posting, number: int) -> None:
        """Post one event, same id, same body, until it is taken."""
        dice = random.Random(f"{self.seed}/{posting.event.event_id}")
        began, attempts = time.monotonic(), 0
        while time.monotonic() - began < MOST_PATIENT_S:
            poster = self.posters[(number + attempts) % len(self.posters)]
            attempts += 1
            async with self._connections:
                asked = time.monotonic()
                answer, accepted_at = await _ask(poster, posting.body)
            self.answers[answer] += 1
            if accepted_at is not None:
                self.waits_s.append(time.monotonic() - asked)
                self.acknowledged.append(replace(posting.event, accepted_at=accepted_at))
                if self.then is not None:
                    await self.then(posting)
                return
            pause_s = min(_FIRST_PAUSE_S * 2**attempts, _LONGEST_PAUSE_S)
            await asyncio.sleep(pause_s * dice.uniform(0.5, 1.5))
        self.given_up.append(posting.event.event_id)


async def _ask(poster: EventPoster, body: bytes) -> tuple[str, float | None]:
    """One attempt: what was heard, and when, if that was a 202."""
    try:
        return "202", await poster.post(body)
    except Refused as refused:
        return str(refused.status), None
    except ConnectionRefusedError:
        return "refused", None
    except _BROKEN:
        return "broken off", None
