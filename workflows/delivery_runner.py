"""Carries one delivery of an event until it settles, and again when somebody asks for it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.exceptions import FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.dead_letter import DeadLetterActivities
    from activities.sms import SmsActivities
    from activities.webhook import WebhookActivities
    from contracts.delivery.messages import (
        DeliverEvent,
        DeliveryStatus,
        PlannedDelivery,
        PostWebhook,
        RecordDeadLetter,
        RetryRequest,
        SendResult,
        SendSms,
    )
    from contracts.delivery.names import FailureType
    from contracts.delivery.states import OPEN_STATES, Channel, DeadLetterReason, DeliveryState
    from workflows import policies

_WAITS_FOR = {
    DeliveryState.PENDING: "its turn",
    DeliveryState.DELIVERING: "the endpoint's answer, or the next attempt of the schedule",
    DeliveryState.HELD: "what holds it to be over: its endpoint, its partner, or texts",
    DeliveryState.DEAD_LETTERED: "a retry",
}

_ANSWERED = (FailureType.PARTNER_FAILED, FailureType.SMS_NOT_TAKEN, FailureType.OUR_NETWORK)
"""Failures whose message is the code of the attempt."""


class DeliveryRunner:
    """One delivery on its way. Settled: it has ended, is held, or is a dead letter."""

    def __init__(
        self, event: DeliverEvent, planned: PlannedDelivery, show: Callable[[], None]
    ) -> None:
        self.planned = planned
        self.state = planned.state
        self._show = show
        self._hold_reason = planned.hold_reason
        self._last_code = planned.last_code
        self._event = event
        self._round = planned.round
        self._resend = False
        self._next_round: RetryRequest | None = None
        self._abandoned = False
        self._at_once = planned.at_once
        self._sending: asyncio.Task[SendResult] | None = None
        self._about_to_send = False
        self._on_its_way = False

    @property
    def open(self) -> bool:
        """Whether the store says that this delivery is still to be carried."""
        return self.state in OPEN_STATES

    def status(self) -> DeliveryStatus:
        """This delivery in the answer of the status query."""
        return DeliveryStatus(
            delivery_id=self.planned.delivery_id,
            channel=self.planned.channel,
            state=self.state,
            round=self._round,
            waits_for=_WAITS_FOR.get(self.state, "nothing"),
            host=self.planned.host,
            hold_reason=self._hold_reason if self.state is DeliveryState.HELD else None,
            last_code=self._last_code,
        )

    def begin_again(self, request: RetryRequest) -> bool:
        """Take a retry by hand: the schedule starts again from its first attempt, if the store
        says so.

        On its way already: one that is about to leave does it; during a backoff the waiting attempt
        is called off; one on the wire ends by itself, and the next round follows; `only_waiting`
        leaves it alone. Settled: True, and `run` is to be called.
        """
        if not self._on_its_way:
            self._round, self._resend = self._round + 1, request.resend
            return True
        if self._about_to_send:
            self._resend = self._resend or request.resend
        elif not request.only_waiting:
            earlier = self._next_round
            self._next_round = earlier if earlier is not None and earlier.resend else request
            self._call_off()
        return False

    def abandon(self) -> None:
        """Ops cancelled the workflow: what is open ends as a dead letter that says so."""
        self._abandoned = True
        self._call_off()

    def set_out(self) -> None:
        """It is on its way from now on; `run` follows."""
        self._on_its_way = self._about_to_send = True
        self.state = DeliveryState.DELIVERING

    async def run(self) -> None:
        """Send until the delivery settles."""
        try:
            while (request := await self._round_led_to()) is not None:
                self._round, self._resend = self._round + 1, request.resend
        finally:
            self._on_its_way = False

    async def _round_led_to(self) -> RetryRequest | None:
        """Run one round of the schedule; gives the retry by hand that wants another at once."""
        result = await self._send()
        if result is not None:
            self._hold_reason, self._last_code = result.hold_reason, result.code or self._last_code
        if result is not None and (self._next_round is None or self._abandoned):
            self.state = await self._keep_if_dead(result)
        request, self._next_round = self._next_round, None
        return None if self._abandoned else request

    async def _send(self) -> SendResult | None:
        """One round of the schedule; None when it was called off for a retry."""
        self._about_to_send, self._sending = False, asyncio.create_task(self._send_one_round())
        try:
            return await self._sending
        except (FailureError, asyncio.CancelledError):
            # Called off, a waiting attempt comes back as cancelled, one on the wire as its failure,
            # one that was to leave in this very moment as the event loop's own cancellation.
            if not self._is_called_off:
                raise
        finally:
            self._sending = None
        if self._abandoned:
            return SendResult(DeliveryState.DELIVERING, DeadLetterReason.CANCELLED_BY_OPS)
        return None

    async def _send_one_round(self) -> SendResult:
        """The first attempt within the workflow task, where the plan says so; a scheduled activity
        makes all others, and waits between them."""
        at_once, self._at_once = self._at_once, False
        if at_once:
            try:
                return await self._send_at_once()
            except FailureError as error:
                if is_cancelled_exception(error) or self._is_called_off:
                    raise
                wait = _wait_after(error)
                self._note(error)
            await workflow.sleep(wait, summary=f"until the next attempt{self._after()}")
        return await self._send_by_schedule()

    async def _send_at_once(self) -> SendResult:
        activity, task = self._activity()
        return await workflow.execute_local_activity_method(
            activity,
            task,
            start_to_close_timeout=policies.ONE_ATTEMPT,
            retry_policy=policies.ONCE,
            cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
            summary=self._about(),
        )

    async def _send_by_schedule(self) -> SendResult:
        activity, task = self._activity()
        is_sms = self.planned.channel is Channel.SMS
        return await workflow.execute_activity_method(
            activity,
            task,
            start_to_close_timeout=policies.ONE_TEXT if is_sms else policies.ONE_ATTEMPT,
            heartbeat_timeout=policies.HEARTBEAT,
            retry_policy=policies.OUR_FAULTS,
            cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
            summary=f"{self._about()}, round {self._round}{self._after()}",
        )

    def _about(self) -> str:
        """What an attempt does, in words for the Temporal UI."""
        if self.planned.channel is Channel.SMS:
            return "text the customer"
        return f"post to {self.planned.host or 'the endpoint'}"

    def _after(self) -> str:
        return f", after {self._last_code}" if self._last_code else ""

    def _note(self, error: FailureError) -> None:
        """Keep the code that an attempt ended with, for whoever looks at the execution."""
        failure = policies.failure_of(error)
        if failure is not None:
            has_code = failure.type in _ANSWERED
            self._last_code = failure.message if has_code else failure.type
            self._show()

    def _activity(self) -> tuple[Any, PostWebhook | SendSms]:
        """What sends this delivery, and its input."""
        ids = (self._event.event_id, self.planned.delivery_id, self._round)
        if self.planned.channel is Channel.SMS:
            return SmsActivities.send_sms, SendSms(*ids, self._event.retry_delays_s, self._resend)
        return WebhookActivities.post_webhook, PostWebhook(
            *ids, self._event.retry_delays_s, self._resend, self.planned.endpoint_id
        )

    async def _keep_if_dead(self, result: SendResult) -> DeliveryState:
        if result.dead_letter is None:
            return result.state
        return await workflow.execute_activity_method(
            DeadLetterActivities.record_dead_letter,
            RecordDeadLetter(self.planned.delivery_id, result.dead_letter, result.code),
            start_to_close_timeout=policies.STORE_CALL,
            retry_policy=policies.OUR_FAULTS,
            summary=f"keep the dead letter: {result.dead_letter.value}",
        )

    @property
    def _is_called_off(self) -> bool:
        return self._next_round is not None or self._abandoned

    def _call_off(self) -> None:
        if self._sending is not None:
            self._sending.cancel()


def _wait_after(error: FailureError) -> timedelta:
    """How long after a first attempt that failed the next one follows: what it says itself, else it
    was no answer but a fault of ours."""
    failure = policies.failure_of(error)
    said = failure.next_retry_delay if failure is not None else None
    return said or policies.AFTER_AN_OWN_FAULT
