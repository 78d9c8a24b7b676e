"""Customers who want no texts of a partner: seen, added, and let have texts again."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import ValidationError

from contracts.sms.bodies import OptOutCreate
from dashboard.forms import Form
from dashboard.page_context import OwnerPage, PartnerContext, PartnerPage
from dashboard.sms_pages import sms_page
from store.sms import opt_outs

router = APIRouter()

Cursor = Annotated[str | None, Query(max_length=64)]
_ON_A_PAGE = 50


@router.get("/p/{partner_id}/texts/opt-outs")
async def opt_outs_of_partner(context: PartnerPage, cursor: Cursor = None) -> Response:
    """Who is texted no more, the newest first; phones are masked."""
    return await _opt_outs(context, cursor)


@router.post("/p/{partner_id}/texts/opt-outs")
async def add_opt_out(context: OwnerPage, fields: Form) -> Response:
    """Text a customer no more, from the next text on."""
    try:
        asked = OptOutCreate(partner_id=context.owner, phone=fields.text("phone"))
    except ValidationError:
        return await _opt_outs(context, None, 422, fault="opt-outs-phone-fault")
    await context.write(
        opt_outs.add_opt_out, asked, context.now(), actor=context.viewer.actor, owner=context.owner
    )
    return context.go_to("/texts/opt-outs", done="opted-out")


@router.post("/p/{partner_id}/texts/opt-outs/{opt_out_id}/remove")
async def lift_opt_out(context: OwnerPage, opt_out_id: str, _fields: Form) -> Response:
    """Let a customer have texts again, because they asked for it."""
    await context.write(
        opt_outs.lift, opt_out_id, context.now(), actor=context.viewer.actor, owner=context.owner
    )
    return context.go_to("/texts/opt-outs", done="opted-in")


async def _opt_outs(
    context: PartnerContext, cursor: str | None, status: int = 200, *, fault: str | None = None
) -> Response:
    rows = await context.read(
        opt_outs.list_opt_outs,
        owner=context.owner,
        after=cursor,
        limit=_ON_A_PAGE + 1,
        newest_first=True,
    )
    page = rows[:_ON_A_PAGE]
    return await sms_page(
        context,
        "opt_outs",
        "opt-outs",
        status,
        opt_outs=page,
        fault=fault,
        cursor=cursor,
        next_cursor=page[-1].id if len(rows) > _ON_A_PAGE else None,
    )
