"""`/v1/partners/{id}/logo`: the picture at the head of a partner's tracking pages."""

from typing import Any

from fastapi import APIRouter, Request

from api.auth.key_check import OpsOrPartner
from api.dependencies import Now, Store
from api.json_route import JsonRoute
from api.routes.partners import public
from contracts.errors import NotFound
from contracts.ids import PartnerRef
from contracts.partners import PartnerPublic
from contracts.tracking.logos import read_logo
from store.tracking import logos

router = APIRouter(route_class=JsonRoute, prefix="/v1/partners", tags=["tracking"])

_PICTURE = {"schema": {"type": "string", "format": "binary"}}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": dict.fromkeys(("image/png", "image/jpeg", "image/webp"), _PICTURE),
    }
}


@router.put("/{partner_id}/logo", openapi_extra=_BODY, summary="Set the logo of a partner")
async def put_logo(
    partner_id: PartnerRef, request: Request, now: Now, database: Store, caller: OpsOrPartner
) -> PartnerPublic:
    """Show this picture at the head of the partner's tracking pages, from now on.

    A PNG, JPEG or WebP file of at most 100 kB, 1024 pixels wide and high, as the body of the
    request. What it is counts, not what `Content-Type` says; metadata is left out. 422 says what is
    wrong with a file.
    """
    _own(partner_id, caller.owner)
    logo = read_logo(await request.body())
    return public(await database.write(logos.put_logo, partner_id, logo, now, actor=caller.id))


@router.delete("/{partner_id}/logo", summary="Remove the logo of a partner")
async def remove_logo(
    partner_id: PartnerRef, now: Now, database: Store, caller: OpsOrPartner
) -> PartnerPublic:
    """Show no picture any more. Again, nothing changes."""
    _own(partner_id, caller.owner)
    return public(await database.write(logos.remove_logo, partner_id, now, actor=caller.id))


def _own(partner_id: str, owner: str | None) -> None:
    if owner not in (None, partner_id):
        raise NotFound(f"no partner {partner_id}")
