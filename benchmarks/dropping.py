"""`python -m benchmarks.dropping`: how fast old events go, and what posts and reads beside it feel.

A month of events whose data was erased, each with its payload, delivery and attempt. Posts and
pages are measured in windows, by turns with nothing beside them and while events are dropped as
the worker drops them; then the rest is dropped alone.
"""

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, text
from temporalio.testing import ActivityEnvironment

from activities.retention import EVENTS_AT_ONCE, RetentionActivities
from benchmarks import machine
from benchmarks.engine.development import DevelopmentEngine
from benchmarks.events import PARTNER, EventMaker
from benchmarks.figures import spread
from benchmarks.layout import Setup
from benchmarks.log_fill import fill, lift_limits
from benchmarks.open_loop import at_their_times, evenly
from benchmarks.rig import Rig, open_rig
from contracts.clock import utc_now
from contracts.delivery.retention import KeptFor
from sandbox.partners import Partner
from store.db.database import Database
from store.retention.old_events import drop_next, partners_with_old_events

ALONE, BESIDE = "alone", "while events are dropped"
_KEPT_FOR = timedelta(days=1)
"""The month is thirty days long and ends now."""

_POSTS, _PAGES = 100, 10
_ERASED = (
    "UPDATE events SET erased_at = accepted_at, body = '', awb_number = NULL, state = 'planned'",
    "UPDATE deliveries SET state = 'expired' WHERE state = 'dead_lettered'",
    """INSERT INTO payloads (event_id, schema_version, body, created_at)
        SELECT event_id, '1.0', '', accepted_at FROM events""",
    """INSERT INTO attempts (id, delivery_id, endpoint_id, number, round, trigger, state, charged,
            code, status_code, duration_ms, started_at, finished_at)
        SELECT 'att-' || id, id, 'ep-1', 1, 1, 'scheduled', 'succeeded', false, 'http_200', 200,
            90, created_at, created_at FROM deliveries""",
    """INSERT INTO order_sequences (partner_id, order_id, last)
        SELECT partner_id, order_id, max(sequence) FROM events GROUP BY 1, 2""",
)


async def drop_as_the_worker_does(database: Database, beside: asyncio.Task[Any]) -> int:
    """Round after round of the job, with its rests, while what is beside it goes on; gives how many
    events went."""
    kept_for = KeptFor(_KEPT_FOR, _KEPT_FOR)
    job = RetentionActivities(database, utc_now, kept_for).drop_old_events
    dropped, done = 0, 1
    while done and not beside.done():
        done = (await ActivityEnvironment().run(job)).done
        dropped += done
    return dropped


async def drop_without_rests(database: Database) -> list[tuple[int, float]]:
    """All that is left, as fast as it goes; gives the events and the seconds of each batch."""
    batches = []
    for old in await database.read(partners_with_old_events, _KEPT_FOR, utc_now()):
        place, is_last = None, False
        while not is_last:
            begun = time.perf_counter()
            batch = await database.write(drop_next, old, after=place, limit=EVENTS_AT_ONCE)
            batches.append((batch.events, time.perf_counter() - begun))
            place, is_last = batch.goes_on_after, batch.goes_on_after is None
    return batches


async def main(events: int, windows: int, window_s: float) -> None:
    """Measure, and print."""
    print(machine.describe())
    async with open_rig(Setup([Partner(PARTNER)], workers=0), DevelopmentEngine) as rig:
        await asyncio.to_thread(fill_erased, rig.database.engine, events)
        dropped, seconds = 0, 0.0
        took: dict[str, tuple[list[float], list[float]]] = {ALONE: ([], []), BESIDE: ([], [])}
        await _use(rig, "warm", 2.0)
        for number in range(windows):
            for kind in (ALONE, BESIDE) if number % 2 == 0 else (BESIDE, ALONE):
                using = asyncio.create_task(_use(rig, f"w{number}-{kind[:5]}", window_s))
                if kind == BESIDE:
                    begun = time.perf_counter()
                    dropped += await drop_as_the_worker_does(rig.database, using)
                    seconds += time.perf_counter() - begun
                for all_of, these in zip(took[kind], await using, strict=True):
                    all_of += these
        for kind, (posts, pages) in took.items():
            print(f"{kind}: posts {spread(posts)} ms, pages {spread(pages)} ms")
        print(f"beside: {dropped} events at {dropped / seconds:.0f}/s")
        batches = await drop_without_rests(rig.database)
        rest, took_s = (sum(one) for one in zip(*batches, strict=True))
        print(f"alone, without rests: {rest} events at {rest / took_s:.0f}/s")
        print(f"transactions without rests: {spread([one for _, one in batches])} s")


def fill_erased(engine: Engine, events: int) -> None:
    """Fill an empty store with a month of events that have ended and were erased."""
    fill(engine, events)
    with engine.begin() as connection:
        lift_limits(connection)
        for statement in _ERASED:
            connection.execute(text(statement))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        lift_limits(connection)
        connection.execute(text("VACUUM ANALYZE"))


async def _use(rig: Rig, prefix: str, seconds: float) -> tuple[list[float], list[float]]:
    """Post events and ask for pages of the log, each when it is due; gives their milliseconds."""
    maker = EventMaker(prefix)
    bodies = [maker.make()[1] for _ in evenly(_POSTS, seconds)]

    def at_rate(rate: int, begin: Callable[[int], Awaitable[object]]) -> Awaitable[list[float]]:
        return at_their_times(evenly(rate, seconds), begin)

    posts, pages = await asyncio.gather(
        at_rate(_POSTS, lambda number: rig.poster.post(bodies[number])),
        at_rate(_PAGES, lambda _: rig.poster.wire.ask("GET", "/v1/events")),
    )
    return posts, pages


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=500_000)
    parser.add_argument("--windows", type=int, default=4)
    parser.add_argument("--window-seconds", type=float, default=10.0)
    options = parser.parse_args()
    asyncio.run(main(options.events, options.windows, options.window_seconds))
