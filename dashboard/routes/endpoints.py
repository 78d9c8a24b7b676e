"""`/p/{partner_id}/endpoints`: where the partner receives webhooks, and how each does."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError

from contracts.endpoints.endpoints import EndpointCreate, EndpointRehearsal, EndpointTest
from contracts.errors import Conflict, Invalid
from contracts.partners import TIERS
from contracts.payload.events import EventType
from dashboard.dead_letters import name_of
from dashboard.endpoint_forms import NoTypes, fault_of, types_of
from dashboard.endpoint_page import endpoint_page, figures_shown
from dashboard.forms import Form
from dashboard.page_context import OwnerPage, PartnerContext, PartnerPage
from dashboard.state_texts import health_said
from store.endpoints import test_events
from store.endpoints.endpoints import create_endpoint, require_room
from store.endpoints.figures import endpoint_cards

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


@router.get("/p/{partner_id}/endpoints/{endpoint_id}")
async def endpoint(context: PartnerPage, endpoint_id: str) -> Response:
    """How one endpoint does, and all that can be done about it; with `test` in the query also what
    became of that test event."""
    return await endpoint_page(context, endpoint_id)


@router.post("/p/{partner_id}/endpoints/{endpoint_id}/test")
async def send_test_event(context: PartnerPage, endpoint_id: str, fields: Form) -> Response:
    """Send a test event to this endpoint alone, by the way that every event goes."""
    try:
        asked = EndpointTest.model_validate({"event_type": fields.text("type")})
    except ValidationError:
        raise Invalid(context.words("endpoint-unknown-type"), field="type") from None
    event_id = await context.write(
        test_events.accept_test_event,
        endpoint_id,
        asked.event_type,
        context.now(),
        actor=context.viewer.actor,
        owner=context.owner,
    )
    return context.go_to(f"/endpoints/{endpoint_id}", test=event_id)


@router.post("/p/{partner_id}/endpoints/{endpoint_id}/test-order")
async def send_test_order(context: PartnerPage, endpoint_id: str, fields: Form) -> Response:
    """Send the test events of a whole order to this endpoint alone."""
    try:
        asked = EndpointRehearsal.model_validate({"scenario": fields.text("scenario")})
    except ValidationError:
        raise Invalid(context.words("endpoint-unknown-scenario"), field="scenario") from None
    made = await context.write(
        test_events.accept_rehearsal,
        endpoint_id,
        asked.scenario,
        context.now(),
        actor=context.viewer.actor,
        owner=context.owner,
    )
    return context.go_to("/orders", order_id=made.order_id)


async def _endpoints(context: PartnerContext, status: int = 200, /, **shown: Any) -> Response:
    cards = await context.read(endpoint_cards, context.owner, context.now())
    limits = TIERS[context.partner.tier]
    known: dict[str, Any] = {"secret": None, "added": None, "fault": None, "asked": {}, **shown}
    return context.page(
        "endpoints",
        status,
        cards=[(one, name_of(one.endpoint), _said(context, one)) for one in cards],
        most=limits.most_endpoints,
        filters=limits.event_filters,
        types=list(EventType),
        **figures_shown(context),
        **known,
    )


def _said(context: PartnerContext, card: Any) -> Any:
    return health_said(context.words, card.health.state)
