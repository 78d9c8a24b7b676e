"""How long an event takes from its acceptance to the merchant, at a constant rate of arrival."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from sqlmodel import Session, col, select

from benchmarks.events import EventMaker
from benchmarks.figures import Spread, spread
from benchmarks.open_loop import at_their_times, evenly
from benchmarks.pipeline import NeverEnded
from benchmarks.rig import Rig
from store.tables import EventRow

RATES = (5, 10, 20)
"""Events a second."""

_ARRIVE_LIMIT_S = 60.0
_MANY = 500
_numbers = count(1)


@dataclass(frozen=True)
class Propagation:
    """Milliseconds to the first byte at the merchant.

    `from_acceptance` counts from `accepted_at` in the store, which the API reads from the clock
    just before the transaction that commits the event: the commit is inside. `from_answer` counts
    from the moment at which the sender had its 202.
    """

    rate: int
    from_acceptance: Spread
    from_answer: Spread


async def measure(rig: Rig, rate: int, seconds: float) -> Propagation:
    """Post at this rate for so long and wait until every event has arrived."""
    maker = EventMaker(f"open{next(_numbers)}")
    answered: dict[str, float] = {}

    async def post(_number: int) -> None:
        event_id, body = maker.make()
        answered[event_id] = await rig.poster.post(body)

    await at_their_times(evenly(rate, seconds), post)
    await _all_arrived(rig, list(answered))
    await rig.quiet()
    accepted = await accepted_moments(rig, list(answered))
    return Propagation(
        rate,
        spread(_milliseconds(accepted, rig.journal.first_byte_at)),
        spread(_milliseconds(answered, rig.journal.first_byte_at)),
    )


async def _all_arrived(rig: Rig, event_ids: list[str]) -> None:
    try:
        async with asyncio.timeout(_ARRIVE_LIMIT_S):
            await asyncio.gather(*(rig.journal.arrival(event_id) for event_id in event_ids))
    except TimeoutError:
        missing = sum(event_id not in rig.journal.first_byte_at for event_id in event_ids)
        raise NeverEnded(f"{missing} of {len(event_ids)} events did not arrive") from None


async def accepted_moments(rig: Rig, event_ids: list[str]) -> dict[str, float]:
    """When the store says that these events were accepted, in seconds since 1970."""
    moments: dict[str, float] = {}
    for start in range(0, len(event_ids), _MANY):
        some = event_ids[start : start + _MANY]
        for event_id, accepted_at in await rig.database.read(_accepted_at, some):
            moments[event_id] = accepted_at.timestamp()
    return moments


def _accepted_at(session: Session, event_ids: list[str]) -> list[tuple[str, datetime]]:
    query = select(EventRow.event_id, EventRow.accepted_at)
    return list(session.exec(query.where(col(EventRow.event_id).in_(event_ids))))


def _milliseconds(begun: Mapping[str, float], arrived: Mapping[str, float]) -> list[float]:
    return [(arrived[event_id] - moment) * 1000 for event_id, moment in begun.items()]
