"""An endpoint's last attempts that have ended, and how it does by them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from contracts.delivery.attempt_summary import EndedAttempt
from contracts.delivery.states import AttemptState
from contracts.endpoints.health import LAST_ATTEMPTS, Facts, Health, judge
from store.endpoints.answering import breaker_of
from store.tables import AttemptRow, DeliveryRow, EndpointRow, EventRow

_ENDED = (AttemptState.SUCCEEDED, AttemptState.FAILED)


def last_attempts(session: Session, endpoint: EndpointRow) -> list[EndedAttempt]:
    """The last ones to begin, of those that have ended by an answer or for want of one. Without
    those of test events, and without those from before the endpoint was moved or switched on: they
    say nothing of it as it is now."""
    columns = (
        col(AttemptRow.started_at),
        col(AttemptRow.state),
        col(AttemptRow.charged),
        col(AttemptRow.code),
        col(AttemptRow.status_code),
        col(AttemptRow.duration_ms),
    )
    query = (
        select(*columns)
        .join(DeliveryRow, col(DeliveryRow.id) == col(AttemptRow.delivery_id))
        .join(EventRow, col(EventRow.event_id) == col(DeliveryRow.event_id))
        .where(col(AttemptRow.endpoint_id) == endpoint.id, col(AttemptRow.state).in_(_ENDED))
        .where(col(EventRow.is_test).is_(False))
        .order_by(columns[0].desc())
        .limit(LAST_ATTEMPTS)
    )
    if endpoint.mended_at is not None:
        query = query.where(columns[0] >= endpoint.mended_at)
    return [EndedAttempt(*row) for row in session.execute(query)]


def health_by(endpoint: EndpointRow, attempts: Sequence[EndedAttempt], now: datetime) -> Health:
    """How an endpoint does by these attempts, the newest first."""
    return judge(Facts(endpoint.state, endpoint.state_reason, breaker_of(endpoint), attempts), now)


def healths_of(
    session: Session, endpoints: Sequence[EndpointRow], now: datetime
) -> Mapping[str, Health]:
    """How each of these does, by its id. They are asked for one by one: no database finds the last
    few of each of many at once without reading all."""
    return {one.id: health_by(one, last_attempts(session, one), now) for one in endpoints}
