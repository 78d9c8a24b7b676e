"""An endpoint's recoveries: counted beforehand, begun, watched, cancelled."""

from fastapi import APIRouter
from fastapi.responses import Response

from api.dashboard.desk import PartnerDesk, PartnerPage
from api.dashboard.forms import Fields, Form
from api.dashboard.letters import name_of
from api.dashboard.recovering import DAYS, asked_of, begin_recovery
from contracts.errors import Conflict, Invalid, NotFound
from contracts.events import EventType
from contracts.recoveries import RECOVERABLE, RecoverAsked
from store import recoveries
from store.partners import get_endpoint
from store.recovery_progress import recovery_progress

router = APIRouter(prefix="/p/{partner_id}/endpoints/{endpoint_id}")

_LOOKS_EVERY_S = 2


@router.get("/recover")
async def count_beforehand(desk: PartnerPage, endpoint_id: str) -> Response:
    """What would be sent again: how many, the oldest and the newest. Nothing begins here."""
    values = Fields(desk.request.query_params.multi_items())
    try:
        return await _preview(desk, endpoint_id, asked_of(values, desk.now()))
    except Invalid as error:
        return await _preview(desk, endpoint_id, RecoverAsked(), 422, fault=str(error))


@router.post("/recover")
async def begin(desk: PartnerPage, endpoint_id: str, fields: Form) -> Response:
    """Begin to send again what the page before has counted."""
    asked = asked_of(fields, desk.now())
    try:
        row = await begin_recovery(desk, endpoint_id, asked)
    except Conflict as error:
        return await _preview(desk, endpoint_id, asked, 409, fault=str(error))
    return desk.go_to(f"/endpoints/{endpoint_id}/recoveries/{row.id}")


@router.get("/recoveries/{recovery_id}")
async def recovery(desk: PartnerPage, endpoint_id: str, recovery_id: str) -> Response:
    """How far a recovery has got."""
    progress = await desk.read(recovery_progress, recovery_id, owner=desk.owner)
    row = progress.recovery
    if row.endpoint_id != endpoint_id:
        raise NotFound(f"no recovery {recovery_id}")
    endpoint = await desk.read(get_endpoint, endpoint_id, owner=desk.owner)
    return desk.page(
        "recovery",
        endpoint=endpoint,
        name=name_of(endpoint),
        progress=progress,
        row=row,
        preview=None,
        every_s=None if progress.is_over else _LOOKS_EVERY_S,
    )


@router.post("/recoveries/{recovery_id}/cancel")
async def cancel(desk: PartnerPage, endpoint_id: str, recovery_id: str, _fields: Form) -> Response:
    """Send nothing more again; what is on its way goes on."""
    await desk.write(
        recoveries.cancel_recovery,
        recovery_id,
        desk.now(),
        actor=desk.viewer.actor,
        owner=desk.owner,
    )
    place = f"/endpoints/{endpoint_id}/recoveries/{recovery_id}"
    return desk.go_to(place, done="recovery-cancelled")


async def _preview(
    desk: PartnerDesk,
    endpoint_id: str,
    asked: RecoverAsked,
    status: int = 200,
    *,
    fault: str | None = None,
) -> Response:
    found = await desk.read(recoveries.preview, endpoint_id, asked, desk.now(), owner=desk.owner)
    endpoint = await desk.read(get_endpoint, endpoint_id, owner=desk.owner)
    return desk.page(
        "recovery",
        status,
        endpoint=endpoint,
        name=name_of(endpoint),
        progress=None,
        preview=found,
        asked=asked,
        states=list(RECOVERABLE),
        types=list(EventType),
        fault=fault,
        days=desk.request.query_params.get("days", ""),
        choices=DAYS,
    )
