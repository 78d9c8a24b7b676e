"""`/v1/events`: take tracking events, show them, say how they stand."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.auth.key_check import Anyone, Oms, Ops
from api.cursors import read_cursor
from api.dependencies import EventWorkflows, Now, Store, Taking
from api.event_batches import in_turn, read_event
from api.event_queries import EventQuery, EventSearch
from api.event_views import (
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
from api.json_route import JsonRoute
from api.pages import cut
from api.rows import view_of
from contracts.access.callers import Caller
from contracts.delivery.messages import DeliveryStatus, EventStatus
from contracts.delivery.states import NOT_ENDED, EventState
from contracts.ids import EventRef
from contracts.payload.events import TrackingEvent
from contracts.payload.warnings import warnings_of
from store.db.database import Database
from store.events import search
from store.events.acceptance import Refused, start_again
from store.events.detail import EventDetail, event_detail
from store.tables import DeliveryRow

router = APIRouter(route_class=JsonRoute, prefix="/v1/events", tags=["events"])


@router.post("", status_code=202, summary="Send an event")
async def post_event(
    event: TrackingEvent, request: Request, taking: Taking, _caller: Oms
) -> AcceptedView:
    """Take one event. 202 means that it is committed and will be delivered; nothing else is waited
    for.

    - **Again**: the same `event_id` with the same event is taken again without effect, and
      `duplicate` is true; an event that had `failed` goes back into the outbox. The same id with
      another event is a 409.
    - **Groups**: you may send more than the type needs; the payload leaves them out.
    - **Age**: `occurred_at` may be 5 minutes ahead and 7 days old; with `notify: false` it may be
      any age.
    - **Texts** have no control characters but tabs and line breaks, nothing that turns the
      direction of writing, and something to see. `order_id` is one line of at most 255 bytes of
      escaped JSON: 253 letters of ASCII, 42 of Devanagari, 21 emoji.
    - **Nothing**: `""` is null in every field of `data` that may be null.
    - **Phones** are read as people write them: with spaces, dashes, marks that cannot be seen,
      digits of other scripts, `tel:`, `+91` twice, an extension, two in one field (the first
      mobile is taken), or as a number. `""`, `"-"` and `"NA"` are null. `pincode` may be
      `"411 004"` or a number; `currency` and `country` may be in small letters.
    - **OTP**: `otp.valid_until` is after `otp.valid_from`, or it is a 422.
    - **Traces**: a `traceparent` header is continued, where Doorstep traces events.

    `warnings` say what was taken although it cannot be right. The same event sent again has the
    same warnings. More codes may be added:

    - `unreadable`: a phone that cannot be read, an OTP sent as a number with fewer than six digits,
      or a time that may be null and is before 1900 or after 9998. Each is taken as null.
    - `otp_already_over`: `otp.valid_until` is not after `occurred_at`. The code is not sent on.
    - `cod_amount_missing`: `payment_mode` is `cod`, and there is no `cod_amount`.
    - `cod_amount_on_prepaid`: `payment_mode` is `prepaid`, and there is a `cod_amount` above 0. No
      text asks for money.
    - `attempt_beyond_maximum`: `failure.attempt_number` is more than `max_attempts`.
    - `next_attempt_in_the_past`: `failure.next_attempt_at` is not after the attempt.
    - `sequence_repeated`: another event of the order has the same `sequence`.
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


@router.post("/batch", status_code=202, summary="Send up to 500 events")
async def post_batch(batch: EventBatch, taking: Taking, _caller: Oms) -> BatchView:
    """Take up to 500 events in one transaction, with a result for each in the same order.

    Those that are good are taken, whatever is wrong with others: an item that is no object, nested
    too deeply or not even text is `refused` like any other. Sending a batch again is harmless.
    """
    parsed = [item async for item in in_turn(read_event, batch.events)]
    events = [event for event in parsed if isinstance(event, TrackingEvent)]
    outcomes = iter(await taking.take(events) if events else [])

    def said_of(sent: object, item: TrackingEvent | ItemView) -> ItemView:
        if not isinstance(item, TrackingEvent):
            return item
        return ItemView.of(next(outcomes), warnings_of(item, sent))

    return BatchView(items=[one async for one in in_turn(said_of, batch.events, parsed)])


@router.get("", summary="List events")
async def list_events(
    database: Store,
    caller: Anyone,
    wanted: Annotated[EventQuery, Query()],
) -> EventPage:
    """The log of all events, the newest first, in pages. All filters that are given must hold.

    `since` is inclusive, `until` is not; both are times of acceptance.

    `partner_order_ref` shows the events of the orders that have this number; capitals, spaces, `#`
    and dashes make no difference. Of many such orders it is the 100 newest.

    `delivery_state` shows the events with such a delivery, each once, the one whose delivery was
    made last first; `since` and `until` are then for the time when the delivery was made, usually a
    moment after acceptance. A key that may see every partner names a `partner_id`, an `order_id`,
    an `awb_number` or a `partner_order_ref` with it: 422 otherwise.
    """
    return await _list(database, caller, wanted)


@router.post("/search", summary="Find events by their customer")
async def search_events(database: Store, caller: Anyone, wanted: EventSearch) -> EventPage:
    """The same list by what is known of the customer, in a body: a phone or a name in an address
    would stay in the logs of every proxy.

    All filters of `GET /v1/events` are taken. `phone` is read as people write it; with
    `phone_last_four` and `customer_name` (whole words, up to three, whatever their capitals) the
    100 newest orders that have it count. Shown are the events of these orders, until the customer's
    data is erased.
    """
    return await _list(database, caller, wanted)


@router.get("/{event_id}", summary="Get an event")
async def get_event(event_id: EventRef, database: Store, caller: Anyone) -> EventView:
    """One event with its deliveries, their attempts or texts, and their dead letters."""
    detail = await database.read(event_detail, event_id, owner=caller.owner)
    return EventView.of(detail)


@router.get("/{event_id}/status", summary="Get an event's status")
async def get_status(
    event_id: EventRef, database: Store, gateway: EventWorkflows, caller: Anyone
) -> StatusView:
    """How an event stands, in short.

    While a delivery of it has not ended its workflow is asked too, for a second at the most.
    """
    detail = await database.read(event_detail, event_id, owner=caller.owner)
    is_open = any(one.state in NOT_ENDED for one in detail.deliveries)
    live = await gateway.status(event_id) if is_open else None
    return _status_view(detail, live)


@router.post("/{event_id}/start", status_code=202, summary="Start a failed event again")
async def start_event(event_id: EventRef, database: Store, now: Now, caller: Ops) -> StartedView:
    """Put an event that `failed` back into the outbox, once what kept it from starting is over.

    One that did not fail stays as it is. `doorstep events restart --failed` does it for all.
    """
    state = await database.write(start_again, event_id, now, actor=caller.id)
    return StartedView(event_id=event_id, state=state)


async def _list(database: Database, caller: Caller, wanted: EventQuery) -> EventPage:
    rows = await database.read(
        search.list_events,
        wanted.as_filter(),
        owner=caller.owner,
        after=read_cursor(wanted.cursor),
        limit=wanted.limit + 1,
    )
    page, following = cut(rows, wanted.limit, lambda row: row.place)
    return EventPage(items=[view_of(ListedEventView, row) for row in page], next_cursor=following)


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
        endpoint_host=said.host if said else None,
        hold_reason=row.hold_reason,
        last_code=row.last_code,
    )
