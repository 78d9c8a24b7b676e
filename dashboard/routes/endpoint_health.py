"""`/p/{partner_id}/endpoints/{endpoint_id}`: how one endpoint does, and its test events."""

from datetime import datetime
from typing import TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ValidationError
from sqlmodel import Session

from contracts.endpoints.endpoints import EndpointRehearsal, EndpointTest
from contracts.errors import Conflict, Invalid
from contracts.payload.events import EventType
from contracts.payload.scenarios import Scenario
from contracts.refusals import Refusal
from dashboard.dead_letters import name_of
from dashboard.endpoint_frame import HEALTH, SECRET, place_of, tab_page
from dashboard.endpoint_health import (
    RANGES,
    Now,
    Past,
    begins_of,
    now_shown,
    past_shown,
    see_now,
    see_past,
)
from dashboard.forms import Form
from dashboard.page_context import PartnerContext, PartnerPage
from store.endpoints import test_events
from store.recoveries.recoveries import list_recoveries
from store.tables import RecoveryRow

router = APIRouter(prefix="/p/{partner_id}/endpoints/{endpoint_id}")

_RECOVERIES = 5
M = TypeVar("M", bound=BaseModel)


@router.get("")
async def endpoint(context: PartnerPage, endpoint_id: str) -> Response:
    """How it does; with `test` in the query also what became of that test event."""
    query = context.request.query_params
    span = query.get("range", "")
    span = span if span in RANGES else next(iter(RANGES))
    begins = begins_of(context.now(), span)
    now, past, recoveries = await context.read(_see, context, endpoint_id, begins)
    shown = now_shown(context, now)
    shown.pop("endpoint")
    return tab_page(
        context,
        now.endpoint,
        HEALTH,
        recoveries=recoveries,
        types=list(EventType),
        scenarios=list(Scenario),
        live=_live(context, endpoint_id),
        **shown,
        **past_shown(context, past, span),
    )


@router.get("/live")
async def live(context: PartnerPage, endpoint_id: str) -> Response:
    """The part of the page that is kept up to date, by itself."""
    test = context.request.query_params.get("test")
    now = await context.read(see_now, endpoint_id, context.now(), test, owner=context.owner)
    return context.page(
        "endpoint_live",
        name=name_of(now.endpoint),
        place=place_of(endpoint_id),
        live=_live(context, endpoint_id),
        **now_shown(context, now),
    )


@router.post("/test")
async def send_test_event(context: PartnerPage, endpoint_id: str, fields: Form) -> Response:
    """Send a test event to this endpoint alone, by the way that every event goes."""
    asked = _chosen(context, EndpointTest, {"event_type": fields.text("type")}, "type")
    try:
        event_id = await context.write(
            test_events.accept_test_event,
            endpoint_id,
            asked.event_type,
            context.now(),
            actor=context.viewer.actor,
            owner=context.owner,
        )
    except Conflict:
        raise Conflict(context.words("test-refused"), cause=Refusal.SAID) from None
    tab = SECRET if fields.text("shown-on") == "secret" else HEALTH
    return context.go_to(f"{place_of(endpoint_id)}{tab}", test=event_id)


@router.post("/test-order")
async def send_test_order(context: PartnerPage, endpoint_id: str, fields: Form) -> Response:
    """Send the test events of a whole order to this endpoint alone."""
    asked = _chosen(context, EndpointRehearsal, {"scenario": fields.text("scenario")}, "scenario")
    try:
        made = await context.write(
            test_events.accept_rehearsal,
            endpoint_id,
            asked.scenario,
            context.now(),
            actor=context.viewer.actor,
            owner=context.owner,
        )
    except Conflict:
        raise Conflict(context.words("test-refused"), cause=Refusal.SAID) from None
    return context.go_to("/orders", order_id=made.order_id)


def _chosen(context: PartnerContext, kind: type[M], typed: dict[str, str], field: str) -> M:
    """What was chosen of a list. Invalid for what is not on it."""
    try:
        return kind.model_validate(typed)
    except ValidationError:
        said = context.words(f"endpoint-unknown-{field}")
        raise Invalid(said, field=field, cause=Refusal.SAID) from None


def _see(
    session: Session, context: PartnerContext, endpoint_id: str, begins: list[datetime]
) -> tuple[Now, Past, list[RecoveryRow]]:
    test = context.request.query_params.get("test")
    now = see_now(session, endpoint_id, context.now(), test, owner=context.owner)
    recoveries = list_recoveries(session, endpoint_id, after=None, limit=_RECOVERIES)
    return now, see_past(session, endpoint_id, begins), recoveries


def _live(context: PartnerContext, endpoint_id: str) -> str:
    """Where the part comes from that is kept up to date."""
    test = context.request.query_params.get("test")
    return f"{context.base}{place_of(endpoint_id)}/live" + (
        f"?{urlencode({'test': test})}" if test else ""
    )
