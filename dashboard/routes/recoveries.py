"""An endpoint's recoveries: counted beforehand, begun, watched, cancelled."""

from fastapi import APIRouter
from fastapi.responses import Response
from sqlmodel import Session

from contracts.delivery.recoveries import RECOVERABLE, RecoveryRequest
from contracts.delivery.states import EndpointState
from contracts.errors import Conflict, Invalid, NotFound
from contracts.payload.events import EventType
from dashboard.dead_letters import name_of
from dashboard.forms import Form
from dashboard.page_context import PartnerContext, PartnerPage
from dashboard.recovery_forms import DAYS, asked_of, begin_recovery
from store.endpoints.endpoints import get_endpoint
from store.recoveries import recoveries
from store.recoveries.progress import recovery_progress
from store.tables import EndpointRow, RecoveryRow
from web_forms import Fields

router = APIRouter(prefix="/p/{partner_id}/endpoints/{endpoint_id}")

_LOOKS_EVERY_S = 2
_STOPS = {
    "the endpoint was removed": "removed",
    "the partner is paused": "paused",
    "the endpoint fails again": "fails",
}
"""Why one has stopped, by the reason that is kept of it; any other names the endpoint's state."""


@router.get("/recover")
async def count_beforehand(context: PartnerPage, endpoint_id: str) -> Response:
    """What would be sent again: how many, the oldest and the newest. Nothing begins here; where a
    recovery runs already, it is shown."""
    if running := await context.read(_running, context, endpoint_id):
        return _go_to_running(context, running)
    values = Fields(context.request.query_params.multi_items())
    try:
        return await _preview(context, endpoint_id, asked_of(values, context.now()))
    except Invalid as error:
        return await _preview(
            context, endpoint_id, RecoveryRequest(), 422, fault=context.refused(error)
        )


@router.post("/recover")
async def begin(context: PartnerPage, endpoint_id: str, fields: Form) -> Response:
    """Begin to send again what the page before has counted."""
    asked = asked_of(fields, context.now())
    try:
        row = await begin_recovery(context, endpoint_id, asked)
    except Conflict:
        if running := await context.read(_running, context, endpoint_id):
            return _go_to_running(context, running)
        return await _preview(context, endpoint_id, asked, 409)
    return context.go_to(f"/endpoints/{endpoint_id}/recoveries/{row.id}")


@router.get("/recoveries/{recovery_id}")
async def recovery(context: PartnerPage, endpoint_id: str, recovery_id: str) -> Response:
    """How far a recovery has got."""
    progress = await context.read(recovery_progress, recovery_id, owner=context.owner)
    row = progress.recovery
    if row.endpoint_id != endpoint_id:
        raise NotFound(f"no recovery {recovery_id}")
    endpoint = await context.read(get_endpoint, endpoint_id, owner=context.owner)
    return context.page(
        "recovery",
        endpoint=endpoint,
        name=name_of(endpoint),
        progress=progress,
        row=row,
        why_stopped=_STOPS.get(row.reason or "", "off"),
        preview=None,
        every_s=None if progress.is_over else _LOOKS_EVERY_S,
    )


@router.post("/recoveries/{recovery_id}/cancel")
async def cancel(
    context: PartnerPage, endpoint_id: str, recovery_id: str, _fields: Form
) -> Response:
    """Send nothing more again; what is on its way goes on."""
    await context.write(
        recoveries.cancel_recovery,
        recovery_id,
        context.now(),
        actor=context.viewer.actor,
        owner=context.owner,
    )
    place = f"/endpoints/{endpoint_id}/recoveries/{recovery_id}"
    return context.go_to(place, done="recovery-cancelled")


def _running(session: Session, context: PartnerContext, endpoint_id: str) -> RecoveryRow | None:
    get_endpoint(session, endpoint_id, owner=context.owner)
    return recoveries.running_recovery(session, endpoint_id)


def _go_to_running(context: PartnerContext, row: RecoveryRow) -> Response:
    place = f"/endpoints/{row.endpoint_id}/recoveries/{row.id}"
    return context.go_to(place, done="recovery-runs")


async def _preview(
    context: PartnerContext,
    endpoint_id: str,
    asked: RecoveryRequest,
    status: int = 200,
    *,
    fault: str | None = None,
) -> Response:
    found = await context.read(
        recoveries.preview, endpoint_id, asked, context.now(), owner=context.owner
    )
    endpoint = await context.read(get_endpoint, endpoint_id, owner=context.owner)
    return context.page(
        "recovery",
        status,
        endpoint=endpoint,
        name=name_of(endpoint),
        progress=None,
        preview=found,
        refused=_refused(context, endpoint),
        asked=asked,
        states=list(RECOVERABLE),
        types=list(EventType),
        fault=fault,
        days=context.request.query_params.get("days", ""),
        choices=DAYS,
    )


def _refused(context: PartnerContext, endpoint: EndpointRow) -> str | None:
    """Why nothing can be sent again now: the end of its message."""
    if context.partner.paused_at is not None:
        return "paused"
    if endpoint.state is not EndpointState.ENABLED:
        return "off"
    return "failing" if endpoint.opened_at is not None else None
