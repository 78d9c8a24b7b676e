"""The shop owner's own phone: given, and used once the code that was texted to it is typed in."""

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError

from contracts.errors import Conflict, Invalid
from contracts.partners import PartnerChange
from contracts.payload.fields import Phone
from dashboard.forms import Form
from dashboard.page_context import OwnerPage, PartnerContext
from dashboard.routes.sms_settings import settings_page
from store.partners.partners import change_partner
from store.sms.phone_checks import (
    begin_check_of_contact_phone,
    begin_phone_check,
    confirm_phone,
)

router = APIRouter(prefix="/p/{partner_id}/texts/phone")

_PHONE: TypeAdapter[str] = TypeAdapter(Phone)


@router.post("")
async def change_phone(context: OwnerPage, fields: Form) -> Response:
    """Text a code to a new phone: it is used once that is typed in. An empty one is forgotten."""
    actor, now = context.viewer.actor, context.now()
    if not fields.text("phone"):
        change = PartnerChange(contact_phone=None)
        await context.write(change_partner, context.owner, change, now, actor=actor)
        return context.go_to("/texts/settings", done="texts-phone-forgotten")
    rules = context.parts.text_rules
    try:
        phone = _PHONE.validate_python(fields.text("phone"))
        await context.write(begin_phone_check, context.owner, phone, now, actor=actor, rules=rules)
    except ValidationError:
        return await _page(context, 422, context.words("texts-phone-fault"))
    except Invalid as error:
        return await _page(context, 422, context.refused(error))
    return context.go_to("/texts/settings", done="texts-code-sent")


@router.post("/confirm")
async def confirm_known_phone(context: OwnerPage, _fields: Form) -> Response:
    """Text a code to the phone that there is, which nobody has confirmed yet."""
    rules, actor = context.parts.text_rules, context.viewer.actor
    try:
        await context.write(
            begin_check_of_contact_phone, context.owner, context.now(), actor=actor, rules=rules
        )
    except Invalid as error:
        return await _page(context, 422, context.refused(error))
    return context.go_to("/texts/settings", done="texts-code-sent")


@router.post("/code")
async def confirm(context: OwnerPage, fields: Form) -> Response:
    """Use the phone whose code this is."""
    try:
        right = await context.write(
            confirm_phone,
            context.owner,
            fields.code("code"),
            context.now(),
            actor=context.viewer.actor,
        )
    except Conflict:
        return await _page(context, 409, context.words("texts-code-over"))
    if not right:
        return await _page(context, 422, context.words("texts-code-wrong"))
    return context.go_to("/texts/settings", done="texts-phone-saved")


async def _page(context: PartnerContext, status: int, fault: str) -> Response:
    return await settings_page(context, status, phone_fault=fault)
