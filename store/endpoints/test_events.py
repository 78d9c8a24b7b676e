"""Test events: real ones, for one endpoint only, one by itself or those of a whole order."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import update
from sqlmodel import Session, col

from contracts.access.audit import AuditAction
from contracts.delivery.states import EndpointState
from contracts.endpoints.endpoints import Rehearsed
from contracts.errors import Conflict
from contracts.ids import IdKind, new_id
from contracts.payload.events import EventType, TrackingEvent
from contracts.payload.samples import sample_event
from contracts.payload.scenarios import Scenario, scenario_events
from contracts.refusals import Refusal
from store.access.audit import record
from store.access.budgets import TEST_EVENTS, spend
from store.endpoints.endpoints import get_endpoint
from store.events import acceptance
from store.tables import EndpointRow, EventRow, PartnerRow


def accept_test_event(
    session: Session,
    endpoint_id: str,
    event_type: EventType,
    now: datetime,
    *,
    actor: str,
    owner: str | None = None,
) -> str:
    """Put a test event for this endpoint into the outbox; gives its id.

    NotFound without such an endpoint; Conflict while it or its partner is switched off;
    LimitReached after many in a short while: nobody has proven that the URL is theirs.
    """
    endpoint = _endpoint_that_is_on(session, endpoint_id, owner)
    event_id = new_id(IdKind.TEST_EVENT)
    event = sample_event(event_type, event_id=event_id, partner_id=endpoint.partner_id, now=now)
    _accept(session, endpoint, [event], now)
    _record(session, endpoint, now, actor, event_id=event_id, type=event_type)
    return event_id


def accept_rehearsal(
    session: Session,
    endpoint_id: str,
    scenario: Scenario,
    now: datetime,
    *,
    actor: str,
    owner: str | None = None,
) -> Rehearsed:
    """Put all events of a test order for this endpoint into the outbox, each at the cost of one
    test event. Refused as one test event is."""
    endpoint = _endpoint_that_is_on(session, endpoint_id, owner)
    make_id = partial(new_id, IdKind.TEST_EVENT)
    events = scenario_events(scenario, partner_id=endpoint.partner_id, now=now, make_id=make_id)
    _accept(session, endpoint, events, now)
    order_id = events[0].data.order.order_id
    _record(session, endpoint, now, actor, order_id=order_id, scenario=scenario)
    return Rehearsed(
        order_id=order_id, scenario=scenario, event_ids=[one.event_id for one in events]
    )


def _endpoint_that_is_on(session: Session, endpoint_id: str, owner: str | None) -> EndpointRow:
    endpoint = get_endpoint(session, endpoint_id, owner=owner)
    if endpoint.state is not EndpointState.ENABLED:
        raise Conflict(
            f"endpoint {endpoint.id} is {endpoint.state}: enable it first",
            cause=Refusal.ENDPOINT_OFF,
        )
    if session.get_one(PartnerRow, endpoint.partner_id).paused_at is not None:
        raise Conflict(
            f"partner {endpoint.partner_id} is paused: resume it first", cause=Refusal.PAUSED
        )
    return endpoint


def _accept(
    session: Session, endpoint: EndpointRow, events: Sequence[TrackingEvent], now: datetime
) -> None:
    for event in events:
        spend(session, TEST_EVENTS, endpoint.id, now)
        acceptance.accept(session, event, now)
    ids = [event.event_id for event in events]
    session.execute(
        update(EventRow).where(col(EventRow.event_id).in_(ids)).values(only_target=endpoint.id)
    )


def _record(
    session: Session, endpoint: EndpointRow, now: datetime, actor: str, **details: str
) -> None:
    record(
        session,
        actor=actor,
        action=AuditAction.ENDPOINT_TESTED,
        object_id=endpoint.id,
        partner_id=endpoint.partner_id,
        details=details,
        now=now,
    )
