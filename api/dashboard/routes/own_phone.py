"""The shop owner's own phone: given, and used once the code that was texted to it is typed in."""

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError

from api.dashboard.desk import OwnerPage, PartnerDesk
from api.dashboard.forms import Form
from api.dashboard.routes.texts import Asked, texts_page
from contracts.errors import Conflict, Invalid
from contracts.fields import Phone
from contracts.partners import PartnerChange
from store.partners import change_partner
from store.sms.phone_checks import begin_phone_check, confirm_phone

router = APIRouter(prefix="/p/{partner_id}/texts/phone")

_PHONE: TypeAdapter[str] = TypeAdapter(Phone)


@router.post("")
async def change_phone(desk: OwnerPage, fields: Form) -> Response:
    """Text a code to a new phone: it is used once that is typed in. An empty one is forgotten."""
    actor, now = desk.viewer.actor, desk.now()
    if not fields.text("phone"):
        change = PartnerChange(contact_phone=None)
        await desk.write(change_partner, desk.owner, change, now, actor=actor)
        return desk.go_to("/texts", done="texts-phone-saved")
    rules = desk.parts.text_rules
    try:
        phone = _PHONE.validate_python(fields.text("phone"))
        event_id = await desk.write(
            begin_phone_check, desk.owner, phone, now, actor=actor, rules=rules
        )
    except ValidationError:
        return await _page(desk, 422, desk.words("texts-phone-fault"))
    except Invalid as error:
        return await _page(desk, 422, str(error))
    return desk.go_to("/texts", test=event_id, done="texts-code-sent")


@router.post("/code")
async def confirm(desk: OwnerPage, fields: Form) -> Response:
    """Use the phone whose code this is."""
    try:
        right = await desk.write(
            confirm_phone, desk.owner, fields.text("code"), desk.now(), actor=desk.viewer.actor
        )
    except Conflict:
        return await _page(desk, 409, desk.words("texts-code-over"))
    if not right:
        return await _page(desk, 422, desk.words("texts-code-wrong"))
    return desk.go_to("/texts", done="texts-phone-saved")


async def _page(desk: PartnerDesk, status: int, fault: str) -> Response:
    return await texts_page(desk, Asked(desk.partner.sms_language), status, phone_fault=fault)
