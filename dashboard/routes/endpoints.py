"""`/p/{partner_id}/endpoints`: where the partner receives webhooks, and how each does."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError
from sqlmodel import Session

from contracts.endpoints.endpoints import EndpointCreate
from contracts.errors import Conflict, Invalid
from contracts.payload.events import EventType
from contracts.tiers import TIERS
from dashboard.dead_letters import name_of
from dashboard.endpoint_forms import NoTypes, fault_of, types_of
from dashboard.endpoint_health import figures_shown
from dashboard.endpoint_states import health_view
from dashboard.forms import Form
from dashboard.page_context import OwnerPage, PartnerContext, PartnerPage
from dashboard.payload_samples import payload_samples
from dashboard.receivers import receivers
from store.endpoints.endpoints import create_endpoint, require_room
from store.endpoints.figures import EndpointCard, endpoint_cards
from store.recoveries.recoveries import running_recovery

router = APIRouter()


@router.get("/p/{partner_id}/endpoints")
async def endpoints(context: PartnerPage) -> Response:
    """A card for each endpoint, and the form to add one."""
    return await _endpoints(context)


@router.post("/p/{partner_id}/endpoints")
async def add_endpoint(context: OwnerPage, fields: Form) -> Response:
    """Add an endpoint; its secret is shown on this page only."""
    asked: dict[str, Any] = {
        **fields.as_body("url", "description"),
        "partner_id": context.owner,
    }
    try:
        if TIERS[context.partner.tier].event_filters:
            asked["event_types"] = types_of(fields)
        wanted = EndpointCreate.model_validate(asked)
        await context.read(require_room, wanted, owner=context.owner)
        await context.parts.endpoint_check.require_reachable(wanted.url, caller=context.owner)
        row, secret = await context.write(
            create_endpoint,
            wanted,
            context.now(),
            actor=context.viewer.actor,
            owner=context.owner,
        )
    except (ValidationError, Invalid, Conflict, NoTypes) as error:
        fault = fault_of(context.words, error)
        return await _endpoints(context, 422, fault=fault, asked=asked)
    return await _endpoints(context, secret=secret, added=row)


async def _endpoints(context: PartnerContext, status: int = 200, /, **shown: Any) -> Response:
    cards, resending = await context.read(_listed, context)
    limits = TIERS[context.partner.tier]
    known: dict[str, Any] = {"secret": None, "added": None, "fault": None, "asked": {}, **shown}
    return context.page(
        "endpoints",
        status,
        cards=[
            (
                one,
                name_of(one.endpoint),
                health_view(context, one.endpoint, one.health, one.attempts),
            )
            for one in cards
        ],
        resending=resending,
        most=limits.most_endpoints,
        filters=limits.event_filters,
        types=list(EventType),
        samples=payload_samples(context.owner, context.now()),
        receivers=receivers(),
        **figures_shown(context),
        **known,
    )


def _listed(
    session: Session, context: PartnerContext
) -> tuple[list[EndpointCard], Mapping[str, str]]:
    """The cards, and the recoveries that run, by their endpoints."""
    cards = endpoint_cards(session, context.owner, context.now())
    running = [running_recovery(session, one.endpoint.id) for one in cards]
    return cards, {one.endpoint_id: one.id for one in running if one is not None}
