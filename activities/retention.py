"""`run_retention`: erases what has ended and expires old dead letters, a batch at a time."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from temporalio import activity

from activities.failures import as_failures
from contracts.clock import Clock
from contracts.delivery.messages import RetentionDone
from store.db.database import Database
from store.deliveries.dead_lettering import expire_dead_letters
from store.endpoints.health import drop_old_spans
from store.events.erasure import erase_past_retention
from store.events.otp_erasure import erase_ended_otps
from store.sms.callbacks import age_without_news
from store.sms.opt_outs import drop_old_links
from store.sms.phone_checks import drop_old_checks

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
        """Do all that there is to do; gives how much that was. Run again, it goes on."""
        with as_failures():
            done = RetentionDone(
                otps_erased=await _until_none(self._otps),
                dead_letters_expired=await _until_none(self._dead_letters),
                events_erased=await _until_none(self._events),
                texts_aged=await _until_none(self._texts),
                links_dropped=await _until_none(self._links),
                spans_dropped=await _until_none(self._spans),
            )
            await self._database.write(drop_old_checks, self._clock())
            return done

    async def _otps(self) -> int:
        return await self._database.write(erase_ended_otps, self._clock(), limit=_AT_ONCE)

    async def _dead_letters(self) -> int:
        return await self._database.write(expire_dead_letters, self._clock(), limit=_AT_ONCE)

    async def _texts(self) -> int:
        return await self._database.write(age_without_news, self._clock(), limit=_AT_ONCE)

    async def _links(self) -> int:
        return await self._database.write(drop_old_links, self._clock(), limit=_AT_ONCE)

    async def _spans(self) -> int:
        return await self._database.write(drop_old_spans, self._clock(), limit=_AT_ONCE)

    async def _events(self) -> int:
        erased = await self._database.write(
            erase_past_retention, self._retention, self._clock(), limit=_AT_ONCE
        )
        return erased.events


async def _until_none(batch: Callable[[], Awaitable[int]]) -> int:
    total = 0
    while done := await batch():
        total += done
        activity.heartbeat()
    return total
