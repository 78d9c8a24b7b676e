"""`/v1/events`: take tracking events, show them, say how they stand."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import TypeAdapter, ValidationError

from api.auth.key_check import Anyone, Oms, Ops
from api.cursors import read_cursor
from api.dependencies import EventWorkflows, Now, Store, Taking
from api.json_route import JsonRoute
from api.pages import cut
from api.problems import faults_of
from api.queries import LongText, PageQuery, QueryTime, ShortText
from api.rows import view_of
from api.views import (
    AcceptedView,
    BatchView,
    DeliveryStatusView,
    EventBatch,
    EventPage,
    EventView,
    ItemView,
    ListedEventView,
    StartedView,
    StatusView,
    all_warnings,
)
from contracts.delivery.messages import DeliveryStatus, EventStatus
from contracts.delivery.states import NOT_ENDED, DeliveryState, EventState
from contracts.ids import EventId
from contracts.payload.events import EventType, TrackingEvent
from contracts.payload.warnings import warnings_of
from store.events import search
from store.events.acceptance import Refused, start_again
from store.events.detail import EventDetail, event_detail
from store.events.filters import EventFilter
from store.tables import DeliveryRow

router = APIRouter(route_class=JsonRoute, prefix="/v1/events", tags=["events"])

_EVENT_ID: TypeAdapter[str] = TypeAdapter(EventId)


class EventQuery(PageQuery):
    """The log's filters; all that are set must hold."""

    partner_id: ShortText | None = None
    order_id: LongText | None = None
    awb_number: LongText | None = None
    event_type: EventType | None = None
    state: EventState | None = None
    delivery_state: DeliveryState | None = None
    since: QueryTime | None = None
    until: QueryTime | None = None

    def as_filter(self) -> EventFilter:
        """The filter that the store understands."""
        return EventFilter(
            partner_id=self.partner_id,
            order_id=self.order_id,
            awb_number=self.awb_number,
            event_type=self.event_type,
            state=self.state,
            delivery_state=self.delivery_state,
            since=self.since,
            until=self.until,
        )


@router.post("", status_code=202)
async def post_event(
    event: TrackingEvent, request: Request, taking: Taking, _caller: Oms
) -> AcceptedView:
    """Take one event. 202 means that it is committed and will be delivered.

    The same id with the same body is taken again without effect; with another body it is a 409.
    `warnings` name what cannot be right: a phone that cannot be read was taken as null, say.
    """
    [outcome] = await taking.take([event])
    if isinstance(outcome, Refused):
        raise outcome.error
    return AcceptedView(
        event_id=outcome.event_id,
        state=outcome.state,
        duplicate=outcome.duplicate,
        warnings=all_warnings(outcome, warnings_of(event, await request.json())),
    )


@router.post("/batch", status_code=202)
async def post_batch(batch: EventBatch, taking: Taking, _caller: Oms) -> BatchView:
    """Take up to 500 events in one transaction, with a result for each in the same order.

    The good ones are taken whatever is wrong with others; sending a batch again is harmless.
    """
    parsed = [_parse(item) for item in batch.events]
    events = [event for event in parsed if isinstance(event, TrackingEvent)]
    outcomes = iter(await taking.take(events) if events else [])
    return BatchView(
        items=[
            ItemView.of(next(outcomes), warnings_of(item, sent))
            if isinstance(item, TrackingEvent)
            else item
            for item, sent in zip(parsed, batch.events, strict=True)
        ]
    )


@router.get("")
async def list_events(
    database: Store,
    caller: Anyone,
    wanted: Annotated[EventQuery, Query()],
) -> EventPage:
    """The event log, the newest first, in pages. `since` is inclusive, `until` is not.

    `delivery_state` shows the events with such a delivery, by when that was made. 422 where neither
    a partner nor an order or AWB number is named with it.
    """
    rows = await database.read(
        search.list_events,
        wanted.as_filter(),
        owner=caller.owner,
        after=read_cursor(wanted.cursor),
        limit=wanted.limit + 1,
    )
    page, following = cut(rows, wanted.limit, lambda row: row.place)
    return EventPage(items=[view_of(ListedEventView, row) for row in page], next_cursor=following)


@router.get("/{event_id}")
async def get_event(event_id: str, database: Store, caller: Anyone) -> EventView:
    """One event with its deliveries and every attempt."""
    detail = await database.read(event_detail, event_id, owner=caller.owner)
    return EventView.of(detail)


@router.get("/{event_id}/status")
async def get_status(
    event_id: str, database: Store, gateway: EventWorkflows, caller: Anyone
) -> StatusView:
    """How an event stands: from the store, and from its workflow when it answers in a second.

    The workflow is asked only while a delivery of it has not ended.
    """
    detail = await database.read(event_detail, event_id, owner=caller.owner)
    is_open = any(one.state in NOT_ENDED for one in detail.deliveries)
    live = await gateway.status(event_id) if is_open else None
    return _status_view(detail, live)


@router.post("/{event_id}/start", status_code=202)
async def start_event(event_id: str, database: Store, now: Now, caller: Ops) -> StartedView:
    """Put an event that failed back into the outbox; whatever kept it from being started is over.

    One that did not fail stays as it is.
    """
    state = await database.write(start_again, event_id, now, actor=caller.id)
    return StartedView(event_id=event_id, state=state)


def _parse(item: object) -> TrackingEvent | ItemView:
    """One event of a batch, or what is wrong with it."""
    try:
        return TrackingEvent.model_validate(item)
    except ValidationError as error:
        lines = error.errors(include_url=False, include_context=False)
        return ItemView(
            event_id=_event_id_of(item),
            state="refused",
            duplicate=False,
            errors=faults_of(lines),
        )


def _event_id_of(item: object) -> str | None:
    """The id of a refused event, where it is one: anything else may be too long to be echoed, or
    not even text."""
    try:
        return _EVENT_ID.validate_python(item.get("event_id") if isinstance(item, dict) else None)
    except ValidationError:
        return None


def _status_view(detail: EventDetail, live: EventStatus | None) -> StatusView:
    said = {one.delivery_id: one for one in live.deliveries} if live else {}
    return StatusView(
        event_id=detail.event.event_id,
        state=EventState(detail.event.state),
        live=live is not None,
        deliveries=[_delivery_status(row, said.get(row.id)) for row in detail.deliveries],
    )


def _delivery_status(row: DeliveryRow, said: DeliveryStatus | None) -> DeliveryStatusView:
    return DeliveryStatusView(
        delivery_id=row.id,
        channel=row.channel,
        state=row.state,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        waits_for=said.waits_for if said else None,
    )
