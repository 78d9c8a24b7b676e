"""What the API shows of events, deliveries and attempts: ids, states and codes.

No customer, rider or OTP is in any of these; answers of endpoints were redacted when stored.
"""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field

from api.pages import Page
from api.problems import Fault
from api.rows import view_of
from contracts.body import Body
from contracts.delivery.states import (
    AttemptState,
    Channel,
    DeadLetterReason,
    DeadLetterResolution,
    DeliveryState,
    EventState,
    HoldReason,
    SkipReason,
    SmsState,
    Trigger,
)
from contracts.errors import Invalid
from contracts.payload.events import EventType
from contracts.payload.fields import UtcDatetime, mask_phone
from contracts.payload.warnings import SEQUENCE_REPEATED, EventWarning
from store.events.acceptance import Accepted, Refused
from store.events.detail import EventDetail
from store.tables import DeliveryRow


def all_warnings(outcome: Accepted, warnings: Sequence[EventWarning]) -> list[EventWarning]:
    """The warnings of an event that was taken, with what only the store can know."""
    return [*warnings, *([SEQUENCE_REPEATED] if outcome.repeats_sequence else [])]


class AcceptedView(BaseModel):
    """The answer to an event that was taken."""

    event_id: str
    state: EventState
    duplicate: bool = Field(description="true when the same event had been taken before")
    warnings: list[EventWarning] = Field(
        description="what was taken although it cannot be right; mend it for the next event"
    )


class StartedView(BaseModel):
    """How an event stands after it was to be started again."""

    event_id: str
    state: EventState


class EventBatch(Body):
    """Up to 500 events, each as for `POST /v1/events`."""

    events: list[Any] = Field(min_length=1, max_length=500)


class ItemView(BaseModel):
    """What became of one event of a batch; `errors` says what is wrong with a refused one.

    `event_id` is null where what was sent is none.
    """

    event_id: str | None
    state: Literal["accepted", "planned", "failed", "refused"]
    duplicate: bool
    errors: list[Fault] = Field(default_factory=list)
    warnings: list[EventWarning] = Field(default_factory=list)

    @classmethod
    def of(cls, outcome: Accepted | Refused, warnings: Sequence[EventWarning]) -> "ItemView":
        """Show what the store said."""
        if isinstance(outcome, Accepted):
            return cls(
                event_id=outcome.event_id,
                state=outcome.state.value,
                duplicate=outcome.duplicate,
                warnings=all_warnings(outcome, warnings),
            )
        field = outcome.error.field if isinstance(outcome.error, Invalid) else "event_id"
        fault = Fault(field=field, message=str(outcome.error))
        return cls(event_id=outcome.event_id, state="refused", duplicate=False, errors=[fault])


class BatchView(BaseModel):
    """A result for each event, in the order they were sent."""

    items: list[ItemView]


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


class DeadLetterView(BaseModel):
    """Why automatic attempts ended, and what became of it."""

    reason: DeadLetterReason
    code: str | None
    created_at: UtcDatetime
    expires_at: UtcDatetime
    resolved_at: UtcDatetime | None
    resolution: DeadLetterResolution | None


class SmsView(BaseModel):
    """One SMS of a delivery: never its words, and its phone masked."""

    id: str
    copy_number: int = Field(description="1, and more where a text was sent once more")
    state: SmsState
    phone_masked: str | None = Field(description="null once the customer's data was erased")
    code: str | None
    reason: str | None = Field(description="why it was not sent as it is, in words")
    sender: str | None
    language: str | None
    template: str | None
    content_template_id: str | None = Field(description="the DLT registration that it matched")
    encoding: str | None
    parts: int | None
    claimed_at: UtcDatetime
    settled_at: UtcDatetime | None


class DeliveryView(BaseModel):
    """One delivery with its attempts, or its SMS."""

    id: str
    channel: Channel | None
    endpoint_id: str | None
    state: DeliveryState
    skip_reason: SkipReason | None
    hold_reason: HoldReason | None = Field(description="what a held one waits for")
    fallback: bool = Field(description="a text that stands in for a webhook")
    round: int = Field(description="how often the retry schedule was begun")
    last_code: str | None
    next_attempt_at: UtcDatetime | None
    delivered_at: UtcDatetime | None
    attempts: list[AttemptView]
    sms: list[SmsView]
    dead_letters: list[DeadLetterView]

    @classmethod
    def of(cls, row: DeliveryRow, detail: EventDetail) -> "DeliveryView":
        """Show a delivery row with its attempts and dead letters out of the event's detail."""
        phones = {text_id: mask_phone(phone) for text_id, phone in detail.phones.items()}
        return view_of(
            cls,
            row,
            attempts=[
                view_of(AttemptView, one, response_excerpt=detail.excerpts.get(one.id))
                for one in detail.attempts
                if one.delivery_id == row.id
            ],
            sms=[
                view_of(SmsView, one, phone_masked=phones.get(one.id), reason=one.fault)
                for one in detail.texts
                if one.delivery_id == row.id
            ],
            dead_letters=[one for one in detail.dead_letters if one.delivery_id == row.id],
        )


class EventView(BaseModel):
    """One event with all its deliveries."""

    event_id: str
    partner_id: str
    order_id: str
    event_type: EventType
    sequence: int
    is_test: bool
    occurred_at: UtcDatetime
    accepted_at: UtcDatetime
    state: EventState
    failure_reason: str | None
    erased_at: UtcDatetime | None = Field(
        description="when its data was erased; nothing of it can be sent any more"
    )
    deliveries: list[DeliveryView]

    @classmethod
    def of(cls, detail: EventDetail) -> "EventView":
        """Show an event's detail."""
        deliveries = [DeliveryView.of(row, detail) for row in detail.deliveries]
        return view_of(cls, detail.event, deliveries=deliveries)


class ListedDeliveryView(BaseModel):
    """One delivery of an event in the log."""

    id: str
    channel: Channel | None
    state: DeliveryState


class ListedEventView(BaseModel):
    """One line of the event log."""

    event_id: str
    partner_id: str
    order_id: str
    event_type: EventType
    sequence: int
    state: EventState
    occurred_at: UtcDatetime
    accepted_at: UtcDatetime
    deliveries: list[ListedDeliveryView]


class EventPage(Page[ListedEventView]):
    """A page of the log, the newest first; `next_cursor` is null on the last one."""


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
