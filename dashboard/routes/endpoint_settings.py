"""What an owner changes about an endpoint: its settings, its headers, its switch; and its end."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError

from contracts.delivery.states import EndpointState
from contracts.endpoints.endpoints import EndpointChange
from contracts.errors import Invalid
from contracts.payload.events import EventType
from contracts.tiers import TIERS
from dashboard.endpoint_forms import NoTypes, changes_of, fault_of, headers_of, settings_of
from dashboard.endpoint_frame import SETTINGS, place_of, tab_page
from dashboard.forms import Form
from dashboard.page_context import OwnerPage, PartnerContext
from dashboard.payload_samples import payload_samples
from store.endpoints import changes, custom_headers
from store.endpoints.endpoints import get_endpoint
from store.tables import EndpointRow

router = APIRouter(prefix="/p/{partner_id}/endpoints/{endpoint_id}")


@router.get("/settings")
async def settings(context: OwnerPage, endpoint_id: str) -> Response:
    """What is set, and the forms to change it."""
    endpoint = await context.read(get_endpoint, endpoint_id, owner=context.owner)
    return _settings(context, endpoint)


@router.post("/settings")
async def change_settings(context: OwnerPage, endpoint_id: str, fields: Form) -> Response:
    """Change what differs from how it is. Where the URL changes, the page says what that means."""
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
        return _settings(context, endpoint, 422, fault=fault, asked=asked)
    if "url" not in wanted.model_fields_set:
        return context.go_to(f"{place_of(endpoint_id)}{SETTINGS}", done="endpoint-saved")
    kept = await context.read(get_endpoint, endpoint_id, owner=context.owner)
    dropped = bool(endpoint.custom_header_names) and not kept.custom_header_names
    done = "endpoint-moved-no-headers" if dropped else "endpoint-moved"
    return context.go_to(place_of(endpoint_id), done=done)


@router.post("/headers")
async def change_headers(context: OwnerPage, endpoint_id: str, fields: Form) -> Response:
    """Put custom headers in, replace their values, or drop them; what is left empty stays."""
    put, drop = headers_of(fields)
    try:
        await context.write(
            custom_headers.edit_headers,
            endpoint_id,
            put,
            drop,
            context.now(),
            actor=context.viewer.actor,
            owner=context.owner,
        )
    except (ValidationError, Invalid) as error:
        endpoint = await context.read(get_endpoint, endpoint_id, owner=context.owner)
        fault = fault_of(context.words, error)
        return _settings(context, endpoint, 422, headers_fault=fault)
    return context.go_to(f"{place_of(endpoint_id)}{SETTINGS}", done="endpoint-headers-saved")


@router.post("/pause")
async def pause(context: OwnerPage, endpoint_id: str, _fields: Form) -> Response:
    """Switch it off by hand: what is for it is held from now on."""
    await _change(context, endpoint_id, EndpointChange(state=EndpointState.PAUSED))
    return context.go_to(place_of(endpoint_id), done="endpoint-paused")


@router.post("/switch-on")
async def switch_on(context: OwnerPage, endpoint_id: str, _fields: Form) -> Response:
    """Switch it on again, whoever has switched it off."""
    await _change(context, endpoint_id, EndpointChange(state=EndpointState.ENABLED))
    return context.go_to(place_of(endpoint_id), done="endpoint-on")


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


def _settings(
    context: PartnerContext,
    endpoint: EndpointRow,
    status: int = 200,
    *,
    fault: str | None = None,
    headers_fault: str | None = None,
    asked: Mapping[str, Any] | None = None,
) -> Response:
    limits = TIERS[context.partner.tier]
    return tab_page(
        context,
        endpoint,
        SETTINGS,
        status,
        fault=fault,
        headers_fault=headers_fault,
        asked=asked or endpoint,
        filters=limits.event_filters,
        most_headers=limits.most_custom_headers,
        header_names=endpoint.custom_header_names or [],
        types=list(EventType),
        samples=payload_samples(context.owner, context.now()),
    )


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
