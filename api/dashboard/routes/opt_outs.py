"""Customers who want no texts of a partner: seen, added, and let have texts again."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import ValidationError

from api.dashboard.desk import OwnerPage, PartnerDesk, PartnerPage
from api.dashboard.forms import Form
from contracts.sms.bodies import OptOutCreate
from store.sms import opt_outs

router = APIRouter()

Cursor = Annotated[str | None, Query(max_length=64)]
_ON_A_PAGE = 50


@router.get("/p/{partner_id}/texts/opt-outs")
async def opt_outs_of_partner(desk: PartnerPage, cursor: Cursor = None) -> Response:
    """Who is texted no more, the newest first; phones are masked."""
    return await _opt_outs(desk, cursor)


@router.post("/p/{partner_id}/texts/opt-outs")
async def add_opt_out(desk: OwnerPage, fields: Form) -> Response:
    """Text a customer no more, from the next text on."""
    try:
        asked = OptOutCreate(partner_id=desk.owner, phone=fields.text("phone"))
    except ValidationError:
        return await _opt_outs(desk, None, 422, fault="opt-outs-phone-fault")
    await desk.write(
        opt_outs.add_opt_out, asked, desk.now(), actor=desk.viewer.actor, owner=desk.owner
    )
    return desk.go_to("/texts/opt-outs", done="opted-out")


@router.post("/p/{partner_id}/texts/opt-outs/{opt_out_id}/remove")
async def lift_opt_out(desk: OwnerPage, opt_out_id: str, _fields: Form) -> Response:
    """Let a customer have texts again, because they asked for it."""
    await desk.write(
        opt_outs.lift, opt_out_id, desk.now(), actor=desk.viewer.actor, owner=desk.owner
    )
    return desk.go_to("/texts/opt-outs", done="opted-in")


async def _opt_outs(
    desk: PartnerDesk, cursor: str | None, status: int = 200, *, fault: str | None = None
) -> Response:
    rows = await desk.read(
        opt_outs.list_opt_outs,
        owner=desk.owner,
        after=cursor,
        limit=_ON_A_PAGE + 1,
        newest_first=True,
    )
    page = rows[:_ON_A_PAGE]
    return desk.page(
        "opt_outs",
        status,
        opt_outs=page,
        fault=fault,
        cursor=cursor,
        next_cursor=page[-1].id if len(rows) > _ON_A_PAGE else None,
    )
