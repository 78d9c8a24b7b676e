"""Test events: real ones, for one endpoint only."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from contracts.access.audit import AuditAction
from contracts.delivery.states import EndpointState
from contracts.errors import Conflict
from contracts.ids import IdKind, new_id
from contracts.payload.events import EventType
from contracts.payload.samples import sample_event
from store.access.audit import record
from store.access.budgets import TEST_EVENTS, spend
from store.endpoints.endpoints import get_endpoint
from store.events import acceptance
from store.tables import EventRow, PartnerRow


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
    endpoint = get_endpoint(session, endpoint_id, owner=owner)
    if endpoint.state is not EndpointState.ENABLED:
        raise Conflict(f"endpoint {endpoint.id} is {endpoint.state}: enable it first")
    if session.get_one(PartnerRow, endpoint.partner_id).paused_at is not None:
        raise Conflict(f"partner {endpoint.partner_id} is paused: resume it first")
    spend(session, TEST_EVENTS, endpoint.id, now)
    event_id = new_id(IdKind.TEST_EVENT)
    event = sample_event(event_type, event_id=event_id, partner_id=endpoint.partner_id, now=now)
    acceptance.accept(session, event, now)
    session.execute(
        update(EventRow).where(col(EventRow.event_id) == event_id).values(only_target=endpoint_id)
    )
    record(
        session,
        actor=actor,
        action=AuditAction.ENDPOINT_TESTED,
        object_id=endpoint.id,
        partner_id=endpoint.partner_id,
        details={"event_id": event_id, "type": event_type},
        now=now,
    )
    return event_id
