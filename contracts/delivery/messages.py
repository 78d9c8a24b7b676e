"""What travels through Temporal: ids, states and codes, never personal data (claim check)."""

from dataclasses import dataclass, field

from contracts.delivery.retry import DEFAULT_DELAYS_S
from contracts.delivery.states import (
    Channel,
    DeadLetterReason,
    DeliveryState,
    HoldReason,
    SkipReason,
)


@dataclass(frozen=True)
class DeliverEvent:
    """Input of the workflow: which event, its retry delays (seconds) and its priority."""

    event_id: str
    partner_id: str
    event_type: str
    order_id: str
    retry_delays_s: list[float] = field(default_factory=lambda: list(DEFAULT_DELAYS_S))
    priority: int = 3


@dataclass(frozen=True)
class PlannedDelivery:
    """One delivery of the plan, as the store has it now. `round` counts runs of the schedule.

    `at_once`: its target is well, so its first attempt is made within the first workflow task.
    `host` is the endpoint's, of the URL nothing else; `hold_reason` and `last_code` are for whoever
    looks at the execution.
    """

    delivery_id: str
    channel: Channel | None
    state: DeliveryState
    round: int = 1
    skip_reason: SkipReason | None = None
    at_once: bool = False
    endpoint_id: str | None = None
    host: str | None = None
    hold_reason: HoldReason | None = None
    last_code: str | None = None


@dataclass(frozen=True)
class PlanEvent:
    """Input of `build_payload`: which event, and its retry schedule in seconds."""

    event_id: str
    retry_delays_s: list[float]


@dataclass(frozen=True)
class Plan:
    """What `build_payload` decided: every delivery of the event, the skipped ones too.

    `fallback_in_s`: seconds that its webhooks have to arrive before the customer is texted; None
    where no text is to stand in for them.
    """

    deliveries: list[PlannedDelivery]
    fallback_in_s: float | None = None


@dataclass(frozen=True)
class PostWebhook:
    """Input of `post_webhook`: one delivery and the round of the schedule it is in. `resend`: the
    round was asked for although it was delivered. `endpoint_id` is by what attempts wait for each
    other, where one locks the row of its endpoint."""

    event_id: str
    delivery_id: str
    round: int
    retry_delays_s: list[float]
    resend: bool = False
    endpoint_id: str | None = None


@dataclass(frozen=True)
class SendSms:
    """Input of `send_sms`: one delivery and the round it is in, `resend` as for a webhook."""

    event_id: str
    delivery_id: str
    round: int
    retry_delays_s: list[float]
    resend: bool = False


@dataclass(frozen=True)
class SendResult:
    """How a round of sending ended: the state reached, and why it is a dead letter if it is one.

    `exhausted` and `rejected` results leave the delivery `delivering` until it is recorded as a
    dead letter; `code` is the last answer's code, such as `http_503` or `twilio_21211`.
    `hold_reason` is told to people and decides nothing: with another one it is the same result.
    """

    state: DeliveryState
    dead_letter: DeadLetterReason | None = None
    code: str | None = None
    hold_reason: HoldReason | None = field(default=None, compare=False)


@dataclass(frozen=True)
class RecordDeadLetter:
    """Input of `record_dead_letter`."""

    delivery_id: str
    reason: DeadLetterReason
    code: str | None = None


@dataclass(frozen=True)
class RetryRequest:
    """The `request_retry` signal. No delivery ids means every dead letter of the event.

    `resend` sends named deliveries again even when they were delivered; `requested_by` is an id.
    `only_waiting` leaves alone what is on its way: nobody is in a hurry.
    """

    requested_by: str
    delivery_ids: list[str] = field(default_factory=list)
    resend: bool = False
    only_waiting: bool = False


@dataclass(frozen=True)
class DeliveryStatus:
    """One delivery in the answer of the `status` query, and in the result of the workflow."""

    delivery_id: str
    channel: Channel | None
    state: DeliveryState
    round: int
    waits_for: str
    host: str | None = None
    hold_reason: HoldReason | None = None
    last_code: str | None = None


@dataclass(frozen=True)
class EventStatus:
    """The answer of the `status` query."""

    event_id: str
    deliveries: list[DeliveryStatus]
