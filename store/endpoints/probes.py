"""What failing endpoints need from the worker: a probe now and then, and a recovery afterwards."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from contracts.delivery.states import DeliveryState, EndpointState, HoldReason
from store.events.outbox import Startable, startables
from store.tables import DeliveryRow, EndpointRow, PartnerRow

REQUESTED_AGAIN_AFTER = timedelta(minutes=1)
"""How long a delivery that was asked for as a probe has to be tried before another one is."""


def take_probes(session: Session, now: datetime) -> list[tuple[Startable, str]]:
    """For each endpoint whose probe is due the oldest delivery that its breaker holds: the event,
    and the delivery to ask for. Others leave it alone for a while."""
    found = []
    for endpoint_id in to_probe(session, now):
        query = (
            select(DeliveryRow)
            .where(*_held(endpoint_id))
            .where(_not_asked_for(now))
            .order_by(col(DeliveryRow.created_at))
            .limit(1)
            .with_for_update(skip_locked=True, key_share=True)
        )
        for delivery in session.exec(query):
            delivery.next_attempt_at = now + REQUESTED_AGAIN_AFTER
            event = startables(session, [delivery.event_id])[0]
            found.append((event, delivery.id))
    return found


def to_probe(session: Session, now: datetime) -> Sequence[str]:
    """Endpoints whose probe is due and that have something to be tried with."""
    held = (
        select(DeliveryRow.id)
        .where(col(DeliveryRow.endpoint_id) == col(EndpointRow.id))
        .where(col(DeliveryRow.state) == DeliveryState.HELD)
        .where(col(DeliveryRow.hold_reason) == HoldReason.ENDPOINT_FAILING)
        .where(_not_asked_for(now))
    )
    query = select(EndpointRow.id).where(
        col(EndpointRow.opened_at).is_not(None),
        col(EndpointRow.probe_at) <= now,
        *can_be_sent_to(),
        held.exists(),
    )
    return session.exec(query).all()


def can_be_sent_to() -> tuple[ColumnElement[bool], ...]:
    """What a query asks of an endpoint that may be sent to now."""
    paused = select(PartnerRow.id).where(
        col(PartnerRow.id) == col(EndpointRow.partner_id), col(PartnerRow.paused_at).is_not(None)
    )
    return (
        col(EndpointRow.state) == EndpointState.ENABLED,
        col(EndpointRow.removed_at).is_(None),
        ~paused.exists(),
    )


def _held(endpoint_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        col(DeliveryRow.endpoint_id) == endpoint_id,
        col(DeliveryRow.state) == DeliveryState.HELD,
        col(DeliveryRow.hold_reason) == HoldReason.ENDPOINT_FAILING,
    )


def _not_asked_for(now: datetime) -> ColumnElement[bool]:
    asked_for = col(DeliveryRow.next_attempt_at)
    return or_(asked_for.is_(None), asked_for <= now)
