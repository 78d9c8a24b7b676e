"""What an owner changes about an endpoint: its settings, its switch, its secret; and its end."""

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError

from contracts.delivery.states import EndpointState
from contracts.endpoints.endpoints import EndpointChange
from contracts.errors import Invalid
from contracts.partners import TIERS
from dashboard.endpoint_forms import NoTypes, changes_of, fault_of, settings_of
from dashboard.endpoint_page import endpoint_page
from dashboard.forms import Form
from dashboard.page_context import OwnerPage, PartnerContext
from store.endpoints import changes, secrets
from store.endpoints.endpoints import get_endpoint

router = APIRouter(prefix="/p/{partner_id}/endpoints/{endpoint_id}")


@router.post("/settings")
async def change_settings(context: OwnerPage, endpoint_id: str, fields: Form) -> Response:
    """Change what differs from how it is."""
    endpoint = await context.read(get_endpoint, endpoint_id, owner=context.owner)
    asked = None
    try:
        asked = settings_of(fields, filters=TIERS[context.partner.tier].event_filters)
        wanted = changes_of(asked, endpoint)
        if "url" in wanted.model_fields_set:
            await context.parts.endpoint_check.require_reachable(wanted.url, caller=context.owner)
        await _change(context, endpoint_id, wanted)
    except (ValidationError, Invalid, NoTypes) as error:
        fault = fault_of(context.words, error)
        return await endpoint_page(context, endpoint_id, 422, fault=fault, asked=asked)
    kept = await context.read(get_endpoint, endpoint_id, owner=context.owner)
    dropped = bool(endpoint.custom_header_names) and not kept.custom_header_names
    done = "endpoint-saved-no-headers" if dropped else "endpoint-saved"
    return context.go_to(f"/endpoints/{endpoint_id}", done=done)


@router.post("/pause")
async def pause(context: OwnerPage, endpoint_id: str, _fields: Form) -> Response:
    """Switch it off by hand: what is for it is held from now on."""
    await _change(context, endpoint_id, EndpointChange(state=EndpointState.PAUSED))
    return context.go_to(f"/endpoints/{endpoint_id}", done="endpoint-paused")


@router.post("/switch-on")
async def switch_on(context: OwnerPage, endpoint_id: str, _fields: Form) -> Response:
    """Switch it on again, whoever has switched it off."""
    await _change(context, endpoint_id, EndpointChange(state=EndpointState.ENABLED))
    return context.go_to(f"/endpoints/{endpoint_id}", done="endpoint-on")


@router.post("/rotate")
async def rotate_secret(context: OwnerPage, endpoint_id: str, fields: Form) -> Response:
    """Give it a new secret, shown on this page only. Both are in force for a day, or with `at-once`
    only the new one."""
    at_once = fields.has("at-once")
    _row, secret = await context.write(
        secrets.rotate_secret,
        endpoint_id,
        context.now(),
        actor=context.viewer.actor,
        owner=context.owner,
        immediate=at_once,
    )
    return await endpoint_page(context, endpoint_id, secret=secret, at_once=at_once)


@router.post("/remove")
async def remove(context: OwnerPage, endpoint_id: str, _fields: Form) -> Response:
    """Remove it for good."""
    await context.write(
        changes.remove_endpoint,
        endpoint_id,
        context.now(),
        actor=context.viewer.actor,
        owner=context.owner,
    )
    return context.go_to("/endpoints", done="endpoint-removed")


async def _change(context: PartnerContext, endpoint_id: str, wanted: EndpointChange) -> None:
    """Change it, where there is something to change."""
    if not wanted.model_fields_set:
        return
    await context.write(
        changes.change_endpoint,
        endpoint_id,
        wanted,
        context.now(),
        actor=context.viewer.actor,
        owner=context.owner,
    )
