"""`/p/{partner_id}/endpoints`: where the partner receives webhooks, and how each does."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError

from api.dashboard.desk import OwnerPage, PartnerDesk, PartnerPage
from api.dashboard.endpoint_forms import NoTypes, fault_of, types_of
from api.dashboard.endpoint_page import endpoint_page, figures_shown
from api.dashboard.forms import Form
from api.dashboard.letters import name_of
from api.dashboard.sentences import health_said
from contracts.errors import Conflict, Invalid
from contracts.events import EventType
from contracts.partners import TIERS, EndpointCreate, EndpointTest
from store import endpoint_tests, partners
from store.endpoint_figures import endpoint_cards

router = APIRouter()


@router.get("/p/{partner_id}/endpoints")
async def endpoints(desk: PartnerPage) -> Response:
    """A card for each endpoint, and the form to add one."""
    return await _endpoints(desk)


@router.post("/p/{partner_id}/endpoints")
async def add_endpoint(desk: OwnerPage, fields: Form) -> Response:
    """Add an endpoint; its secret is shown on this page only."""
    asked: dict[str, Any] = {
        **fields.as_body("url", "description"),
        "partner_id": desk.owner,
    }
    try:
        if TIERS[desk.partner.tier].event_filters:
            asked["event_types"] = types_of(fields)
        wanted = EndpointCreate.model_validate(asked)
        await desk.read(partners.require_room, wanted, owner=desk.owner)
        await desk.parts.endpoint_check.require_reachable(wanted.url, caller=desk.owner)
        row, secret = await desk.write(
            partners.create_endpoint,
            wanted,
            desk.now(),
            actor=desk.viewer.actor,
            owner=desk.owner,
        )
    except (ValidationError, Invalid, Conflict, NoTypes) as error:
        fault = fault_of(desk.words, error)
        return await _endpoints(desk, 422, fault=fault, asked=asked)
    return await _endpoints(desk, secret=secret, added=row)


@router.get("/p/{partner_id}/endpoints/{endpoint_id}")
async def endpoint(desk: PartnerPage, endpoint_id: str) -> Response:
    """How one endpoint does, and all that can be done about it; with `test` in the query also what
    became of that test event."""
    return await endpoint_page(desk, endpoint_id)


@router.post("/p/{partner_id}/endpoints/{endpoint_id}/test")
async def send_test_event(desk: PartnerPage, endpoint_id: str, fields: Form) -> Response:
    """Send a test event to this endpoint alone, by the way that every event goes."""
    try:
        asked = EndpointTest.model_validate({"type": fields.text("type")})
    except ValidationError:
        raise Invalid(desk.words("endpoint-unknown-type"), field="type") from None
    event_id = await desk.write(
        endpoint_tests.accept_test_event,
        endpoint_id,
        asked.type,
        desk.now(),
        actor=desk.viewer.actor,
        owner=desk.owner,
    )
    return desk.go_to(f"/endpoints/{endpoint_id}", test=event_id)


async def _endpoints(desk: PartnerDesk, status: int = 200, /, **shown: Any) -> Response:
    cards = await desk.read(endpoint_cards, desk.owner, desk.now())
    limits = TIERS[desk.partner.tier]
    known: dict[str, Any] = {"secret": None, "added": None, "fault": None, "asked": {}, **shown}
    return desk.page(
        "endpoints",
        status,
        cards=[(one, name_of(one.endpoint), _said(desk, one)) for one in cards],
        most=limits.most_endpoints,
        filters=limits.event_filters,
        types=list(EventType),
        **figures_shown(desk),
        **known,
    )


def _said(desk: PartnerDesk, card: Any) -> Any:
    return health_said(desk.words, card.health.state)
