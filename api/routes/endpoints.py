"""`/v1/endpoints`: where a partner receives webhooks."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from api.auth import OpsOrPartner
from api.dependencies import PartsDep
from api.routes.partners import Cursor, Limit
from contracts.partners import EndpointChange, EndpointCreate, EndpointCreated, EndpointPublic
from store import partners
from store.tables import EndpointRow

router = APIRouter(prefix="/v1/endpoints", tags=["endpoints"])


class EndpointPage(BaseModel):
    """A page; `next_cursor` is null on the last one."""

    items: list[EndpointPublic]
    next_cursor: str | None


@router.post("", status_code=201)
async def create_endpoint(
    asked: EndpointCreate, parts: PartsDep, caller: OpsOrPartner
) -> EndpointCreated:
    """Add an endpoint. Its signing secret is in this answer and never shown again."""
    await parts.endpoint_check.require_reachable(asked.url)
    row, secret = await parts.database.write(
        partners.create_endpoint, asked, parts.clock(), actor=caller.id, owner=caller.owner
    )
    return EndpointCreated(**_fields(row), secret=secret)


@router.get("")
async def list_endpoints(
    parts: PartsDep,
    caller: OpsOrPartner,
    partner_id: str | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> EndpointPage:
    """Endpoints, of one partner or of all, in pages, in the order of their ids."""
    rows = await parts.database.read(
        partners.list_endpoints,
        partner_id=partner_id,
        owner=caller.owner,
        after=cursor,
        limit=limit + 1,
    )
    more = len(rows) > limit
    return EndpointPage(
        items=[EndpointPublic(**_fields(row)) for row in rows[:limit]],
        next_cursor=rows[limit - 1].id if more else None,
    )


@router.get("/{endpoint_id}")
async def get_endpoint(endpoint_id: str, parts: PartsDep, caller: OpsOrPartner) -> EndpointPublic:
    """One endpoint, without its secret."""
    row = await parts.database.read(partners.get_endpoint, endpoint_id, owner=caller.owner)
    return EndpointPublic(**_fields(row))


@router.patch("/{endpoint_id}")
async def change_endpoint(
    endpoint_id: str, asked: EndpointChange, parts: PartsDep, caller: OpsOrPartner
) -> EndpointPublic:
    """Switch an endpoint on or off. While it is off, its deliveries are held, never dropped."""
    row = await parts.database.write(
        partners.set_endpoint_state,
        endpoint_id,
        asked.state,
        parts.clock(),
        actor=caller.id,
        owner=caller.owner,
    )
    return EndpointPublic(**_fields(row))


@router.post("/{endpoint_id}/rotate-secret")
async def rotate_secret(endpoint_id: str, parts: PartsDep, caller: OpsOrPartner) -> EndpointCreated:
    """Give the endpoint a new secret; for 24 hours requests carry both signatures."""
    row, secret = await parts.database.write(
        partners.rotate_secret, endpoint_id, parts.clock(), actor=caller.id, owner=caller.owner
    )
    return EndpointCreated(**_fields(row), secret=secret)


def _fields(row: EndpointRow) -> dict[str, Any]:
    return row.model_dump(include=set(EndpointPublic.model_fields))
