"""Endpoints that are switched off within a day unless they answer: people are told before it is
too late."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from contracts.delivery.states import AttemptState
from contracts.endpoints.circuit_breaker import DISABLED_AFTER, MOST_APART
from store.endpoints.notifications import notify_disabled_soon
from store.endpoints.probes import can_be_sent_to
from store.tables import AttemptRow, DeliveryRow, EndpointRow, EventRow

WARNED_BEFORE = timedelta(days=1)


def endpoints_disabled_soon(session: Session, now: datetime) -> Sequence[str]:
    """Those whose breaker has been open for four days, and that fail still."""
    return session.exec(select(EndpointRow.id).where(*_is_disabled_soon(now))).all()


def warn_of_disabling(session: Session, endpoint_id: str, now: datetime) -> bool:
    """Have people told that an endpoint will be switched off, once for each time that its breaker
    opens; whether that is news. Nobody is, where it has answered meanwhile."""
    query = select(EndpointRow).where(col(EndpointRow.id) == endpoint_id, *_is_disabled_soon(now))
    endpoint = session.exec(query.with_for_update(key_share=True, of=EndpointRow)).first()
    if endpoint is None or endpoint.opened_at is None:
        return False
    disabled_at = endpoint.opened_at + DISABLED_AFTER
    attempt = _last_failed(session, endpoint_id)
    return notify_disabled_soon(session, endpoint, attempt, disabled_at, now)


def _is_disabled_soon(now: datetime) -> list[ColumnElement[bool]]:
    """Where nothing has failed for a day, the days are counted anew: it is not off soon."""
    return [
        col(EndpointRow.opened_at) > now - DISABLED_AFTER,
        col(EndpointRow.opened_at) <= now - DISABLED_AFTER + WARNED_BEFORE,
        col(EndpointRow.last_failed_at) > now - MOST_APART,
        *can_be_sent_to(),
    ]


def _last_failed(session: Session, endpoint_id: str) -> AttemptRow | None:
    """The last attempt that failed, without those of test events."""
    query = (
        select(AttemptRow)
        .join(DeliveryRow, col(DeliveryRow.id) == col(AttemptRow.delivery_id))
        .join(EventRow, col(EventRow.event_id) == col(DeliveryRow.event_id))
        .where(
            col(AttemptRow.endpoint_id) == endpoint_id,
            col(AttemptRow.state) == AttemptState.FAILED,
            ~col(EventRow.is_test),
        )
        .order_by(col(AttemptRow.started_at).desc())
        .limit(1)
    )
    return session.exec(query).first()
