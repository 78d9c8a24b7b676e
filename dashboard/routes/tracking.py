"""The tracking page for customers: its switch, colour and logo; and the link of one order."""

from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from contracts.errors import Conflict, Invalid, NotFound
from contracts.instructions.words import InstructionAction
from contracts.partners import PartnerChange
from contracts.tracking.links import PAGE_PATH
from contracts.tracking.logos import MOST_LOGO_BYTES, MOST_LOGO_SIDE, read_logo
from dashboard.forms import Form
from dashboard.page_context import OwnerPage, PartnerContext, PartnerPage
from store.partners.partners import change_partner
from store.tracking.links import LinkedOrder, give_link, revoke_link
from store.tracking.logos import put_logo, remove_logo
from web_forms import Fields

router = APIRouter()

_FIRST_COLOR = "#1d4f91"


@router.get("/p/{partner_id}/tracking")
async def tracking_settings(context: OwnerPage) -> Response:
    """How the tracking page looks, and the forms to change it."""
    return _settings(context)


@router.post("/p/{partner_id}/tracking")
async def change_tracking(context: OwnerPage, fields: Form) -> Response:
    """Change what is in the form: a switch, or the colour."""
    switches = {
        name: fields.text(name) == "yes"
        for name in ("tracking_enabled", "tracking_url_in_payload")
        if fields.has(name)
    }
    answers = _answers(fields) if fields.has("answers") else {}
    try:
        asked = PartnerChange.model_validate({**switches, **_color(fields), **answers})
    except ValidationError:
        return _settings(context, 422, fault=context.words("tracking-fault-color"))
    await context.write(
        change_partner,
        context.owner,
        asked,
        context.now(),
        actor=context.viewer.actor,
        by_ops=context.viewer.is_ops,
    )
    return context.go_to("/tracking", done="tracking-saved")


@router.post("/p/{partner_id}/tracking/logo")
async def upload_logo(context: OwnerPage, fields: Form) -> Response:
    """Show the uploaded picture from now on."""
    try:
        logo = read_logo(fields.file("logo"))
    except Invalid as error:
        fault = context.words("tracking-fault-logo", reason=context.refused(error))
        return _settings(context, 422, fault=fault)
    actor = context.viewer.actor
    await context.write(put_logo, context.owner, logo, context.now(), actor=actor)
    return context.go_to("/tracking", done="tracking-saved")


@router.post("/p/{partner_id}/tracking/logo/remove")
async def take_logo_away(context: OwnerPage, _fields: Form) -> Response:
    """Show no picture any more."""
    actor = context.viewer.actor
    await context.write(remove_logo, context.owner, context.now(), actor=actor)
    return context.go_to("/tracking", done="tracking-saved")


@router.post("/p/{partner_id}/orders/link")
async def open_page(
    context: PartnerPage, order_id: Annotated[str, Query(max_length=500)], fields: Form
) -> Response:
    """Open the page of an order, as its customer sees it."""
    order = _order(context, order_id, fields)
    actor = context.viewer.actor
    try:
        token, _ = await context.write(
            give_link, order, context.now(), actor=actor, owner=context.owner
        )
    except Conflict:
        return context.go_to("/tracking")
    return RedirectResponse(f"{PAGE_PATH}/{token}", status_code=303)


@router.post("/p/{partner_id}/orders/link/revoke")
async def revoke(
    context: PartnerPage, order_id: Annotated[str, Query(max_length=500)], fields: Form
) -> Response:
    """End the link of an order; one that was never made has ended already."""
    order = _order(context, order_id, fields)
    actor = context.viewer.actor
    with suppress(NotFound):
        await context.write(revoke_link, order, context.now(), actor=actor, owner=context.owner)
    return context.go_to("/orders", order_id=order_id, done="tracking-link-ended")


def _order(context: PartnerContext, order_id: str, fields: Fields) -> LinkedOrder:
    return LinkedOrder(context.owner, order_id, fields.text("is_test") == "yes")


def _answers(fields: Fields) -> dict[str, Any]:
    """What customers may ask for after a failed delivery; all that there is counts as no limit."""
    chosen = [one.value for one in InstructionAction if one.value in fields.texts("actions")]
    return {
        "instruction_actions": None if len(chosen) == len(InstructionAction) else chosen,
        "no_sundays": fields.has("no_sundays"),
        "instruction_reminder": fields.has("instruction_reminder"),
    }


def _color(fields: Fields) -> dict[str, str | None]:
    return {"brand_color": fields.text("brand_color") or None} if fields.has("brand_color") else {}


def _settings(context: PartnerContext, status: int = 200, *, fault: str | None = None) -> Response:
    allowed = context.partner.instruction_actions
    return context.page(
        "tracking",
        status,
        fault=fault,
        color=context.partner.brand_color or _FIRST_COLOR,
        actions=list(InstructionAction),
        allowed=list(InstructionAction) if allowed is None else allowed,
        is_reached=context.parts.text_rules.public_url is not None,
        most_kb=MOST_LOGO_BYTES // 1024,
        most_side=MOST_LOGO_SIDE,
    )
