"""What an owner changes about an endpoint: its settings, its switch, its secret; and its end."""

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError

from api.dashboard.desk import OwnerPage, PartnerDesk
from api.dashboard.endpoint_forms import NoTypes, changes_of, fault_of, settings_of
from api.dashboard.endpoint_page import endpoint_page
from api.dashboard.forms import Form
from contracts.errors import Invalid
from contracts.partners import TIERS, EndpointChange
from contracts.states import EndpointState
from store import endpoint_changes, partners

router = APIRouter(prefix="/p/{partner_id}/endpoints/{endpoint_id}")


@router.post("/settings")
async def change_settings(desk: OwnerPage, endpoint_id: str, fields: Form) -> Response:
    """Change what differs from how it is."""
    endpoint = await desk.read(partners.get_endpoint, endpoint_id, owner=desk.owner)
    asked = None
    try:
        asked = settings_of(fields, filters=TIERS[desk.partner.tier].event_filters)
        wanted = changes_of(asked, endpoint)
        if "url" in wanted.model_fields_set:
            await desk.parts.endpoint_check.require_reachable(wanted.url, caller=desk.owner)
        await _change(desk, endpoint_id, wanted)
    except (ValidationError, Invalid, NoTypes) as error:
        fault = fault_of(desk.words, error)
        return await endpoint_page(desk, endpoint_id, 422, fault=fault, asked=asked)
    kept = await desk.read(partners.get_endpoint, endpoint_id, owner=desk.owner)
    dropped = bool(endpoint.custom_header_names) and not kept.custom_header_names
    done = "endpoint-saved-no-headers" if dropped else "endpoint-saved"
    return desk.go_to(f"/endpoints/{endpoint_id}", done=done)


@router.post("/pause")
async def pause(desk: OwnerPage, endpoint_id: str, _fields: Form) -> Response:
    """Switch it off by hand: what is for it is held from now on."""
    await _change(desk, endpoint_id, EndpointChange(state=EndpointState.PAUSED))
    return desk.go_to(f"/endpoints/{endpoint_id}", done="endpoint-paused")


@router.post("/switch-on")
async def switch_on(desk: OwnerPage, endpoint_id: str, _fields: Form) -> Response:
    """Switch it on again, whoever has switched it off."""
    await _change(desk, endpoint_id, EndpointChange(state=EndpointState.ENABLED))
    return desk.go_to(f"/endpoints/{endpoint_id}", done="endpoint-on")


@router.post("/rotate")
async def rotate_secret(desk: OwnerPage, endpoint_id: str, fields: Form) -> Response:
    """Give it a new secret, shown on this page only. Both are in force for a day, or with `at-once`
    only the new one."""
    at_once = fields.has("at-once")
    _row, secret = await desk.write(
        partners.rotate_secret,
        endpoint_id,
        desk.now(),
        actor=desk.viewer.actor,
        owner=desk.owner,
        immediate=at_once,
    )
    return await endpoint_page(desk, endpoint_id, secret=secret, at_once=at_once)


@router.post("/remove")
async def remove(desk: OwnerPage, endpoint_id: str, _fields: Form) -> Response:
    """Remove it for good."""
    await desk.write(
        endpoint_changes.remove_endpoint,
        endpoint_id,
        desk.now(),
        actor=desk.viewer.actor,
        owner=desk.owner,
    )
    return desk.go_to("/endpoints", done="endpoint-removed")


async def _change(desk: PartnerDesk, endpoint_id: str, wanted: EndpointChange) -> None:
    """Change it, where there is something to change."""
    if not wanted.model_fields_set:
        return
    await desk.write(
        endpoint_changes.change_endpoint,
        endpoint_id,
        wanted,
        desk.now(),
        actor=desk.viewer.actor,
        owner=desk.owner,
    )
