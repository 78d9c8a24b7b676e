"""`/p/{partner_id}/set-up`: what is left to do until real events flow."""

from fastapi import APIRouter
from fastapi.responses import Response

from contracts.errors import Conflict
from dashboard.forms import Form
from dashboard.page_context import OwnerPage, PartnerPage
from dashboard.set_up import set_up_for
from store.partners.set_up import hide_set_up

router = APIRouter()


@router.get("/p/{partner_id}/set-up")
async def set_up(context: PartnerPage) -> Response:
    """The steps with their state. Each is ticked by what is there, none by a click."""
    return context.page("set_up", set_up=await set_up_for(context))


@router.post("/p/{partner_id}/set-up/hide")
async def hide(context: OwnerPage, _fields: Form) -> Response:
    """Show it on the overview no more. Conflict before everything is done."""
    if not (await set_up_for(context)).is_done:
        raise Conflict("the set-up is not done yet: finish its steps first")
    await context.write(hide_set_up, context.owner, context.now())
    return context.go_to("", done="set-up-hidden")
