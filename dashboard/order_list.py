"""The list of orders in words: what is asked for, and each line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from contracts.delivery.states import Channel, DeliveryState, EventState
from contracts.payload.events import EventType
from dashboard.customers import customer_shown
from dashboard.date_ranges import DateRange
from dashboard.delivery_views import LATEST_S
from dashboard.state_texts import BAD, GOOD, QUIET, WAITING, StateText, event_said, state_said
from dashboard.translations import Words
from store.events.orders import ListedOrder, OrderFilter
from store.events.search import ListedDelivery

PROBLEMS: Mapping[str, DeliveryState] = {
    "failed": DeliveryState.DEAD_LETTERED,
    "on-hold": DeliveryState.HELD,
    "skipped": DeliveryState.SKIPPED,
}
_TONES: Mapping[EventType, str] = {
    EventType.ORDER_CONFIRMED: QUIET,
    EventType.OUT_FOR_DELIVERY: WAITING,
    EventType.DELIVERED: GOOD,
    EventType.DELIVERY_FAILED: BAD,
    EventType.RETURN_INITIATED: BAD,
}


class OrderSearch(BaseModel):
    """The form as a browser sends it: what nobody has filled in is empty. `until` is the last day
    that is shown; with an `order_id` it is that one order's page."""

    model_config = ConfigDict(hide_input_in_errors=True)

    order_id: str | None = Field(default=None, max_length=500)
    parcel: str = Field(default="", max_length=64)
    problem: str = Field(default="", max_length=64)
    tests: str = Field(default="", max_length=8)
    since: str = Field(default="", max_length=32)
    until: str = Field(default="", max_length=32)
    cursor: str | None = Field(default=None, max_length=300)
    asked: float | None = Field(default=None, ge=0, le=LATEST_S)
    delivery: str = Field(default="", max_length=64)

    @property
    def narrows(self) -> bool:
        """Whether anything at all is searched for."""
        return any((self.parcel, self.problem, self.tests, self.since, self.until))

    def wanted(self, zone: str) -> OrderFilter:
        """What was chosen; a word that is none chooses nothing. NotADay or Reversed for dates that
        bound nothing."""
        days = DateRange.of(self.since, self.until, zone)
        return OrderFilter(
            event_type=EventType(self.parcel) if self.parcel in list(EventType) else None,
            problem=PROBLEMS.get(self.problem),
            without_tests=self.tests == "no",
            since=days.since,
            until=days.until,
        )


@dataclass(frozen=True)
class OrderLine:
    """One order in words. `sms` and `webhooks` are of its last update; each webhook with what its
    endpoint is called."""

    row: ListedOrder
    customer: str | None
    parcel: StateText
    sms: StateText | None
    webhooks: Sequence[tuple[str, StateText]]
    update: StateText | None
    """How far the update itself is, where nothing was planned for it yet."""


def line_of(t: Words, row: ListedOrder, endpoints: Mapping[str, str]) -> OrderLine:
    """One line of the list; `endpoints` are their names by id."""
    facts = row.facts
    texts = [_said(t, one) for one in row.deliveries if one.channel is Channel.SMS]
    return OrderLine(
        row=row,
        customer=customer_shown(t, facts.name, facts.phone) if facts else None,
        parcel=parcel_said(t, row.event_type),
        sms=texts[0] if texts else None,
        webhooks=[
            (endpoints.get(one.endpoint_id or "", one.endpoint_id or ""), _said(t, one))
            for one in row.deliveries
            if one.channel is Channel.WEBHOOK
        ],
        update=None if row.state is EventState.PLANNED else event_said(t, row.state),
    )


def parcel_said(t: Words, event_type: EventType) -> StateText:
    """How a parcel stands after an event."""
    return StateText(t(f"parcel-{event_type}"), _TONES[event_type])


def _said(t: Words, delivery: ListedDelivery) -> StateText:
    return state_said(t, delivery.state, delivery.skip_reason)
