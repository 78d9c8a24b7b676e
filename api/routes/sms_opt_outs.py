"""`/v1/sms/opt-outs`: customers who want no texts of a partner."""

from fastapi import APIRouter

from api.auth.key_check import OpsOrPartner
from api.dependencies import Now, Store
from api.json_route import JsonRoute
from api.pages import Page, cut
from api.routes.partners import Cursor, Limit, OfPartner
from api.rows import view_of
from contracts.ids import OptOutRef
from contracts.sms.bodies import OptOutCreate, OptOutPublic
from store.sms import opt_outs
from store.tables import OptOutRow

router = APIRouter(route_class=JsonRoute, prefix="/v1/sms/opt-outs", tags=["texts"])


class OptOutPage(Page[OptOutPublic]):
    """A page; `next_cursor` is null on the last one."""


@router.get("", summary="List opt-outs")
async def list_opt_outs(
    database: Store,
    caller: OpsOrPartner,
    partner_id: OfPartner = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> OptOutPage:
    """The opt-outs in force, of one partner or of all, in pages, in the order they were made."""
    rows = await database.read(
        opt_outs.list_opt_outs,
        partner_id=partner_id,
        owner=caller.owner,
        after=cursor,
        limit=limit + 1,
    )
    page, following = cut(rows, limit, lambda row: row.id)
    return OptOutPage(items=[public(row) for row in page], next_cursor=following)


@router.post("", status_code=201, summary="Opt a customer out")
async def add_opt_out(
    asked: OptOutCreate, now: Now, database: Store, caller: OpsOrPartner
) -> OptOutPublic:
    """Text a customer no more for a partner, from the next text on: their texts are skipped as
    `opted_out`. A customer who is opted out already stays as they are.

    Customers can do it themselves where a text has `{opt_out}`: the link leads to a page with one
    button. Twilio tells us of those who have opted out with it.
    """
    row = await database.write(
        opt_outs.add_opt_out, asked, now, actor=caller.id, owner=caller.owner
    )
    return public(row)


@router.delete("/{opt_out_id}", status_code=204, summary="Lift an opt-out")
async def lift_opt_out(
    opt_out_id: OptOutRef, now: Now, database: Store, caller: OpsOrPartner
) -> None:
    """Let a customer have the partner's texts again. Do it only when the customer asks for it.

    Lifting it again changes nothing.
    """
    await database.write(opt_outs.lift, opt_out_id, now, actor=caller.id, owner=caller.owner)


def public(row: OptOutRow) -> OptOutPublic:
    """An opt-out as it is shown."""
    return view_of(OptOutPublic, row)
