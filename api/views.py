"""What the API shows of events, deliveries and attempts: ids, states and codes.

No customer, rider or OTP is in any of these; answers of endpoints were redacted when stored.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

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
from contracts.ids import DeliveryRef, EndpointRef, EventRef, OrderRef, PartnerRef, SmsRef
from contracts.payload.events import EventType
from contracts.payload.fields import UtcDatetime, mask_phone
from contracts.payload.warnings import SEQUENCE_REPEATED, EventWarning
from store.events.acceptance import Accepted, Refused
from store.events.detail import EventDetail
from store.tables import DeliveryRow

AnswerCode = Annotated[str, Field(examples=["http_503"])]
"""How an attempt ended, in a word that a program can branch on."""


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


class AttemptView(BaseModel):
    """One HTTP request of a delivery."""

    number: int = Field(description="from 1; goes on after a retry", examples=[1])
    trigger: Trigger
    state: AttemptState = Field(examples=["failed"])
    charged: bool = Field(
        description="whether it counts against the retry schedule", examples=[True]
    )
    code: AnswerCode | None = Field(
        description="`http_` and the status, or `timeout`, `connection`, `dns`, `resolver`, `tls`, "
        "`protocol` (what came is not HTTP), `forbidden_address`, `invalid_url`, `internal_error` "
        "(a fault in Doorstep; charged, so that it ends) or `interrupted`"
    )
    status_code: int | None = Field(examples=[503])
    retry_after_s: float | None = Field(description="how long the endpoint asked us to wait")
    duration_ms: int | None = Field(examples=[84])
    response_excerpt: str | None = Field(
        description="how the answer's body begins, redacted", examples=["upstream is busy"]
    )
    started_at: UtcDatetime
    finished_at: UtcDatetime | None


class DeadLetterView(BaseModel):
    """Why automatic attempts ended, and what became of it."""

    reason: DeadLetterReason
    code: AnswerCode | None = Field(description="of the last answer")
    created_at: UtcDatetime
    expires_at: UtcDatetime = Field(
        description="from then on it can no longer be sent", examples=["2026-12-07T09:34:05Z"]
    )
    resolved_at: UtcDatetime | None = Field(description="null while it is open", examples=[None])
    resolution: DeadLetterResolution | None


class SmsView(BaseModel):
    """One SMS of a delivery: never its words, which may have an OTP, and its phone masked."""

    id: SmsRef
    copy_number: int = Field(description="1, and more where a text was sent once more")
    state: SmsState
    phone_masked: str | None = Field(description="null once the customer's data was erased")
    code: str | None = Field(
        description="`twilio_` and Twilio's code or status, or `timeout`, `connection`, "
        "`twilio_unreadable`, `interrupted`, `restored` (it may have gone out before the database "
        "was restored), `no_news`, `sms_not_configured`, `sms_too_long`, `dlt_not_registered` or "
        "`dlt_text_differs`"
    )
    reason: str | None = Field(description="why it was not sent as it is, in words")
    sender: str | None
    language: str | None
    template: str | None = Field(description="whose, language and version: `shipped/en/1`, say")
    content_template_id: str | None = Field(description="the DLT registration that it matched")
    encoding: str | None = Field(description="`GSM-7` or `UCS-2`")
    parts: int | None = Field(description="what Twilio charges for")
    claimed_at: UtcDatetime = Field(description="just before Twilio was called")
    settled_at: UtcDatetime | None


class DeliveryView(BaseModel):
    """One delivery with its attempts, or its SMS."""

    id: DeliveryRef
    channel: Channel | None = Field(examples=["webhook"])
    endpoint_id: EndpointRef | None
    state: DeliveryState = Field(examples=["dead_lettered"])
    skip_reason: SkipReason | None
    hold_reason: HoldReason | None
    fallback: bool = Field(description="whether it is a text that stands in for a webhook")
    round: int = Field(description="how often the retry schedule was begun", examples=[1])
    last_code: AnswerCode | None = Field(description="of the last answer")
    next_attempt_at: UtcDatetime | None = Field(examples=[None])
    delivered_at: UtcDatetime | None = Field(examples=[None])
    attempts: list[AttemptView]
    sms: list[SmsView] = Field(
        description="in place of attempts, one for each copy and phone", examples=[[]]
    )
    dead_letters: list[DeadLetterView]

    @classmethod
    def of(cls, row: DeliveryRow, detail: EventDetail) -> Self:
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
