"""An endpoint's last tries that have ended, and how it does by them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from contracts.endpoint_health import LAST_TRIES, Facts, Health, judge
from contracts.states import AttemptState
from contracts.tries import Try
from store.breakers import breaker_of
from store.tables import AttemptRow, EndpointRow

_ENDED = (AttemptState.SUCCEEDED, AttemptState.FAILED)


def last_tries(session: Session, endpoint_id: str) -> list[Try]:
    """The last ones to begin, of those that have ended by an answer or for want of one."""
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
        .where(col(AttemptRow.endpoint_id) == endpoint_id, col(AttemptRow.state).in_(_ENDED))
        .order_by(columns[0].desc())
        .limit(LAST_TRIES)
    )
    return [Try(*row) for row in session.execute(query)]


def health_by(endpoint: EndpointRow, tries: Sequence[Try], now: datetime) -> Health:
    """How an endpoint does by these tries, the newest first."""
    return judge(Facts(endpoint.state, endpoint.state_reason, breaker_of(endpoint), tries), now)


def healths_of(
    session: Session, endpoints: Sequence[EndpointRow], now: datetime
) -> Mapping[str, Health]:
    """How each of these does, by its id. They are asked for one by one: no database finds the last
    few of each of many at once without reading all."""
    return {one.id: health_by(one, last_tries(session, one.id), now) for one in endpoints}
