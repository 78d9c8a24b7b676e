"""The activities of a delivery, answering from a script: no database, no network.

What they keep is what the store would: the state of each delivery. It decides whether anything is
sent, as the store does; the workflow only obeys.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from contracts.delivery.messages import (
    Plan,
    PlanEvent,
    PlannedDelivery,
    PostWebhook,
    RecordDeadLetter,
    SendResult,
    SendSms,
)
from contracts.delivery.names import FailureType
from contracts.delivery.states import NOT_ENDED, Channel, DeadLetterReason, DeliveryState
from contracts.delivery.transitions import may_begin_round

DELIVERED = SendResult(DeliveryState.DELIVERED)
HELD = SendResult(DeliveryState.HELD)
EXHAUSTED = SendResult(DeliveryState.DELIVERING, DeadLetterReason.EXHAUSTED, "http_503")
GONE = SendResult(DeliveryState.DELIVERING, DeadLetterReason.GONE, "http_410")
REJECTED = SendResult(DeliveryState.DELIVERING, DeadLetterReason.REJECTED, "twilio_21211")
UNKNOWN = SendResult(DeliveryState.DELIVERING, DeadLetterReason.UNKNOWN, "timeout")


@dataclass(frozen=True)
class Failure:
    """The attempt fails, and the store says when the next one is due."""

    delay_s: float = 30.0
    type: str = FailureType.PARTNER_FAILED


class InFlight:
    """An attempt that waits for its answer until the test gives it."""

    def __init__(self) -> None:
        self.left = asyncio.Event()
        self._answered = asyncio.Event()
        self._answer: SendResult | Failure = Failure()

    def answer(self, answer: "SendResult | Failure") -> None:
        """Let the attempt end like this."""
        self._answer = answer
        self._answered.set()

    async def wait(self) -> "SendResult | Failure":
        """The answer; a request that has left is not called back, whoever cancels."""
        self.left.set()
        while not self._answered.is_set():
            with suppress(asyncio.CancelledError):
                await self._answered.wait()
        return self._answer


Step = SendResult | Failure | InFlight


def webhook(
    name: str = "w", state: DeliveryState = DeliveryState.PENDING, in_round: int = 1
) -> PlannedDelivery:
    """A planned webhook."""
    return PlannedDelivery(name, Channel.WEBHOOK, state, in_round)


def text(
    name: str = "s", state: DeliveryState = DeliveryState.PENDING, in_round: int = 1
) -> PlannedDelivery:
    """A planned text."""
    return PlannedDelivery(name, Channel.SMS, state, in_round)


class FakeActivities:
    """One event's deliveries. `attempts` are those that left, in their order; `arrive_late` are the
    deliveries of which an earlier success is known only when their dead letter is recorded."""

    def __init__(self, *deliveries: PlannedDelivery, fallback_in_s: float | None = None) -> None:
        self.deliveries = {one.delivery_id: one for one in deliveries}
        self.fallback_in_s = fallback_in_s
        self.fallback: PlannedDelivery | None = None
        self.plan_failures: list[ApplicationError] = []
        self.plan_waits: asyncio.Event | None = None
        self.plans = 0
        self.attempts: list[PostWebhook | SendSms] = []
        self.dead_letters: list[RecordDeadLetter] = []
        self.fallbacks_planned = 0
        self.in_flight = self.most_in_flight = 0
        self.planning = asyncio.Event()
        self.arrive_late: set[str] = set()
        self._scripts: dict[str, list[Step]] = {}

    def answers(self, delivery_id: str, *steps: Step) -> None:
        """Answer the next attempts like this; the last answer stays."""
        self._scripts[delivery_id] = list(steps)

    def becomes(self, delivery_id: str, state: DeliveryState) -> None:
        """Somebody else changes a delivery: a person, a callback, a clean-up."""
        self.deliveries[delivery_id] = replace(self.deliveries[delivery_id], state=state)

    def rounds(self, delivery_id: str) -> list[int]:
        """The round of each attempt of a delivery."""
        return [one.round for one in self.attempts if one.delivery_id == delivery_id]

    def reasons(self) -> list[DeadLetterReason]:
        """Why dead letters were recorded."""
        return [one.reason for one in self.dead_letters]

    def let_go(self) -> None:
        """End what still waits, so that a failing test ends."""
        for step in [step for steps in self._scripts.values() for step in steps]:
            if isinstance(step, InFlight):
                step.answer(DELIVERED)
        if self.plan_waits is not None:
            self.plan_waits.set()

    @property
    def activities(self) -> Sequence[Callable[..., Any]]:
        """All of them, for a worker."""
        return (
            self.build_payload,
            self.post_webhook,
            self.send_sms,
            self.record_dead_letter,
            self.plan_fallback,
        )

    @activity.defn
    async def build_payload(self, task: PlanEvent) -> Plan:
        self.plans += 1
        self.planning.set()
        if self.plan_waits is not None:
            await self.plan_waits.wait()
        if self.plan_failures:
            raise self.plan_failures.pop(0)
        return Plan(list(self.deliveries.values()), self.fallback_in_s)

    @activity.defn
    async def post_webhook(self, task: PostWebhook) -> SendResult:
        return await self._attempt(task)

    @activity.defn
    async def send_sms(self, task: SendSms) -> SendResult:
        return await self._attempt(task)

    @activity.defn
    async def record_dead_letter(self, dead_letter: RecordDeadLetter) -> DeliveryState:
        if dead_letter.delivery_id in self.arrive_late:
            self.becomes(dead_letter.delivery_id, DeliveryState.DELIVERED)
            return DeliveryState.DELIVERED
        self.dead_letters.append(dead_letter)
        self.becomes(dead_letter.delivery_id, DeliveryState.DEAD_LETTERED)
        return DeliveryState.DEAD_LETTERED

    @activity.defn
    async def plan_fallback(self, event_id: str) -> PlannedDelivery | None:
        self.fallbacks_planned += 1
        planned, self.fallback = self.fallback, None
        if planned is not None:
            self.deliveries[planned.delivery_id] = planned
        return planned

    async def _attempt(self, task: PostWebhook | SendSms) -> SendResult:
        known = self.deliveries[task.delivery_id]
        begins = task.round > known.round and may_begin_round(known.state, resend=task.resend)
        if not begins and known.state not in NOT_ENDED:
            return SendResult(known.state)
        self.attempts.append(task)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            answer = await self._answer_to(task)
        finally:
            self.in_flight -= 1
        self.deliveries[task.delivery_id] = replace(
            self.deliveries[task.delivery_id], state=answer.state, round=task.round
        )
        return answer

    async def _answer_to(self, task: PostWebhook | SendSms) -> SendResult:
        script = self._scripts.get(task.delivery_id, [DELIVERED])
        step = script.pop(0) if len(script) > 1 else script[0]
        answer = await step.wait() if isinstance(step, InFlight) else step
        if isinstance(answer, Failure):
            raise ApplicationError(
                "http_503",
                type=answer.type,
                next_retry_delay=timedelta(seconds=answer.delay_s),
                category=ApplicationErrorCategory.BENIGN,
            )
        return answer
