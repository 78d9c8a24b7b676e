"""The jobs of the retention: each erases, ages or drops what has ended, a batch at a time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlmodel import Session
from temporalio import activity

from activities.failures import as_failures
from contracts.clock import Clock
from contracts.delivery.retention import JobResult, KeptFor, RetentionJob
from store.db.database import Database
from store.db.keyset import Position
from store.deliveries.dead_lettering import expire_dead_letters
from store.endpoints.health import drop_old_spans
from store.events.erasure import erase_past_retention
from store.events.otp_erasure import erase_ended_otps
from store.retention.jobs import note_success
from store.retention.old_entries import drop_old_entries
from store.retention.old_events import Dropped, OldEvents, drop_next, partners_with_old_events
from store.sms.callbacks import age_without_news
from store.sms.opt_outs import drop_old_links
from store.sms.phone_checks import drop_old_checks
from store.tracking.links import drop_ended_links

AT_ONCE = 200
"""Rows of one transaction."""

EVENTS_AT_ONCE = 100
"""Old events of one transaction, each with all that hangs on it: some hundredths of a second."""

RESTS_FOR = 4
"""So many times as long as a batch of old events took, nothing is dropped: a fifth of the time is
enough for hundreds of events a second, and deliveries need the database more."""

MOST_BATCHES = 100
"""Of one job in one round: what is left is the next round's, so that no job waits long for its
turn."""


class RetentionActivities:
    """Keeps the database free of what it should not have any more: an activity for each job, named
    as in `RetentionJob`, so that what stops one stops no other. Run again, a job goes on."""

    def __init__(self, database: Database, clock: Clock, kept_for: KeptFor) -> None:
        self._database = database
        self._clock = clock
        self._kept_for = kept_for

    @property
    def jobs(self) -> tuple[Callable[[], Awaitable[JobResult]], ...]:
        """Every one of them, as the worker serves them."""
        return tuple(getattr(self, job.value) for job in RetentionJob)

    @activity.defn
    async def erase_otps(self) -> JobResult:
        """Erase OTPs that have ended; one that cannot be opened is left, and counted."""
        return await self._noted(RetentionJob.ERASE_OTPS, self._erase_otps())

    @activity.defn
    async def erase_events(self) -> JobResult:
        """Erase events that their partner's retention, or the default one, has ended."""

        def erase(session: Session, now: datetime, *, limit: int) -> int:
            kept_for = self._kept_for.personal
            return erase_past_retention(session, kept_for, now, limit=limit).events

        return await self._batches(RetentionJob.ERASE_EVENTS, erase)

    @activity.defn
    async def expire_dead_letters(self) -> JobResult:
        """Expire dead letters whose time is over."""
        return await self._batches(RetentionJob.EXPIRE_DEAD_LETTERS, expire_dead_letters)

    @activity.defn
    async def age_texts(self) -> JobResult:
        """Make texts `unknown` whose status callback has not come in time."""
        return await self._batches(RetentionJob.AGE_TEXTS, age_without_news)

    @activity.defn
    async def drop_phone_checks(self) -> JobResult:
        """Forget the phones of checks that have ended."""
        return await self._batches(RetentionJob.DROP_PHONE_CHECKS, drop_old_checks)

    @activity.defn
    async def drop_links(self) -> JobResult:
        """Forget old links to opt out, and drop links to tracking pages that have ended."""
        return await self._batches(RetentionJob.DROP_LINKS, drop_old_links, drop_ended_links)

    @activity.defn
    async def drop_health_sums(self) -> JobResult:
        """Drop old sums of endpoints' answers."""
        return await self._batches(RetentionJob.DROP_HEALTH_SUMS, drop_old_spans)

    @activity.defn
    async def drop_old_events(self) -> JobResult:
        """Drop events that are older than rows are kept; what is open is kept, and counted."""
        return await self._noted(RetentionJob.DROP_OLD_EVENTS, self._drop_old_events())

    @activity.defn
    async def drop_old_entries(self) -> JobResult:
        """Drop audit entries, notifications and recoveries that are older than rows are kept."""

        def drop(session: Session, now: datetime, *, limit: int) -> int:
            return drop_old_entries(session, now - self._kept_for.rows, limit=limit)

        return await self._batches(RetentionJob.DROP_OLD_ENTRIES, drop)

    async def _noted(self, job: RetentionJob, work: Awaitable[JobResult]) -> JobResult:
        """Do it, and write down that it went well."""
        with as_failures():
            result = await work
            await self._database.write(note_success, job, result, self._clock())
            return result

    async def _batches(self, job: RetentionJob, *steps: Callable[..., int]) -> JobResult:
        """Each step until it has nothing left: all take the time and a limit, and say how many."""

        async def all_steps() -> JobResult:
            done = [await self._until_none(step) for step in steps]
            return JobResult(sum(done))

        return await self._noted(job, all_steps())

    async def _until_none(self, step: Callable[..., int]) -> int:
        """Batch after batch until one has nothing to do, or a round has had its share."""
        total = 0
        for _ in range(MOST_BATCHES):
            done = await self._database.write(step, self._clock(), limit=AT_ONCE)
            activity.heartbeat()
            if not done:
                break
            total += done
        return total

    async def _erase_otps(self) -> JobResult:
        erased, unreadable, place, is_last = 0, 0, None, False
        while not is_last:
            batch = await self._database.write(
                erase_ended_otps, self._clock(), limit=AT_ONCE, after=place
            )
            erased, unreadable = erased + batch.erased, unreadable + len(batch.unreadable)
            place, is_last = batch.goes_on_after, batch.goes_on_after is None
            activity.heartbeat()
        return JobResult(erased, unreadable)

    async def _drop_old_events(self) -> JobResult:
        """Partner by partner. What is kept is passed over, so only batches that drop something
        count against the most of a round."""
        dropped, kept, batches = 0, 0, 0
        for old in await self._database.read(
            partners_with_old_events, self._kept_for.rows, self._clock()
        ):
            place, is_last = None, False
            while not is_last and batches < MOST_BATCHES:
                batch = await self._drop_next(old, place)
                dropped, kept = dropped + batch.events, kept + batch.kept
                batches += bool(batch.events)
                place, is_last = batch.goes_on_after, batch.goes_on_after is None
        return JobResult(dropped, kept=kept)

    async def _drop_next(self, old: OldEvents, place: Position | None) -> Dropped:
        begun = time.perf_counter()
        batch = await self._database.write(drop_next, old, after=place, limit=EVENTS_AT_ONCE)
        activity.heartbeat()
        await asyncio.sleep(RESTS_FOR * (time.perf_counter() - begun))
        return batch
