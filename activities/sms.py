"""`plan_fallback` and `send_sms`: texts to customers of shops without developers."""

import asyncio
from datetime import timedelta

from temporalio import activity

from activities.failures import as_failures, charged
from activities.on_the_wire import carried_through, heartbeats, insisted
from activities.twilio_sender import CALLS_AT_ONCE, SMS_REQUEST_TIME, SmsAnswer, SmsFate, Texter
from contracts.clock import Clock
from contracts.messages import PlannedDelivery, SendResult, SendSms
from contracts.names import FailureType
from contracts.retry import RetrySchedule
from contracts.states import DeliveryState
from store.attempts import Settled
from store.database import Database
from store.planning import plan_fallback
from store.sms import ReadySms, claim_sms, lose_sight_of_sms, refuse_sms, settle_sms


class SmsActivities:
    """Sends texts, each claimed in the store before Twilio hears of it."""

    def __init__(self, database: Database, texter: Texter, clock: Clock) -> None:
        self._database = database
        self._texter = texter
        self._clock = clock
        self._room = asyncio.Semaphore(CALLS_AT_ONCE)

    @activity.defn
    async def plan_fallback(self, event_id: str) -> PlannedDelivery | None:
        """Add a text after a dead letter, where the partner has the fallback on; None if not."""
        with as_failures():
            return await self._database.write(plan_fallback, event_id, self._clock())

    @activity.defn
    async def send_sms(self, task: SendSms) -> SendResult:
        """Send the text of a delivery's round, at most once.

        Returns delivered, skipped (stale), or `dead_letter` set: rejected, exhausted, or unknown
        when nobody can tell whether it was sent. Raises `SmsNotTaken` with the schedule's delay
        when Twilio certainly sent nothing for now. Nothing is claimed before a call can be made:
        a claim that waits would look like a text that may have been sent.
        """
        with as_failures(), heartbeats():
            async with self._room:
                settled = await self._claim_and_send(task)
        if settled.result is None:
            raise charged(FailureType.SMS_NOT_TAKEN, settled.code or "", settled.delay_s)
        return settled.result

    async def _claim_and_send(self, task: SendSms) -> Settled:
        ready = await self._database.write(
            claim_sms, task, self._clock(), timedelta(seconds=SMS_REQUEST_TIME)
        )
        if isinstance(ready, SendResult):
            return Settled(ready)
        trial = self._try(ready, RetrySchedule(task.retry_delays_s))
        return await carried_through(trial, cut_off_at_shutdown=False)

    async def _try(self, ready: ReadySms, schedule: RetrySchedule) -> Settled:
        answer = await self._texter.send(ready.to_phone, ready.body)
        return await insisted(lambda: self._settle(ready, answer, schedule))

    async def _settle(self, ready: ReadySms, answer: SmsAnswer, schedule: RetrySchedule) -> Settled:
        now = self._clock()
        if answer.fate is SmsFate.TAKEN:
            await self._database.write(
                settle_sms,
                ready.sms_id,
                sid=answer.sid,
                code=answer.code,
                parts=answer.parts,
                now=now,
            )
            return Settled(SendResult(DeliveryState.DELIVERED, code=answer.code))
        if answer.fate is SmsFate.UNKNOWN:
            return Settled(
                await self._database.write(
                    lose_sight_of_sms, ready.sms_id, code=answer.code, now=now
                )
            )
        return await self._database.write(
            refuse_sms,
            ready.sms_id,
            code=answer.code,
            schedule=schedule if answer.fate is SmsFate.NOT_NOW else None,
            now=now,
        )
