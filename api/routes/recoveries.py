"""`/v1/…/recoveries` and `/v1/recoveries`: send an endpoint's deliveries again, many at once."""

import logging
from typing import Annotated

from fastapi import APIRouter, Query

from api.auth.key_check import OpsOrPartner
from api.cursors import read_cursor
from api.dependencies import Now, RecoveryStarter, Store
from api.json_route import JsonRoute
from api.pages import Page, cut
from api.queries import PageQuery
from api.rows import view_of
from contracts.delivery.recoveries import RecoveryPreview, RecoveryPublic, RecoveryRequest
from contracts.errors import EngineUnavailable
from contracts.ids import EndpointRef, RecoveryRef
from store.db.keyset import Position
from store.recoveries import recoveries
from store.tables import RecoveryRow

log = logging.getLogger(__name__)

router = APIRouter(route_class=JsonRoute, prefix="/v1", tags=["recoveries"])


class RecoveryPage(Page[RecoveryPublic]):
    """A page, the newest first; `next_cursor` is null on the last one."""


@router.post("/endpoints/{endpoint_id}/recoveries/preview", summary="Preview a recovery")
async def preview_recovery(
    endpoint_id: EndpointRef,
    now: Now,
    database: Store,
    caller: OpsOrPartner,
    asked: RecoveryRequest | None = None,
) -> RecoveryPreview:
    """What a recovery with the same body would send again. Nothing is sent, and nothing is kept."""
    return await database.read(
        recoveries.preview,
        endpoint_id,
        asked or RecoveryRequest(),
        now,
        owner=caller.owner,
    )


@router.post("/endpoints/{endpoint_id}/recoveries", status_code=202, summary="Begin a recovery")
async def begin_recovery(
    endpoint_id: EndpointRef,
    now: Now,
    database: Store,
    starter: RecoveryStarter,
    caller: OpsOrPartner,
    asked: RecoveryRequest | None = None,
) -> RecoveryPublic:
    """Send an endpoint's held and dead-lettered deliveries again, all of them, after it was down.

    The oldest first, and in order within each order; as many a second as the endpoint's
    `recovery_rate` says, and no new ones while the last ones have not ended. It survives restarts,
    and stops when the endpoint fails again. Doorstep begins one by itself when an endpoint that was
    down answers again, unless `auto_recover` is off.

    409 while a recovery of this endpoint runs, and while the endpoint or its partner is switched
    off, or the endpoint fails.
    """
    row = await database.write(
        recoveries.begin_recovery,
        endpoint_id,
        asked or RecoveryRequest(),
        now,
        actor=caller.id,
        owner=caller.owner,
    )
    try:
        await starter.start(row.id, row.endpoint_id, row.partner_id)
    except EngineUnavailable as error:  # it has begun all the same: a worker starts it
        ids = {
            "recovery_id": row.id,
            "endpoint_id": row.endpoint_id,
            "partner_id": row.partner_id,
        }
        log.warning("recovery %s: %s", row.id, error, extra=ids)
    return public(row)


@router.get("/endpoints/{endpoint_id}/recoveries", summary="List the recoveries of an endpoint")
async def list_recoveries(
    endpoint_id: EndpointRef,
    database: Store,
    caller: OpsOrPartner,
    wanted: Annotated[PageQuery, Query()],
) -> RecoveryPage:
    """The recoveries of an endpoint, the newest first, in pages."""
    rows = await database.read(
        recoveries.list_recoveries,
        endpoint_id,
        owner=caller.owner,
        after=read_cursor(wanted.cursor),
        limit=wanted.limit + 1,
    )
    page, following = cut(rows, wanted.limit, lambda row: Position(row.created_at, row.id))
    return RecoveryPage(items=[public(row) for row in page], next_cursor=following)


@router.get("/recoveries/{recovery_id}", summary="Get a recovery")
async def get_recovery(
    recovery_id: RecoveryRef, database: Store, caller: OpsOrPartner
) -> RecoveryPublic:
    """One recovery, and how far it has got: `requested` of `found`."""
    row = await database.read(recoveries.get_recovery, recovery_id, owner=caller.owner)
    return public(row)


@router.post("/recoveries/{recovery_id}/cancel", summary="Cancel a recovery")
async def cancel_recovery(
    recovery_id: RecoveryRef, now: Now, database: Store, caller: OpsOrPartner
) -> RecoveryPublic:
    """Send nothing more again; what is on its way goes on. 409 when it has ended."""
    row = await database.write(
        recoveries.cancel_recovery,
        recovery_id,
        now,
        actor=caller.id,
        owner=caller.owner,
    )
    return public(row)


def public(row: RecoveryRow) -> RecoveryPublic:
    """A recovery row as it is shown."""
    return view_of(RecoveryPublic, row, requested=row.asked)
