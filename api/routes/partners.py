"""`/v1/partners`: create, read and change merchants."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlmodel import Session

from api.auth.key_check import Ops, OpsOrPartner
from api.dependencies import Now, Store
from api.etags import IfMatch, require_match, tagged
from api.json_route import JsonRoute
from api.pages import Page, cut
from api.queries import PageCursor, PageLimit, ShortText
from api.rows import view_of
from contracts.access.callers import Caller
from contracts.errors import Invalid
from contracts.ids import PartnerRef
from contracts.partners import PartnerChange, PartnerCreate, PartnerPublic
from store.partners import partners
from store.tables import PartnerRow

router = APIRouter(route_class=JsonRoute, prefix="/v1/partners", tags=["partners"])

Limit = Annotated[PageLimit, Query()]
Cursor = Annotated[PageCursor | None, Query()]
OfPartner = Annotated[
    ShortText | None, Query(description="of this partner alone", examples=["chai-point"])
]


class PartnerPage(Page[PartnerPublic]):
    """A page; `next_cursor` is null on the last one."""


@router.post("", status_code=201, summary="Create a partner")
async def create_partner(
    asked: PartnerCreate, now: Now, database: Store, caller: Ops
) -> PartnerPublic:
    """Add a merchant. Its tier sets its defaults and limits; which webhooks are sent, each endpoint
    says itself. 409 when the id is taken."""
    row = await database.write(partners.create_partner, asked, now, actor=caller.id)
    return public(row)


@router.get("", summary="List partners")
async def list_partners(
    database: Store, _caller: Ops, limit: Limit = 50, cursor: Cursor = None
) -> PartnerPage:
    """All partners, in pages, in the order of their ids."""
    rows = await database.read(partners.list_partners, after=cursor, limit=limit + 1)
    page, following = cut(rows, limit, lambda row: row.id)
    return PartnerPage(items=[public(row) for row in page], next_cursor=following)


@router.get("/{partner_id}", summary="Get a partner")
async def get_partner(
    partner_id: PartnerRef, database: Store, caller: OpsOrPartner, response: Response
) -> PartnerPublic:
    """One partner; a partner's key reads its own."""
    row = await database.read(partners.get_partner, partner_id, owner=caller.owner)
    return tagged(public(row), response)


@router.patch("/{partner_id}", summary="Change a partner")
async def change_partner(
    partner_id: PartnerRef,
    asked: PartnerChange,
    now: Now,
    database: Store,
    caller: Ops,
    response: Response,
    if_match: IfMatch = None,
) -> PartnerPublic:
    """Change what is sent; what is left out stays. It holds for events planned from then on.

    - A new `tier` brings its limits: endpoints, event filters and headers at once, requests a
      minute within 10 seconds. The channels stay as they are, and so do endpoints, filters and
      headers over the limit.
    - While a partner is `paused`, its deliveries are held, webhooks and texts; those on their way
      from their next attempt. Resuming sends nothing by itself: retry what is held.
    - A shorter `retention_days` erases within minutes what is older.
    """

    def change(session: Session) -> PartnerPublic:
        require_match(if_match, public(partners.locked_partner(session, partner_id)))
        return public(partners.change_partner(session, partner_id, asked, now, actor=caller.id))

    return tagged(await database.write(change), response)


def public(row: PartnerRow) -> PartnerPublic:
    """A partner row as it is shown."""
    return view_of(PartnerPublic, row)


def partner_named(caller: Caller, partner_id: str | None) -> str:
    """The partner that is asked about: a partner's key need not name its own."""
    named = partner_id or caller.owner
    if named is None:
        raise Invalid("name the partner whose texts are meant", field="partner_id")
    return named
