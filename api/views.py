"""What the API shows of events, deliveries and attempts: ids, states and codes.

No customer, rider or OTP is in any of these; answers of endpoints were redacted when stored.
"""

from pydantic import BaseModel, Field

from contracts.events import EventType
from contracts.fields import UtcDatetime
from contracts.states import (
    AttemptState,
    Channel,
    DeadLetterReason,
    DeadLetterResolution,
    DeliveryState,
    EventState,
    SkipReason,
    Trigger,
)
from store.event_log import EventDetail
from store.tables import AttemptRow, DeadLetterRow, DeliveryRow, EventRow


class AcceptedView(BaseModel):
    """The answer to an event that was taken."""

    event_id: str
    status: EventState
    duplicate: bool = Field(description="true when the same event had been taken before")


class AttemptView(BaseModel):
    """One HTTP try."""

    number: int
    trigger: Trigger
    state: AttemptState
    charged: bool = Field(description="whether it counts against the retry schedule")
    code: str | None
    status_code: int | None
    retry_after_s: float | None
    duration_ms: int | None
    response_excerpt: str | None
    started_at: UtcDatetime
    finished_at: UtcDatetime | None

    @classmethod
    def of(cls, row: AttemptRow) -> "AttemptView":
        """Show an attempt row."""
        return cls.model_validate(row, from_attributes=True)


class DeadLetterView(BaseModel):
    """Why automatic attempts ended, and what became of it."""

    reason: DeadLetterReason
    code: str | None
    created_at: UtcDatetime
    expires_at: UtcDatetime
    resolved_at: UtcDatetime | None
    resolution: DeadLetterResolution | None

    @classmethod
    def of(cls, row: DeadLetterRow) -> "DeadLetterView":
        """Show a dead-letter row."""
        return cls.model_validate(row, from_attributes=True)


class DeliveryView(BaseModel):
    """One delivery with its tries."""

    id: str
    channel: Channel | None
    endpoint_id: str | None
    state: DeliveryState
    skip_reason: SkipReason | None
    round: int = Field(description="how often the retry schedule was begun")
    last_code: str | None
    next_attempt_at: UtcDatetime | None
    delivered_at: UtcDatetime | None
    attempts: list[AttemptView]
    dead_letters: list[DeadLetterView]

    @classmethod
    def of(cls, row: DeliveryRow, detail: EventDetail) -> "DeliveryView":
        """Show a delivery row with its attempts and dead letters out of the event's detail."""
        return cls(
            id=row.id,
            channel=row.channel,
            endpoint_id=row.endpoint_id,
            state=row.state,
            skip_reason=row.skip_reason,
            round=row.round,
            last_code=row.last_code,
            next_attempt_at=row.next_attempt_at,
            delivered_at=row.delivered_at,
            attempts=[AttemptView.of(one) for one in detail.attempts if one.delivery_id == row.id],
            dead_letters=[
                DeadLetterView.of(one) for one in detail.dead_letters if one.delivery_id == row.id
            ],
        )


class EventView(BaseModel):
    """One event with all its deliveries."""

    event_id: str
    partner_id: str
    order_id: str
    type: EventType
    sequence: int
    is_test: bool
    occurred_at: UtcDatetime
    accepted_at: UtcDatetime
    state: EventState
    failure_reason: str | None
    deliveries: list[DeliveryView]

    @classmethod
    def of(cls, detail: EventDetail) -> "EventView":
        """Show an event's detail."""
        event: EventRow = detail.event
        return cls(
            event_id=event.event_id,
            partner_id=event.partner_id,
            order_id=event.order_id,
            type=event.event_type,
            sequence=event.sequence,
            is_test=event.is_test,
            occurred_at=event.occurred_at,
            accepted_at=event.accepted_at,
            state=event.state,
            failure_reason=event.failure_reason,
            deliveries=[DeliveryView.of(row, detail) for row in detail.deliveries],
        )


class DeliveryStatusView(BaseModel):
    """How one delivery stands, and what it waits for, in words."""

    delivery_id: str
    channel: Channel | None
    state: DeliveryState
    attempts: int
    next_attempt_at: UtcDatetime | None
    waits_for: str | None


class StatusView(BaseModel):
    """How an event stands. `live`: the workflow was asked too; otherwise only the store was."""

    event_id: str
    state: EventState
    live: bool
    deliveries: list[DeliveryStatusView]
