"""`post_webhook`: one signed POST, its attempt row before and after, and what follows from it."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from temporalio import activity

from activities.attempt_log import tell
from activities.concurrency import ConcurrencyLimit
from activities.failures import as_failures, charged
from activities.first_attempts import FirstAttempts
from activities.in_flight import carried_through, heartbeats, insisted
from activities.keyed_limit import KeyedLimit
from activities.metrics import Meters
from activities.network_watch import NetworkWatch
from activities.own_faults import bounded
from activities.webhook_sender import REQUEST_TIME, WebhookSender
from contracts.clock import Clock
from contracts.delivery.messages import PostWebhook, SendResult
from contracts.delivery.names import FailureType
from contracts.delivery.retry import RetrySchedule
from contracts.delivery.states import DeadLetterReason, DeliveryState
from contracts.delivery.verdicts import Answer, Verdict, verdict_of
from contracts.tracing import NO_TRACING, Attributes, SpanKind, Tracing
from store.db.database import Database
from store.db.grouping import Grouping
from store.deliveries.attempt_endings import EndedAttempt
from store.deliveries.attempt_results import Settled
from store.deliveries.attempts import ReadyAttempt, begin_attempt
from store.deliveries.own_faults import OUR_FAULT, count_delivery_fault
from store.retries.attempt_reports import (
    AttemptReport,
    finish_plain,
    finish_webhook,
    interrupt_webhook,
)

_MOST_AT_ONE_ROW = 2
"""Transactions of one process that may wait for the row of one endpoint: whoever holds it takes no
more connections from the others."""

_MOST_TOGETHER = 32
"""Successes that are written down in one transaction."""

OUR_NETWORK_WAIT_S = 30.0
"""How long an attempt waits for our own network; another worker may take it up."""


class WebhookActivities:
    """Posts webhooks and counts what is charged to the partner in the store."""

    def __init__(
        self,
        database: Database,
        sender: WebhookSender,
        clock: Clock,
        concurrency: ConcurrencyLimit,
        meters: Meters | None = None,
        network: NetworkWatch | None = None,
        tracing: Tracing = NO_TRACING,
        first: FirstAttempts | None = None,
    ) -> None:
        self._tracing = tracing
        self._database = database
        self._sender = sender
        self._clock = clock
        self._concurrency = concurrency
        self._first = first or FirstAttempts()
        self._at_one_row = KeyedLimit(_MOST_AT_ONE_ROW)
        self._finish_plain = Grouping(self._finish_together, most=_MOST_TOGETHER, at_once=1)
        self._meters = meters or Meters()
        self._network = network or NetworkWatch(self._meters.network_down)

    @activity.defn
    async def post_webhook(self, task: PostWebhook) -> SendResult:
        """Make one attempt of a delivery.

        Returns how the round ended: delivered, held, skipped, or `dead_letter` set when it is
        exhausted or gone, or mistakes of ours stop it for good. Raises `PartnerFailed` with the
        delay until the next attempt for a failure, charged unless the endpoint asked us to wait,
        and `StoreUnavailable`, `OurNetwork` or `OurFault`, not charged, for our own.
        """

        async def give_up() -> SendResult:
            return SendResult(DeliveryState.DELIVERING, DeadLetterReason.OUR_FAULT, OUR_FAULT)

        with as_failures(), heartbeats():
            return await bounded(
                self._post(task),
                self._database,
                lambda session: count_delivery_fault(
                    session, task.delivery_id, task.round, self._clock()
                ),
                give_up,
            )

    async def _post(self, task: PostWebhook) -> SendResult:
        ready: ReadyAttempt | SendResult | None = None
        if activity.info().is_local:
            ready = self._first.fetch(task.delivery_id)
        if ready is None:
            async with self._at_one_row.place(task.endpoint_id):
                ready = await self._database.write(
                    begin_attempt, task, self._clock(), timedelta(seconds=REQUEST_TIME)
                )
        if isinstance(ready, SendResult):
            return ready
        attempt = self._attempt(task, ready, RetrySchedule(task.retry_delays_s))
        try:
            settled = await carried_through(attempt, cut_off_at_shutdown=True)
        finally:
            self._first.end(task.delivery_id)
        if settled.has_waiting or settled.has_later:
            await self._hand_on(ready.endpoint_id, settled)
        if settled.result is None:
            raise charged(FailureType.PARTNER_FAILED, settled.code or "", settled.delay_s)
        return settled.result

    async def _hand_on(self, endpoint_id: str, settled: Settled) -> None:
        """Ask for those that waited for this attempt: for its place, or for its event."""
        async with self._at_one_row.place(endpoint_id):
            if settled.has_waiting:
                await self._concurrency.admit_next(endpoint_id)
            if settled.has_later:
                await self._concurrency.wake_later(endpoint_id)

    async def _attempt(
        self, task: PostWebhook, ready: ReadyAttempt, schedule: RetrySchedule
    ) -> Settled:
        try:
            answer = await self._sent(task, ready)
        except BaseException:
            await self._interrupt(ready)
            raise
        self._first.note(ready.endpoint_id, answer.duration_ms)
        now, host = self._clock(), urlsplit(ready.url).hostname or ""
        self._network.note(host, answer.code, now, ready.partner_id)
        if self._network.is_ours(answer.code, now, host):
            await self._interrupt(ready)
            raise charged(FailureType.OUR_NETWORK, answer.code, OUR_NETWORK_WAIT_S)
        ended = EndedAttempt(ready.attempt_id, answer, schedule)
        settled, report = await insisted(lambda: self._finish(ended, ready))
        tell(report, self._meters)
        return settled

    async def _finish(
        self, ended: EndedAttempt, ready: ReadyAttempt
    ) -> tuple[Settled, AttemptReport]:
        """A plain success together with others, anything else by itself."""
        if ready.is_quiet and verdict_of(ended.answer) is Verdict.DELIVERED:
            finished = await self._finish_plain(ended)
            if finished is not None:
                return finished
        async with self._at_one_row.place(ready.endpoint_id):
            return await self._database.write(finish_webhook, ended, self._clock())

    async def _finish_together(
        self, ended: Sequence[EndedAttempt]
    ) -> list[tuple[Settled, AttemptReport] | None]:
        return await self._database.write(finish_plain, ended, self._clock())

    async def _sent(self, task: PostWebhook, ready: ReadyAttempt) -> Answer:
        """Send it within a span, from which the merchant's own trace may go on."""
        attributes = _attributes_of(task, ready)
        with self._tracing.span("POST webhook", SpanKind.CLIENT, attributes) as span:
            answer = await self._sender.post(ready, self._clock(), span.traceparent)
            span.add({"doorstep.code": answer.code})
            if answer.status is not None:
                span.add({"http.response.status_code": answer.status})
            if verdict_of(answer) is not Verdict.DELIVERED:
                span.fail(answer.code)
        return answer

    async def _interrupt(self, ready: ReadyAttempt) -> None:
        """Close an attempt that was no fault of the partner's; it costs them nothing."""
        interrupted = await asyncio.shield(
            self._database.write(interrupt_webhook, ready.attempt_id, self._clock())
        )
        tell(interrupted, self._meters)


def _attributes_of(task: PostWebhook, ready: ReadyAttempt) -> Attributes:
    """Of the URL the host alone: its path and query may have secrets in them."""
    return {
        "doorstep.event_id": ready.event_id,
        "doorstep.delivery_id": task.delivery_id,
        "doorstep.endpoint_id": ready.endpoint_id,
        "doorstep.partner_id": ready.partner_id,
        "doorstep.attempt": ready.number,
        "http.request.method": "POST",
        "server.address": urlsplit(ready.url).hostname or "",
    }
