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
from store.db.keyset import Position
from store.recoveries import recoveries
from store.tables import RecoveryRow

log = logging.getLogger(__name__)

router = APIRouter(route_class=JsonRoute, prefix="/v1", tags=["recoveries"])


class RecoveryPage(Page[RecoveryPublic]):
    """A page, the newest first; `next_cursor` is null on the last one."""


@router.post("/endpoints/{endpoint_id}/recoveries/preview")
async def preview_recovery(
    endpoint_id: str,
    now: Now,
    database: Store,
    caller: OpsOrPartner,
    asked: RecoveryRequest | None = None,
) -> RecoveryPreview:
    """How many deliveries a recovery would send again. Nothing is sent, and nothing is kept."""
    return await database.read(
        recoveries.preview,
        endpoint_id,
        asked or RecoveryRequest(),
        now,
        owner=caller.owner,
    )


@router.post("/endpoints/{endpoint_id}/recoveries", status_code=202)
async def begin_recovery(
    endpoint_id: str,
    now: Now,
    database: Store,
    starter: RecoveryStarter,
    caller: OpsOrPartner,
    asked: RecoveryRequest | None = None,
) -> RecoveryPublic:
    """Send again what is held or a dead letter, or what `states` says, the oldest first.

    At the rate that the endpoint sets, and of each order one at a time. It survives restarts, and
    stops when the endpoint fails again. 409 while the endpoint or its partner is switched off or it
    fails, and while a recovery of it runs.
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


@router.get("/endpoints/{endpoint_id}/recoveries")
async def list_recoveries(
    endpoint_id: str,
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


@router.get("/recoveries/{recovery_id}")
async def get_recovery(recovery_id: str, database: Store, caller: OpsOrPartner) -> RecoveryPublic:
    """One recovery, and how far it has got."""
    row = await database.read(recoveries.get_recovery, recovery_id, owner=caller.owner)
    return public(row)


@router.post("/recoveries/{recovery_id}/cancel")
async def cancel_recovery(
    recovery_id: str, now: Now, database: Store, caller: OpsOrPartner
) -> RecoveryPublic:
    """Cancel a recovery: nothing more is sent again, what is on its way goes on. 409 when it has
    ended."""
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
