"""What failing endpoints need from the worker: a probe now and then, and a recovery afterwards."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from contracts.errors import Conflict
from contracts.recoveries import RecoverAsked, RecoveryState
from contracts.states import DeliveryState, EndpointState, HoldReason
from store.breakers import DOORSTEP
from store.locks import TO_CHANGE
from store.outbox import Startable, startables
from store.recoveries import begin_recovery
from store.tables import DeliveryRow, EndpointRow, PartnerRow, RecoveryRow

ASKED_AGAIN_AFTER = timedelta(minutes=1)
"""How long a delivery that was asked for as a probe has to be tried before another one is."""

BEFORE_IT_FAILED = timedelta(hours=1)
"""What was made so long before an endpoint began to fail may have been on its schedule then."""


def any_to_watch(session: Session, now: datetime) -> bool:
    """Whether some endpoint is to be probed or recovered; cheap enough to ask every few seconds."""
    return bool(_to_probe(session, now)) or bool(_to_recover(session))


def take_probes(session: Session, now: datetime) -> list[tuple[Startable, str]]:
    """For each endpoint whose probe is due the oldest delivery that its breaker holds: the event,
    and the delivery to ask for. Others leave it alone for a while."""
    found = []
    for endpoint_id in _to_probe(session, now):
        query = (
            select(DeliveryRow)
            .where(*_held(endpoint_id))
            .where(_not_asked_for(now))
            .order_by(col(DeliveryRow.created_at))
            .limit(1)
            .with_for_update(skip_locked=True, key_share=True)
        )
        for delivery in session.exec(query):
            delivery.next_attempt_at = now + ASKED_AGAIN_AFTER
            event = startables(session, [delivery.event_id])[0]
            found.append((event, delivery.id))
    return found


def begin_due_recoveries(session: Session, now: datetime) -> list[RecoveryRow]:
    """Begin a recovery for each endpoint that answers again: of what its breaker has held, and of
    what became a dead letter since it had begun to fail."""
    begun = []
    for endpoint_id in _to_recover(session):
        endpoint = session.get_one(EndpointRow, endpoint_id, with_for_update=TO_CHANGE)
        failed_since, endpoint.recover_since = endpoint.recover_since, None
        asked = RecoverAsked(since=failed_since - BEFORE_IT_FAILED if failed_since else None)
        try:
            begun.append(
                begin_recovery(session, endpoint_id, asked, now, actor=DOORSTEP, automatic=True)
            )
        except Conflict:  # switched off in this moment, or one runs: the next look decides
            endpoint.recover_since = failed_since
    return begun


def _to_probe(session: Session, now: datetime) -> Sequence[str]:
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
        *_can_be_sent_to(),
        held.exists(),
    )
    return session.exec(query).all()


def _to_recover(session: Session) -> Sequence[str]:
    """Endpoints that answer again, while no recovery of theirs runs."""
    running = select(RecoveryRow.id).where(
        col(RecoveryRow.endpoint_id) == col(EndpointRow.id),
        col(RecoveryRow.state) == RecoveryState.RUNNING,
    )
    query = select(EndpointRow.id).where(
        col(EndpointRow.recover_since).is_not(None),
        col(EndpointRow.opened_at).is_(None),
        *_can_be_sent_to(),
        ~running.exists(),
    )
    return session.exec(query).all()


def _can_be_sent_to() -> tuple[ColumnElement[bool], ...]:
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
