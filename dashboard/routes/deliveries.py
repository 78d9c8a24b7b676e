"""What a person does about one delivery: send it again, correct the phone that a text goes to."""

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, ValidationError

from contracts.delivery.messages import RetryRequest
from contracts.errors import Conflict, EngineUnavailable, Invalid
from contracts.payload.fields import Phone
from dashboard.forms import Form
from dashboard.order_page import order_page
from dashboard.page_context import OwnerPage, PartnerContext, PartnerPage
from dashboard.routes.one_event import event_page
from store.events.detail import get_delivery
from store.events.outbox import Startable
from store.retries.manual import ask_for_retry, redirect_text
from store.tables import DeliveryRow
from web_forms import Fields

router = APIRouter()

_ORDER = "order_id"
"""A field of the buttons on an order's page."""


class _Redirect(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    phone: Phone


@router.post("/p/{partner_id}/deliveries/{delivery_id}/retry")
async def retry(context: PartnerPage, delivery_id: str, fields: Form) -> Response:
    """Send a delivery again, now; one that arrived only where the button says so."""
    resend = fields.has("resend")
    row = await context.read(get_delivery, delivery_id, owner=context.owner)
    try:
        event = await context.write(
            ask_for_retry,
            delivery_id,
            context.now(),
            resend=resend,
            actor=context.viewer.actor,
            owner=context.owner,
        )
        await _signal(context, event, delivery_id, resend=resend)
    except Conflict as error:
        return await _not_retried(context, row, fields, 409, context.refused(error))
    except EngineUnavailable:
        fault = context.words("event-retry-away")
        return await _not_retried(context, row, fields, 503, fault)
    asked = _asked(context, delivery_id)
    if fields.has(_ORDER):
        return context.go_to("/orders", order_id=event.order_id, **asked)
    return context.go_to(f"/events/{row.event_id}", **asked)


async def _not_retried(
    context: PartnerContext, row: DeliveryRow, fields: Fields, status: int, fault: str
) -> Response:
    """The page that the button is on, with why."""
    if fields.has(_ORDER):
        return await order_page(context, fields.text(_ORDER), status, retry_fault=fault)
    return await event_page(context, row.event_id, status=status, fault=fault)


@router.post("/p/{partner_id}/deliveries/{delivery_id}/redirect")
async def redirect(context: OwnerPage, delivery_id: str, fields: Form) -> Response:
    """Send a text to another phone than the event's: it may carry an OTP, so not for members."""
    row = await context.read(get_delivery, delivery_id, owner=context.owner)
    try:
        asked = _Redirect.model_validate({"phone": fields.text("phone")})
        event = await context.write(
            redirect_text,
            delivery_id,
            asked.phone,
            context.now(),
            actor=context.viewer.actor,
            owner=context.owner,
        )
        await _signal(context, event, delivery_id, resend=True)
    except ValidationError:
        fault = context.words("event-phone-wrong")
        return await event_page(context, row.event_id, status=422, phone_fault=fault)
    except Invalid as error:
        return await event_page(
            context, row.event_id, status=422, phone_fault=context.refused(error)
        )
    except Conflict as error:
        return await event_page(
            context, row.event_id, status=409, phone_fault=context.refused(error)
        )
    except EngineUnavailable:
        fault = context.words("event-retry-away")
        return await event_page(context, row.event_id, status=503, phone_fault=fault)
    asked_at = _asked(context, delivery_id)
    return context.go_to(f"/events/{row.event_id}", done="redirected", **asked_at)


def _asked(context: PartnerContext, delivery_id: str) -> dict[str, str]:
    """What the page is told of the wish, so that it shows at once."""
    return {"asked": str(context.now().timestamp()), "delivery": delivery_id}


async def _signal(
    context: PartnerContext, event: Startable, delivery_id: str, *, resend: bool
) -> None:
    request = RetryRequest(context.viewer.actor, [delivery_id], resend)
    await context.parts.gateway.request_retry(event, request)
