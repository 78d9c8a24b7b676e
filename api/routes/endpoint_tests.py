"""`/v1/endpoints/…`: test events and test orders for an endpoint."""

import asyncio
from contextlib import suppress

from fastapi import APIRouter

from api.auth.key_check import OpsOrPartner
from api.dependencies import Now, Store
from api.event_views import EventView
from api.json_route import JsonRoute
from contracts.endpoints.endpoints import EndpointRehearsal, EndpointTest, Rehearsed
from contracts.ids import EndpointRef
from store.db.database import Database
from store.endpoints import test_events
from store.events.detail import EventDetail, event_detail

router = APIRouter(route_class=JsonRoute, prefix="/v1/endpoints", tags=["endpoints"])

_LONGEST_WAIT_S, _LOOKS_EVERY_S = 2.0, 0.1


@router.post("/{endpoint_id}/test-events", status_code=202, summary="Send a test event")
async def send_test_event(
    endpoint_id: EndpointRef,
    now: Now,
    database: Store,
    caller: OpsOrPartner,
    asked: EndpointTest | None = None,
) -> EventView:
    """Send a test event to this endpoint and to nothing else: no other endpoint, no text.

    It has `is_test: true` and an order, customer and rider that do not exist. It goes the way of
    every event, signed, with retries, also where `event_types` leaves its type out. The call waits
    for the first answer, 2 seconds at most; after that `GET /v1/events/{event_id}` has it.

    409 while the endpoint or its partner is switched off; 429 after 20 in ten minutes.
    """
    event_id = await database.write(
        test_events.accept_test_event,
        endpoint_id,
        (asked or EndpointTest()).event_type,
        now,
        actor=caller.id,
        owner=caller.owner,
    )
    return EventView.of(await _after_first_answer(database, event_id))


@router.post("/{endpoint_id}/rehearsals", status_code=202, summary="Send a test order")
async def send_test_order(
    endpoint_id: EndpointRef,
    now: Now,
    database: Store,
    caller: OpsOrPartner,
    asked: EndpointRehearsal | None = None,
) -> Rehearsed:
    """Send the test events of a whole order to this endpoint and to nothing else: no other
    endpoint, no text.

    They are of one order, with `sequence` from 1 and half an hour between their times, the last
    one now. What becomes of it is the `scenario`: `delivered`; `cash_on_delivery`, paid at the
    door; `failed_then_delivered`, the second time with another OTP; `returned_to_origin`, a cash
    on delivery that failed twice; `customer_return`, after it was delivered. Like real ones they
    may overtake each other, unless the endpoint is `ordered`.

    Each is a test event like any other. The call waits for none of them: `GET /v1/events` with the
    `order_id` has them. 409 while the endpoint or its partner is switched off; 429 where there
    would be more than 20 test events in ten minutes.
    """
    return await database.write(
        test_events.accept_rehearsal,
        endpoint_id,
        (asked or EndpointRehearsal()).scenario,
        now,
        actor=caller.id,
        owner=caller.owner,
    )


async def _after_first_answer(database: Database, event_id: str) -> EventDetail:
    """The event once its first attempt has ended, or as it is when the time is up."""
    detail = await database.read(event_detail, event_id)
    with suppress(TimeoutError):
        async with asyncio.timeout(_LONGEST_WAIT_S):
            while not any(attempt.finished_at for attempt in detail.attempts):
                await asyncio.sleep(_LOOKS_EVERY_S)
                detail = await database.read(event_detail, event_id)
    return detail
