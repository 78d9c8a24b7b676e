"""`/v1/partners`: create, read and change merchants."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.auth import Ops, OpsOrPartner
from api.dependencies import PartsDep
from contracts.partners import PartnerChange, PartnerCreate, PartnerPublic
from store import partners
from store.tables import PartnerRow

router = APIRouter(prefix="/v1/partners", tags=["partners"])

Limit = Annotated[int, Query(ge=1, le=100, description="how many on one page")]
Cursor = Annotated[str | None, Query(max_length=200, description="next_cursor of the last page")]


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


def public(row: PartnerRow) -> PartnerPublic:
    """A partner row as it is shown."""
    return PartnerPublic(
        id=row.id,
        name=row.name,
        tier=row.tier,
        webhook_enabled=row.webhook_enabled,
        sms_enabled=row.sms_enabled,
        sms_fallback=row.sms_fallback,
        sms_event_types=row.sms_event_types,
        paused_at=row.paused_at,
        retention_days=row.retention_days,
        created_at=row.created_at,
    )
