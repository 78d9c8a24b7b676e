"""`plan_fallback` and `send_sms`: texts to customers of shops without developers."""

import asyncio
import time
from datetime import timedelta

from temporalio import activity

from activities.attempt_log import tell
from activities.failures import as_failures, charged
from activities.first_attempts import TWILIO, FirstAttempts
from activities.in_flight import carried_through, heartbeats, insisted
from activities.metrics import Meters
from activities.own_faults import bounded
from activities.twilio_sender import CALLS_AT_ONCE, SMS_REQUEST_TIME, OutgoingText, Texter
from contracts.clock import Clock
from contracts.delivery.messages import PlannedDelivery, SendResult, SendSms
from contracts.delivery.names import FailureType
from contracts.delivery.retry import RetrySchedule
from contracts.delivery.states import DeadLetterReason, DeliveryState
from contracts.sms.rules import TextRules
from store.db.database import Database
from store.deliveries.attempt_results import Settled
from store.deliveries.fallback import plan_fallback
from store.deliveries.own_faults import OUR_FAULT, count_delivery_fault
from store.retries.attempt_reports import settle_text
from store.sms.claims import ReadySms, claim_sms


class SmsActivities:
    """Sends texts, each claimed in the store before Twilio hears of it."""

    def __init__(
        self,
        database: Database,
        texter: Texter,
        clock: Clock,
        rules: TextRules,
        meters: Meters | None = None,
        first: FirstAttempts | None = None,
    ) -> None:
        self._database = database
        self._texter = texter
        self._clock = clock
        self._rules = rules
        self._meters = meters or Meters()
        self._first = first or FirstAttempts()
        self._room = asyncio.Semaphore(CALLS_AT_ONCE)

    @activity.defn
    async def plan_fallback(self, event_id: str) -> PlannedDelivery | None:
        """Add the text that stands in for a webhook; None where none is wanted or needed."""
        with as_failures():
            return await self._database.write(plan_fallback, event_id, self._clock())

    @activity.defn
    async def send_sms(self, task: SendSms) -> SendResult:
        """Send the text of a delivery's round, at most once.

        Returns delivered, held (texts are stopped, or the cap is reached), skipped, or
        `dead_letter` set: rejected, exhausted, unknown when nobody can tell whether it was sent, or
        our fault when mistakes of ours stop it for good.
        Raises `SmsNotTaken` with the schedule's delay when Twilio certainly sent nothing for now.
        Nothing is claimed before a call can be made: a claim that waits would look like a text that
        may have been sent.
        """

        async def give_up() -> SendResult:
            return SendResult(DeliveryState.DELIVERING, DeadLetterReason.OUR_FAULT, OUR_FAULT)

        with as_failures(), heartbeats():
            return await bounded(
                self._send(task),
                self._database,
                lambda session: count_delivery_fault(
                    session, task.delivery_id, task.round, self._clock()
                ),
                give_up,
            )

    async def _send(self, task: SendSms) -> SendResult:
        try:
            async with self._room:
                attempt = self._claim_and_send(task)
                settled = await carried_through(attempt, cut_off_at_shutdown=False)
        finally:
            self._first.end(task.delivery_id)
        if settled.result is None:
            raise charged(FailureType.SMS_NOT_TAKEN, settled.code or "", settled.delay_s)
        return settled.result

    async def _claim_and_send(self, task: SendSms) -> Settled:
        """The claim, the call and its end, as one: a claim without its call would look like a text
        that may have been sent."""
        ready = await self._database.write(
            claim_sms,
            task,
            self._clock(),
            timedelta(seconds=SMS_REQUEST_TIME),
            self._rules,
        )
        if isinstance(ready, SendResult):
            return Settled(ready)
        return await self._attempt(ready, RetrySchedule(task.retry_delays_s))

    async def _attempt(self, ready: ReadySms, schedule: RetrySchedule) -> Settled:
        began = time.monotonic()
        answer = await self._texter.send(
            OutgoingText(
                to=ready.to_phone,
                body=ready.body,
                sender=ready.sender,
                validity_s=ready.validity_s,
                status_callback=ready.status_callback,
            )
        )
        took_ms = round((time.monotonic() - began) * 1000)
        self._first.note(TWILIO, took_ms)
        settled, report = await insisted(
            lambda: self._database.write(
                settle_text, ready.sms_id, answer, schedule, took_ms, self._clock()
            )
        )
        self._meters.texted(answer.fate)
        tell(report, self._meters)
        return settled
