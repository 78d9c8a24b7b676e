"""Dead letters as the API takes and shows them."""

from dataclasses import fields
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from api.delivery_views import AnswerCode, DeliveryView
from api.pages import Page
from api.queries import PageCursor, PageLimit, QueryTime, ShortText
from contracts.body import Body, shown_as
from contracts.delivery.states import Channel, DeadLetterReason, DeadLetterResolution
from contracts.ids import DeadLetterRef, DeliveryRef, EndpointRef, EventRef, OrderRef, PartnerRef
from contracts.payload.events import EventType
from contracts.payload.fields import Flag, Text, UtcDatetime
from store.dead_letters.queue import DeadLetterFilter
from store.retries.dead_letters import MOST_AT_ONCE

DeadLetterId = Annotated[ShortText, Field(min_length=1)]
DeadLetterIds = Annotated[list[DeadLetterId], Field(min_length=1, max_length=MOST_AT_ONCE)]
_FILTERS = {one.name for one in fields(DeadLetterFilter)}


class WhichDeadLetters(Body):
    """Filters; all that are set must hold. `since` is inclusive, `until` is not; both are times at
    which the dead letters were made."""

    partner_id: ShortText | None = None
    endpoint_id: ShortText | None = None
    channel: Channel | None = None
    reason: DeadLetterReason | None = None
    event_type: EventType | None = None
    since: UtcDatetime | None = None
    until: UtcDatetime | None = None

    def as_filter(self) -> DeadLetterFilter:
        """The filter that the store understands."""
        return DeadLetterFilter(**self.model_dump(include=_FILTERS))


class DeadLetterQuery(WhichDeadLetters):
    """The queue's filters."""

    partner_id: ShortText | None = Field(default=None, examples=["chai-point"])
    since: QueryTime | None = None
    until: QueryTime | None = None
    open: bool = Field(default=True, description="false: those that are closed instead")
    cursor: PageCursor | None = None
    limit: PageLimit = 50


class ListedDeadLetterView(BaseModel):
    """One dead letter, and what it is of."""

    id: DeadLetterRef
    delivery_id: DeliveryRef
    event_id: EventRef
    order_id: OrderRef
    event_type: EventType = Field(examples=["out_for_delivery"])
    partner_id: PartnerRef
    channel: Channel | None = Field(examples=["webhook"])
    endpoint_id: EndpointRef | None
    reason: DeadLetterReason
    code: AnswerCode | None = Field(description="of the last answer")
    created_at: UtcDatetime
    expires_at: UtcDatetime = Field(
        description="from then on it can no longer be sent", examples=["2026-12-07T09:34:05Z"]
    )
    resolved_at: UtcDatetime | None = Field(description="null while it is open", examples=[None])
    resolution: DeadLetterResolution | None
    resolved_by: str | None = Field(description="who discarded it")
    note: str | None = Field(description="why it was discarded")


class DeadLetterPage(Page[ListedDeadLetterView]):
    """A page of the queue, the newest first; `next_cursor` is null on the last one."""


class InspectedDeadLetterView(ListedDeadLetterView):
    """One dead letter with its delivery: every attempt, or every text."""

    delivery: DeliveryView


class RetryManyBody(Body):
    """Either `ids` or a `filter`."""

    model_config = shown_as(filter={"partner_id": "chai-point", "reason": "exhausted"})

    ids: DeadLetterIds | None = None
    filter: WhichDeadLetters | None = Field(
        default=None, description="the oldest 100 of its open ones; `{}` is everything"
    )
    cursor: PageCursor | None = Field(
        default=None, description="with a filter: `next_cursor` of the last call with it"
    )
    resend: Flag = Field(
        default=False, description="with `ids`: send texts once more that may have been sent"
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.ids is None) is (self.filter is None):
            raise ValueError("send either ids or filter")
        if self.ids is None and self.resend:
            raise ValueError("resend needs ids: look at each text first")
        if self.filter is None and self.cursor is not None:
            raise ValueError("cursor goes with a filter")
        return self


class AcceptedRetryView(BaseModel):
    """A dead letter that is being sent again; ask for the event's status to see it end."""

    id: DeadLetterRef
    delivery_id: DeliveryRef
    event_id: EventRef


class RefusedView(BaseModel):
    """A dead letter that cannot be sent again now, and why."""

    id: DeadLetterRef
    reason: str = Field(description="in the words of the 409 of a single retry")


class RetriesTaken(BaseModel):
    """What became of each."""

    accepted: list[AcceptedRetryView]
    refused: list[RefusedView] = Field(examples=[[]])
    remaining: int = Field(description="how many of the filter come after these")
    next_cursor: str | None = Field(description="leads there")


class DiscardRequest(Body):
    """Which to give up, and why."""

    model_config = shown_as(
        ids=["dl_06fmk6a4p9q2d7s1v8x3c5n0r"], reason="the shop has corrected it by hand"
    )

    ids: DeadLetterIds
    reason: Text = Field(description="for people, shown as `note`; nothing of a customer")


class DiscardedView(BaseModel):
    """How many were given up."""

    discarded: int = Field(examples=[1])
    not_open: list[str] = Field(description="those that were closed already", examples=[[]])
