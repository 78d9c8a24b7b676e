"""`run_retention`: erases what has ended and expires old dead letters, a batch at a time."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.failures import as_failures, log_mistake
from contracts.clock import Clock
from contracts.delivery.messages import RetentionDone
from contracts.delivery.names import FailureType
from contracts.errors import StoreUnavailable
from store.db.database import Database
from store.deliveries.dead_lettering import expire_dead_letters
from store.endpoints.health import drop_old_spans
from store.events.erasure import erase_past_retention
from store.events.otp_erasure import erase_ended_otps
from store.sms.callbacks import age_without_news
from store.sms.opt_outs import drop_old_links
from store.sms.phone_checks import drop_old_checks
from store.tracking.links import drop_ended_links

_AT_ONCE = 200


class RetentionActivities:
    """Keeps the database free of what it should not have any more. `retention` is for partners
    that have none of their own."""

    def __init__(self, database: Database, clock: Clock, retention: timedelta) -> None:
        self._database = database
        self._clock = clock
        self._retention = retention

    @activity.defn
    async def run_retention(self) -> RetentionDone:
        """Do all that there is to do; gives how much that was. Run again, it goes on.

        No job stops another one. Where one met a mistake of ours, or a row that cannot be opened,
        it raises `OurFault` once all are done.
        """
        with as_failures():
            faults: list[str] = []
            done = RetentionDone(
                otps_erased=await self._run(self._otps, faults),
                dead_letters_expired=await self._run(self._dead_letters, faults),
                events_erased=await self._run(self._events, faults),
                texts_aged=await self._run(self._texts, faults),
                links_dropped=await self._run(self._links, faults),
                spans_dropped=await self._run(self._spans, faults),
            )
            await self._database.write(drop_old_checks, self._clock())
            if faults:
                raise ApplicationError(
                    f"a mistake of ours: {', '.join(faults)}; all else was done",
                    type=FailureType.OUR_FAULT,
                )
            return done

    async def _run(self, job: Callable[[list[str]], Awaitable[int]], faults: list[str]) -> int:
        try:
            return await job(faults)
        except StoreUnavailable:
            raise
        except Exception as error:
            log_mistake(error)
            faults.append(f"{type(error).__name__} in {job.__name__.lstrip('_')}")
            return 0

    async def _otps(self, faults: list[str]) -> int:
        erased, unreadable, place, is_last = 0, 0, None, False
        while not is_last:
            batch = await self._database.write(
                erase_ended_otps, self._clock(), limit=_AT_ONCE, after=place
            )
            erased, unreadable = erased + batch.erased, unreadable + len(batch.unreadable)
            place, is_last = batch.goes_on_after, batch.goes_on_after is None
            activity.heartbeat()
        if unreadable:
            faults.append(f"{unreadable} events with an OTP cannot be opened")
        return erased

    async def _dead_letters(self, _: list[str]) -> int:
        return await _until_none(
            lambda: self._database.write(expire_dead_letters, self._clock(), limit=_AT_ONCE)
        )

    async def _texts(self, _: list[str]) -> int:
        return await _until_none(
            lambda: self._database.write(age_without_news, self._clock(), limit=_AT_ONCE)
        )

    async def _links(self, _: list[str]) -> int:
        dropped = await _until_none(
            lambda: self._database.write(drop_old_links, self._clock(), limit=_AT_ONCE)
        )
        return dropped + await _until_none(
            lambda: self._database.write(drop_ended_links, self._clock(), limit=_AT_ONCE)
        )

    async def _spans(self, _: list[str]) -> int:
        return await _until_none(
            lambda: self._database.write(drop_old_spans, self._clock(), limit=_AT_ONCE)
        )

    async def _events(self, _: list[str]) -> int:
        async def batch() -> int:
            erased = await self._database.write(
                erase_past_retention, self._retention, self._clock(), limit=_AT_ONCE
            )
            return erased.events

        return await _until_none(batch)


async def _until_none(batch: Callable[[], Awaitable[int]]) -> int:
    total = 0
    while done := await batch():
        total += done
        activity.heartbeat()
    return total
