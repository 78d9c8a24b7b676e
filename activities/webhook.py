"""`post_webhook`: one signed POST, its attempt row before and after, and what follows from it."""

import asyncio
from datetime import timedelta

from temporalio import activity

from activities.failures import as_failures, charged
from activities.on_the_wire import carried_through, heartbeats, insisted
from activities.webhook_sender import REQUEST_TIME, WebhookSender
from contracts.clock import Clock
from contracts.messages import PostWebhook, SendResult
from contracts.names import FailureType
from contracts.retry import RetrySchedule
from store.attempts import (
    ReadyAttempt,
    Settled,
    begin_attempt,
    finish_attempt,
    interrupt_attempt,
)
from store.database import Database


class WebhookActivities:
    """Posts webhooks and counts what is charged to the partner in the store."""

    def __init__(self, database: Database, sender: WebhookSender, clock: Clock) -> None:
        self._database = database
        self._sender = sender
        self._clock = clock

    @activity.defn
    async def post_webhook(self, task: PostWebhook) -> SendResult:
        """Make one try of a delivery.

        Returns how the round ended: delivered, held, skipped, or `dead_letter` set when it is
        exhausted or gone. Raises `PartnerFailed` with the schedule's delay for a charged failure,
        and `StoreUnavailable` or `OurFault`, not charged, for our own.
        """
        with as_failures(), heartbeats():
            ready = await self._database.write(
                begin_attempt, task, self._clock(), timedelta(seconds=REQUEST_TIME)
            )
            if isinstance(ready, SendResult):
                return ready
            trial = self._try(ready, RetrySchedule(task.retry_delays_s))
            settled = await carried_through(trial, cut_off_at_shutdown=True)
        if settled.result is None:
            raise charged(FailureType.PARTNER_FAILED, settled.code or "", settled.delay_s)
        return settled.result

    async def _try(self, ready: ReadyAttempt, schedule: RetrySchedule) -> Settled:
        try:
            answer = await self._sender.post(ready, sent_at=self._clock())
        except BaseException:
            await asyncio.shield(
                self._database.write(interrupt_attempt, ready.attempt_id, self._clock())
            )
            raise
        return await insisted(
            lambda: self._database.write(
                finish_attempt, ready.attempt_id, answer, schedule, self._clock()
            )
        )
