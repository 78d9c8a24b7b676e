"""What `/v1/events` may be asked for."""

from dataclasses import replace
from typing import Annotated

from pydantic import AfterValidator, Field, Strict, StringConstraints

from api.queries import LongText, PageQuery, QueryTime, ShortText
from contracts.delivery.states import DeliveryState, EventState
from contracts.payload.events import EventType
from contracts.payload.fields import Phone
from contracts.payload.search_terms import name_words
from contracts.payload.text import Text
from store.events.filters import EventFilter


def _a_name(name: str) -> str:
    if not name_words(name):
        raise ValueError("send a name: a word of two letters or more")
    return name


LastFour = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$"), Field(examples=["3210"])]
CustomerName = Annotated[Text, AfterValidator(_a_name), Field(examples=["Meena Rao"])]


class EventQuery(PageQuery):
    """The log's filters; all that are set must hold."""

    partner_id: ShortText | None = Field(default=None, examples=["chai-point"])
    order_id: LongText | None = None
    awb_number: LongText | None = None
    partner_order_ref: LongText | None = Field(
        default=None, description="the merchant's own number of the order", examples=["#1042"]
    )
    event_type: EventType | None = Field(default=None, examples=["out_for_delivery"])
    state: EventState | None = Field(default=None, description="of the event")
    delivery_state: DeliveryState | None = None
    since: QueryTime | None = None
    until: QueryTime | None = None

    def as_filter(self) -> EventFilter:
        """The filter that the store understands."""
        return EventFilter(
            partner_id=self.partner_id,
            order_id=self.order_id,
            awb_number=self.awb_number,
            partner_order_ref=self.partner_order_ref,
            event_type=self.event_type,
            state=self.state,
            delivery_state=self.delivery_state,
            since=self.since,
            until=self.until,
        )


class EventSearch(EventQuery):
    """The log's filters, and what is known of the customer; all that are set must hold."""

    phone: Phone | None = None
    phone_last_four: LastFour | None = None
    customer_name: CustomerName | None = None
    limit: Annotated[int, Strict(), Field(ge=1, le=100, description="how many on one page")] = 50

    def as_filter(self) -> EventFilter:
        """The filter that the store understands."""
        return replace(
            super().as_filter(),
            phone=self.phone,
            phone_last_four=self.phone_last_four,
            customer_name=self.customer_name,
        )
