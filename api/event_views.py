"""What the API shows of events: ids, states and codes.

No customer, rider or OTP is in any of these.
"""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.delivery_views import DeliveryView
from api.pages import Page
from api.problems import Fault
from api.rows import view_of
from contracts.body import Body
from contracts.delivery.states import Channel, DeliveryState, EventState, HoldReason
from contracts.errors import Invalid
from contracts.ids import DeliveryRef, EventRef, OrderRef, PartnerRef
from contracts.payload.events import EventType
from contracts.payload.fields import UtcDatetime
from contracts.payload.warnings import SEQUENCE_REPEATED, EventWarning
from store.events.acceptance import Accepted, Refused
from store.events.detail import EventDetail


def all_warnings(outcome: Accepted, warnings: Sequence[EventWarning]) -> list[EventWarning]:
    """The warnings of an event that was taken, with what only the store can know."""
    return [*warnings, *([SEQUENCE_REPEATED] if outcome.repeats_sequence else [])]


class AcceptedView(BaseModel):
    """An event that was taken."""

    event_id: EventRef
    state: EventState
    duplicate: bool = Field(description="whether the same event had been taken before")
    warnings: list[EventWarning] = Field(
        description="what was taken although it cannot be right: mend it for the next event",
        examples=[[]],
    )


class StartedView(BaseModel):
    """How an event stands after it was to be started again."""

    event_id: EventRef
    state: EventState = Field(examples=["planned"])


class EventBatch(Body):
    """Up to 500 events."""

    events: list[Any] = Field(
        min_length=1, max_length=500, description="each as the body of `POST /v1/events`"
    )


class ItemView(BaseModel):
    """What became of one event of a batch."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    event_id: EventRef | None = Field(description="null where what was sent is no id")
    state: Literal["accepted", "planned", "failed", "refused"]
    duplicate: bool
    errors: list[Fault] = Field(
        default_factory=list, description="what is wrong with a refused one", examples=[[]]
    )
    warnings: list[EventWarning] = Field(default_factory=list, examples=[[]])

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


class EventView(BaseModel):
    """One event with all its deliveries: ids, states and codes, nothing of the customer."""

    event_id: EventRef
    partner_id: PartnerRef
    order_id: OrderRef
    event_type: EventType = Field(examples=["out_for_delivery"])
    sequence: int = Field(description="its place among the events of its order", examples=[3])
    is_test: bool
    occurred_at: UtcDatetime
    accepted_at: UtcDatetime
    state: EventState = Field(examples=["planned"])
    failure_reason: str | None = Field(description="why it can never be started")
    erased_at: UtcDatetime | None = Field(
        description="when its data was erased; nothing of it can be sent any more", examples=[None]
    )
    deliveries: list[DeliveryView]

    @classmethod
    def of(cls, detail: EventDetail) -> "EventView":
        """Show an event's detail."""
        deliveries = [DeliveryView.of(row, detail) for row in detail.deliveries]
        return view_of(cls, detail.event, deliveries=deliveries)


class ListedDeliveryView(BaseModel):
    """One delivery of an event in the log."""

    id: DeliveryRef
    channel: Channel | None = Field(examples=["webhook"])
    state: DeliveryState = Field(examples=["dead_lettered"])


class ListedEventView(BaseModel):
    """One line of the event log."""

    event_id: EventRef
    partner_id: PartnerRef
    order_id: OrderRef
    event_type: EventType = Field(examples=["out_for_delivery"])
    sequence: int = Field(examples=[3])
    state: EventState = Field(examples=["planned"])
    occurred_at: UtcDatetime
    accepted_at: UtcDatetime
    deliveries: list[ListedDeliveryView]


class EventPage(Page[ListedEventView]):
    """A page of the log, the newest first; `next_cursor` is null on the last one."""


class DeliveryStatusView(BaseModel):
    """How one delivery stands."""

    delivery_id: DeliveryRef
    channel: Channel | None = Field(examples=["webhook"])
    state: DeliveryState = Field(examples=["dead_lettered"])
    attempts: int = Field(description="how many were made so far", examples=[1])
    next_attempt_at: UtcDatetime | None = Field(examples=[None])
    waits_for: str | None = Field(
        description="in words; null where the workflow did not say", examples=["a retry"]
    )
    endpoint_host: str | None = Field(
        description="where its webhooks go; null where the workflow did not say",
        examples=["hooks.chaipoint.example"],
    )
    hold_reason: HoldReason | None = Field(description="why it is held", examples=[None])
    last_code: str | None = Field(description="how its last attempt ended", examples=["http_503"])


class StatusView(BaseModel):
    """How an event stands."""

    event_id: EventRef
    state: EventState = Field(examples=["planned"])
    live: bool = Field(
        description="whether its workflow answered; otherwise all is from the database",
        examples=[True],
    )
    deliveries: list[DeliveryStatusView]
