"""Dead letters as the API takes and shows them."""

from dataclasses import fields
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from api.pages import Page
from api.queries import PageCursor, PageLimit, QueryTime, ShortText
from api.views import DeliveryView
from contracts.body import Body
from contracts.delivery.states import Channel, DeadLetterReason, DeadLetterResolution
from contracts.payload.events import EventType
from contracts.payload.fields import Flag, Text, UtcDatetime
from store.dead_letters.queue import DeadLetterFilter
from store.retries.dead_letters import MOST_AT_ONCE

DeadLetterId = Annotated[ShortText, Field(min_length=1)]
DeadLetterIds = Annotated[list[DeadLetterId], Field(min_length=1, max_length=MOST_AT_ONCE)]
_FILTERS = {one.name for one in fields(DeadLetterFilter)}


class WhichDeadLetters(Body):
    """Filters; all that are set must hold. `since` is inclusive, `until` is not."""

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
    """The queue's filters: what is open, or with `open` false what is closed."""

    since: QueryTime | None = None
    until: QueryTime | None = None
    open: bool = True
    cursor: PageCursor | None = None
    limit: PageLimit = 50


class ListedDeadLetterView(BaseModel):
    """One dead letter, and what it is of."""

    id: str
    delivery_id: str
    event_id: str
    order_id: str
    event_type: EventType
    partner_id: str
    channel: Channel | None
    endpoint_id: str | None
    reason: DeadLetterReason
    code: str | None = Field(description="the last answer's")
    created_at: UtcDatetime
    expires_at: UtcDatetime = Field(description="from then on it can no longer be sent")
    resolved_at: UtcDatetime | None = Field(description="null while it is open")
    resolution: DeadLetterResolution | None
    resolved_by: str | None = Field(description="who discarded it")
    note: str | None = Field(description="why it was discarded")


class DeadLetterPage(Page[ListedDeadLetterView]):
    """A page of the queue, the newest first; `next_cursor` is null on the last one."""


class InspectedDeadLetterView(ListedDeadLetterView):
    """One dead letter with its delivery: every attempt, or every text."""

    delivery: DeliveryView


class RetryManyBody(Body):
    """Either the ids of up to 100 dead letters, or a filter: then the oldest 100 of its open ones.

    `cursor` goes on where the last call with this filter ended. `resend`, with ids only, sends
    texts once more that may have been sent.
    """

    ids: DeadLetterIds | None = None
    filter: WhichDeadLetters | None = None
    cursor: PageCursor | None = None
    resend: Flag = False

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

    id: str
    delivery_id: str
    event_id: str


class RefusedView(BaseModel):
    """A dead letter that cannot be sent again now, and why."""

    id: str
    reason: str


class RetriesTaken(BaseModel):
    """What became of each. `remaining` counts those of the filter that come after these;
    `next_cursor` leads there."""

    accepted: list[AcceptedRetryView]
    refused: list[RefusedView]
    remaining: int
    next_cursor: str | None


class DiscardRequest(Body):
    """Which to give up, and why; `reason` is for people, and nothing of a customer."""

    ids: DeadLetterIds
    reason: Text


class DiscardedView(BaseModel):
    """How many were given up; `not_open` were closed already."""

    discarded: int
    not_open: list[str]
