"""`/v1/deliveries`: listed, and one sent again, to another phone if need be."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.auth.key_check import OpsOrPartner
from api.cursors import read_cursor
from api.dependencies import EventWorkflows, Now, Store
from api.json_route import JsonRoute
from api.pages import Page, cut
from api.queries import PageQuery, QueryTime, ShortText
from api.rows import view_of
from contracts.body import Body
from contracts.delivery.messages import RetryRequest
from contracts.delivery.states import Channel, DeliveryState, HoldReason, SkipReason
from contracts.payload.fields import Flag, Phone, UtcDatetime
from store.db.keyset import Position
from store.deliveries import search
from store.deliveries.search import DeliveryFilter
from store.retries import manual

router = APIRouter(route_class=JsonRoute, prefix="/v1/deliveries", tags=["deliveries"])


class DeliveryQuery(PageQuery):
    """The list's filters; all that are set must hold."""

    partner_id: ShortText | None = None
    endpoint_id: ShortText | None = None
    state: DeliveryState | None = None
    channel: Channel | None = None
    since: QueryTime | None = None
    until: QueryTime | None = None


class DeliverySummary(BaseModel):
    """One delivery; its event has its attempts."""

    id: str
    event_id: str
    partner_id: str
    endpoint_id: str | None
    channel: Channel | None
    state: DeliveryState
    skip_reason: SkipReason | None
    hold_reason: HoldReason | None
    fallback: bool
    round: int
    last_code: str | None
    created_at: UtcDatetime
    next_attempt_at: UtcDatetime | None
    delivered_at: UtcDatetime | None


class DeliveryPage(Page[DeliverySummary]):
    """A page, the newest first; `next_cursor` is null on the last one."""


class RetryBody(Body):
    """`resend` sends a delivery again that was delivered already, or a text that may have been."""

    resend: Flag = False


class Redirect(Body):
    """The phone that the text is to go to instead of the event's."""

    phone: Phone


class RetryTaken(BaseModel):
    """The retry is on its way; ask for the event's status to see it end."""

    delivery_id: str
    event_id: str


@router.get("")
async def list_deliveries(
    database: Store, caller: OpsOrPartner, wanted: Annotated[DeliveryQuery, Query()]
) -> DeliveryPage:
    """Deliveries of a partner or of an endpoint, the newest first, in pages.

    `since` is inclusive, `until` is not; both are times at which they were made. 422 where a key of
    ops names neither a partner nor an endpoint.
    """
    rows = await database.read(
        search.list_deliveries,
        DeliveryFilter(**wanted.model_dump(exclude={"cursor", "limit"})),
        owner=caller.owner,
        after=read_cursor(wanted.cursor),
        limit=wanted.limit + 1,
    )
    page, following = cut(rows, wanted.limit, lambda row: Position(row.created_at, row.id))
    return DeliveryPage(
        items=[view_of(DeliverySummary, row) for row in page], next_cursor=following
    )


@router.post("/{delivery_id}/retry", status_code=202)
async def retry_delivery(
    delivery_id: str,
    now: Now,
    database: Store,
    gateway: EventWorkflows,
    caller: OpsOrPartner,
    asked: RetryBody | None = None,
) -> RetryTaken:
    """Run the whole retry schedule again, beginning at once; a backoff is cut short.

    409 when it was delivered already or is a text that may have been sent (unless `resend`), was
    skipped or erased, or its endpoint or its partner is off.
    """
    resend = asked is not None and asked.resend
    event = await database.write(
        manual.ask_for_retry,
        delivery_id,
        now,
        resend=resend,
        actor=caller.id,
        owner=caller.owner,
    )
    request = RetryRequest(requested_by=caller.id, delivery_ids=[delivery_id], resend=resend)
    await gateway.request_retry(event, request)
    return RetryTaken(delivery_id=delivery_id, event_id=event.event_id)


@router.post("/{delivery_id}/redirect", status_code=202)
async def redirect_text(
    delivery_id: str,
    asked: Redirect,
    now: Now,
    database: Store,
    gateway: EventWorkflows,
    caller: OpsOrPartner,
) -> RetryTaken:
    """Correct the customer's phone for this text, and send it there; the event stays as it was.

    Only where it could not be delivered or was skipped for its phone; while its OTP is in force,
    only where it certainly has not arrived, and to a phone of the same country. 409 for everything
    else, a webhook, an erased event, a paused partner, and a customer who opted out; 422 for a
    number that cannot be texted, or not there.
    """
    event = await database.write(
        manual.redirect_text,
        delivery_id,
        asked.phone,
        now,
        actor=caller.id,
        owner=caller.owner,
    )
    request = RetryRequest(requested_by=caller.id, delivery_ids=[delivery_id], resend=True)
    await gateway.request_retry(event, request)
    return RetryTaken(delivery_id=delivery_id, event_id=event.event_id)
