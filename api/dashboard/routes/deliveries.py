"""What a person does about one delivery: send it again, correct the phone that a text goes to."""

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, ValidationError

from api.dashboard.desk import OwnerPage, PartnerDesk, PartnerPage
from api.dashboard.forms import Form
from api.dashboard.routes.one_event import event_page
from contracts.errors import Conflict, EngineUnavailable, Invalid
from contracts.fields import Phone
from contracts.messages import RetryRequest
from store.event_log import get_delivery
from store.outbox import Startable
from store.resending import ask_for_retry, redirect_text

router = APIRouter()


class _Redirect(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    phone: Phone


@router.post("/p/{partner_id}/deliveries/{delivery_id}/retry")
async def retry(desk: PartnerPage, delivery_id: str, fields: Form) -> Response:
    """Send a delivery again, now; one that arrived only where the button says so."""
    resend = fields.has("resend")
    row = await desk.read(get_delivery, delivery_id, owner=desk.owner)
    try:
        event = await desk.write(
            ask_for_retry,
            delivery_id,
            desk.now(),
            resend=resend,
            actor=desk.viewer.actor,
            owner=desk.owner,
        )
        await _signal(desk, event, delivery_id, resend=resend)
    except Conflict as error:
        return await event_page(desk, row.event_id, status=409, fault=str(error))
    except EngineUnavailable:
        fault = desk.words("event-retry-away")
        return await event_page(desk, row.event_id, status=503, fault=fault)
    return desk.go_to(f"/events/{row.event_id}", asked=str(int(desk.now().timestamp())))


@router.post("/p/{partner_id}/deliveries/{delivery_id}/redirect")
async def redirect(desk: OwnerPage, delivery_id: str, fields: Form) -> Response:
    """Send a text to another phone than the event's: it may carry an OTP, so not for members."""
    row = await desk.read(get_delivery, delivery_id, owner=desk.owner)
    try:
        asked = _Redirect.model_validate({"phone": fields.text("phone")})
        event = await desk.write(
            redirect_text,
            delivery_id,
            asked.phone,
            desk.now(),
            actor=desk.viewer.actor,
            owner=desk.owner,
        )
        await _signal(desk, event, delivery_id, resend=True)
    except ValidationError:
        fault = desk.words("event-phone-wrong")
        return await event_page(desk, row.event_id, status=422, phone_fault=fault)
    except Invalid as error:
        return await event_page(desk, row.event_id, status=422, phone_fault=str(error))
    except Conflict as error:
        return await event_page(desk, row.event_id, status=409, phone_fault=str(error))
    except EngineUnavailable:
        fault = desk.words("event-retry-away")
        return await event_page(desk, row.event_id, status=503, phone_fault=fault)
    asked_at = str(int(desk.now().timestamp()))
    return desk.go_to(f"/events/{row.event_id}", done="redirected", asked=asked_at)


async def _signal(desk: PartnerDesk, event: Startable, delivery_id: str, *, resend: bool) -> None:
    request = RetryRequest(desk.viewer.actor, [delivery_id], resend)
    await desk.parts.gateway.request_retry(event, request)
