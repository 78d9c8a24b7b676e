"""`/v1/partners`: create, read and change merchants."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.auth.key_check import Ops, OpsOrPartner
from api.dependencies import PartsDep
from api.json_route import JsonRoute
from api.queries import PageCursor, PageLimit, ShortText
from api.rows import view_of
from api.views import EventView
from contracts.endpoints.endpoints import EndpointTest
from contracts.partners import PartnerChange, PartnerCreate, PartnerPublic
from store.events import detail
from store.partners import partners
from store.sms.daily_caps import day_of, texts_today
from store.sms.test_messages import accept_test_text
from store.tables import PartnerRow

router = APIRouter(route_class=JsonRoute, prefix="/v1/partners", tags=["partners"])

Limit = Annotated[PageLimit, Query()]
Cursor = Annotated[PageCursor | None, Query()]
OfPartner = Annotated[ShortText | None, Query(description="of this partner alone")]


class PartnerPage(BaseModel):
    """A page; `next_cursor` is null on the last one."""

    items: list[PartnerPublic]
    next_cursor: str | None


@router.post("", status_code=201)
async def create_partner(asked: PartnerCreate, parts: PartsDep, caller: Ops) -> PartnerPublic:
    """Add a partner with its tier's defaults. 409 when the id is taken."""
    row = await parts.database.write(partners.create_partner, asked, parts.clock(), actor=caller.id)
    return public(row)


@router.get("")
async def list_partners(
    parts: PartsDep, _caller: Ops, limit: Limit = 50, cursor: Cursor = None
) -> PartnerPage:
    """All partners, in pages, in the order of their ids."""
    rows = await parts.database.read(partners.list_partners, after=cursor, limit=limit + 1)
    more = len(rows) > limit
    return PartnerPage(
        items=[public(row) for row in rows[:limit]],
        next_cursor=rows[limit - 1].id if more else None,
    )


@router.get("/{partner_id}")
async def get_partner(partner_id: str, parts: PartsDep, caller: OpsOrPartner) -> PartnerPublic:
    """One partner; a partner's key reads its own."""
    row = await parts.database.read(partners.get_partner, partner_id, owner=caller.owner)
    return public(row)


@router.patch("/{partner_id}")
async def change_partner(
    partner_id: str, asked: PartnerChange, parts: PartsDep, caller: Ops
) -> PartnerPublic:
    """Change a partner's name, tier or channels, or pause it; what is left out stays.

    It holds for what is planned from now on. A pause also holds what is on its way, from its next
    try. What is held stays held until it is sent again.
    """
    row = await parts.database.write(
        partners.change_partner, partner_id, asked, parts.clock(), actor=caller.id
    )
    return public(row)


@router.post("/{partner_id}/test-text", status_code=202)
async def send_test_text(
    partner_id: str, parts: PartsDep, caller: OpsOrPartner, asked: EndpointTest | None = None
) -> EventView:
    """Text the shop owner's own phone what a customer would get, by the way that every text goes.

    It is a test event: no endpoint and no customer hears of it. `GET /v1/events/{event_id}` shows
    what became of it. 409 without a `contact_phone`, for one of a country that is not open, and
    while the partner is paused; 429 after five in an hour.
    """
    event_id = await parts.database.write(
        accept_test_text,
        partner_id,
        (asked or EndpointTest()).type,
        parts.clock(),
        actor=caller.id,
        owner=caller.owner,
        rules=parts.text_rules,
    )
    return EventView.of(await parts.database.read(detail.event_detail, event_id))


class TextUsage(BaseModel):
    """What a partner has texted today (India's day), and how many texts it may."""

    day: str = Field(examples=["2026-11-25"])
    texts: int
    parts: int = Field(description="what Twilio charges for")
    daily_cap: int


@router.get("/{partner_id}/text-usage")
async def get_text_usage(partner_id: str, parts: PartsDep, caller: OpsOrPartner) -> TextUsage:
    """How many texts, and parts of texts, the partner has sent today."""
    now, read = parts.clock(), parts.database.read
    row = await read(partners.get_partner, partner_id, owner=caller.owner)
    texts, text_parts = await read(texts_today, partner_id, now)
    cap = row.sms_daily_cap or parts.text_rules.daily_cap
    return TextUsage(day=day_of(now), texts=texts, parts=text_parts, daily_cap=cap)


def public(row: PartnerRow) -> PartnerPublic:
    """A partner row as it is shown."""
    return view_of(PartnerPublic, row)
