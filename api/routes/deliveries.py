"""`/v1/deliveries`: listed, and one sent again, to another phone if need be."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.auth.key_check import OpsOrPartner
from api.cursors import read_cursor
from api.delivery_views import AnswerCode, DeliveryView
from api.dependencies import EventWorkflows, Now, Store
from api.json_route import JsonRoute
from api.pages import Page, cut
from api.queries import PageQuery, QueryTime, ShortText
from api.rows import view_of
from contracts.body import Body, shown_as
from contracts.delivery.messages import RetryRequest
from contracts.delivery.states import Channel, DeliveryState, HoldReason, SkipReason
from contracts.ids import DeliveryRef, EndpointRef, EventRef, PartnerRef
from contracts.payload.fields import Flag, Phone, UtcDatetime
from store.db.keyset import Position
from store.deliveries import search
from store.deliveries.search import DeliveryFilter
from store.events.detail import event_detail, get_delivery
from store.retries import manual

router = APIRouter(route_class=JsonRoute, prefix="/v1/deliveries", tags=["deliveries"])


class DeliveryQuery(PageQuery):
    """The list's filters; all that are set must hold."""

    partner_id: ShortText | None = Field(default=None, examples=["chai-point"])
    endpoint_id: ShortText | None = None
    state: DeliveryState | None = Field(default=None, examples=["dead_lettered"])
    channel: Channel | None = None
    since: QueryTime | None = None
    until: QueryTime | None = None


class DeliverySummary(BaseModel):
    """One delivery; its event has its attempts."""

    id: DeliveryRef
    event_id: EventRef
    partner_id: PartnerRef
    endpoint_id: EndpointRef | None
    channel: Channel | None = Field(examples=["webhook"])
    state: DeliveryState = Field(examples=["dead_lettered"])
    skip_reason: SkipReason | None
    hold_reason: HoldReason | None
    fallback: bool = Field(description="whether it is a text that stands in for a webhook")
    round: int = Field(description="how often the retry schedule was begun", examples=[1])
    last_code: AnswerCode | None = Field(description="of the last answer")
    created_at: UtcDatetime
    next_attempt_at: UtcDatetime | None = Field(examples=[None])
    delivered_at: UtcDatetime | None = Field(examples=[None])


class DeliveryPage(Page[DeliverySummary]):
    """A page, the newest first; `next_cursor` is null on the last one."""


class InspectedDelivery(DeliveryView):
    """One delivery with its attempts, or its SMS, and what it is of."""

    event_id: EventRef
    partner_id: PartnerRef
    created_at: UtcDatetime


class RetryBody(Body):
    """How to send it again."""

    model_config = shown_as(resend=True)

    resend: Flag = Field(
        default=False, description="also one that was delivered, or a text that may have been sent"
    )


class Redirect(Body):
    """The phone that the text is to go to instead of the event's."""

    model_config = shown_as(phone="98450 12345")

    phone: Phone


class RetryTaken(BaseModel):
    """The retry is on its way; ask for the event's status to see it end."""

    delivery_id: DeliveryRef
    event_id: EventRef


@router.get("", summary="List deliveries")
async def list_deliveries(
    database: Store, caller: OpsOrPartner, wanted: Annotated[DeliveryQuery, Query()]
) -> DeliveryPage:
    """The deliveries of a partner or of an endpoint, the newest first, in pages.

    `since` is inclusive, `until` is not; both are times at which the deliveries were made. A key
    that may see every partner names a partner or an endpoint: 422 otherwise.
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


@router.get("/{delivery_id}", summary="Get a delivery")
async def show_delivery(
    delivery_id: DeliveryRef, database: Store, caller: OpsOrPartner
) -> InspectedDelivery:
    """One delivery, with its attempts or texts, and its dead letters."""
    found = await database.read(get_delivery, delivery_id, owner=caller.owner)
    detail = await database.read(event_detail, found.event_id, owner=caller.owner)
    [row] = [one for one in detail.deliveries if one.id == delivery_id]
    return InspectedDelivery.of(row, detail)


@router.post("/{delivery_id}/retry", status_code=202, summary="Retry a delivery")
async def retry_delivery(
    delivery_id: DeliveryRef,
    now: Now,
    database: Store,
    gateway: EventWorkflows,
    caller: OpsOrPartner,
    asked: RetryBody | None = None,
) -> RetryTaken:
    """Send one delivery again: the whole retry schedule, beginning at once.

    A wait between two attempts is cut short. An attempt that is under way ends first; if it
    succeeds, nothing more is sent. It works while the event's workflow runs and after it has ended.

    409 when it was delivered already or is a text that may have been sent (unless `resend`), was
    skipped, discarded or has expired, its endpoint is off or its partner paused, and for a text
    that would come too late or went out 5 times already; 409 `erased` when the event's data was
    erased. 503 when Temporal is away.
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


@router.post("/{delivery_id}/redirect", status_code=202, summary="Send a text to a corrected phone")
async def redirect_text(
    delivery_id: DeliveryRef,
    asked: Redirect,
    now: Now,
    database: Store,
    gateway: EventWorkflows,
    caller: OpsOrPartner,
) -> RetryTaken:
    """Correct the customer's phone for one text, and send it there; the event stays as it was.

    It is for a text that was skipped for its phone, or that could not be delivered. A phone that
    has this text already gets no second one. While the text's OTP is in force, it goes to a phone
    of the same country only, and only where no text of this delivery may have arrived.

    A text that **went to somebody else** is not redirected: whoever has the phone has the text, and
    an OTP opens a door. Correct the number in the OMS and let it send a new event; a new
    `out_for_delivery` brings a new OTP, and the old one ends.

    409 for a webhook, an erased event, a paused partner, a customer who opted out, a test text, and
    a text that was delivered or is under way, would come too late, went out 5 times already, was
    discarded or has expired. 422 for a number that is no mobile number, or of another country while
    an OTP is in force.
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
