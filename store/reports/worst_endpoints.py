"""The endpoint of each partner that does worst: at a glance for all of them, in words for some."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from sqlalchemy import ScalarSelect, and_, case, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from contracts.delivery.attempt_summary import commonest
from contracts.delivery.states import AttemptState, EndpointState
from contracts.endpoints.health import (
    DEGRADED_PERCENT,
    FAILING_IN_A_ROW,
    LAST_ATTEMPTS,
    SWITCHED_OFF_BY_HAND,
    Health,
    HealthState,
)
from store.endpoints.recent_attempts import health_by, last_attempts
from store.tables import AttemptRow, DeliveryRow, EndpointRow, EventRow

_EVER = datetime.min.replace(tzinfo=UTC)
_RANKS = (
    HealthState.HEALTHY,
    HealthState.PAUSED,
    HealthState.DEGRADED,
    HealthState.DISABLED,
    HealthState.FAILING,
)
"""Of endpoints, the worst last."""


@dataclass(frozen=True)
class WorstEndpoint:
    """The endpoint of a partner that does worst, at a glance: the words come of `healths_of`.
    `given_up`: Doorstep has switched it off."""

    id: str
    state: HealthState
    given_up: bool


@dataclass(frozen=True)
class EndpointTrouble:
    """What is wrong with an endpoint: how it does, where it lies, and the code of the commonest of
    its last failures."""

    health: Health
    host: str
    code: str | None


def worst_endpoints(session: Session) -> Mapping[str, WorstEndpoint]:
    """Of each partner that has endpoints."""
    query = select_columns(
        col(EndpointRow.id),
        col(EndpointRow.partner_id),
        col(EndpointRow.state),
        col(EndpointRow.state_reason),
        col(EndpointRow.opened_at),
        col(EndpointRow.failures_in_row),
        _failed_lately(),
    ).where(col(EndpointRow.removed_at).is_(None))
    found: dict[str, WorstEndpoint] = {}
    for endpoint_id, partner_id, state, reason, *facts in session.execute(query):
        by_hand = reason in (None, SWITCHED_OFF_BY_HAND)
        given_up = state is EndpointState.DISABLED and not by_hand
        one = WorstEndpoint(endpoint_id, _at_a_glance(state, *facts), given_up)
        known = found.get(partner_id)
        if known is None or _rank(one) > _rank(known):
            found[partner_id] = one
    return found


def troubles_of_worst(
    session: Session, worst: Sequence[WorstEndpoint], now: datetime
) -> Mapping[str, EndpointTrouble]:
    """What is wrong with these, by their ids; of those that are not simply well."""
    ids = [one.id for one in worst if one.state is not HealthState.HEALTHY]
    endpoints = session.exec(select(EndpointRow).where(col(EndpointRow.id).in_(ids))).all()
    return {one.id: _trouble(session, one, now) for one in endpoints}


def _trouble(session: Session, endpoint: EndpointRow, now: datetime) -> EndpointTrouble:
    attempts = last_attempts(session, endpoint)
    health = health_by(endpoint, attempts, now)
    failed = commonest([one for one in attempts if one.charged and not one.succeeded])
    host = urlsplit(endpoint.url).hostname or ""
    return EndpointTrouble(health, host, failed[0].code if failed else None)


def _failed_lately() -> ScalarSelect[float | None]:
    """Which share of an endpoint's last attempts failed: taken by the database, because there are
    twenty attempts of each endpoint and few of them matter. Without those of tests, which are found
    once for all endpoints, and those from before it was moved or switched on."""
    state, failed = col(AttemptRow.state), AttemptState.FAILED
    since = func.coalesce(col(EndpointRow.mended_at), _EVER)
    counts = or_(
        state == AttemptState.SUCCEEDED, and_(state == failed, col(AttemptRow.charged).is_(True))
    )
    tests = (
        select(DeliveryRow.id)
        .join(EventRow, col(EventRow.event_id) == col(DeliveryRow.event_id))
        .where(col(EventRow.is_test))
    )
    attempts = (
        select(AttemptRow.state)
        .where(col(AttemptRow.endpoint_id) == col(EndpointRow.id), counts)
        .where(col(AttemptRow.started_at) >= since, col(AttemptRow.delivery_id).not_in(tests))
        .order_by(col(AttemptRow.started_at).desc())
        .limit(LAST_ATTEMPTS)
        .correlate(EndpointRow)
        .subquery()
    )
    share = func.avg(case((attempts.c.state == failed, 1.0), else_=0.0))
    return select_columns(share).scalar_subquery()


def _at_a_glance(
    state: EndpointState, opened_at: datetime | None, in_a_row: int, failed: float | None
) -> HealthState:
    """As `contracts.endpoints.health.judge` would say, but for rare cases."""
    if state is not EndpointState.ENABLED:
        return HealthState.PAUSED if state is EndpointState.PAUSED else HealthState.DISABLED
    if opened_at is not None or in_a_row >= FAILING_IN_A_ROW:
        return HealthState.FAILING
    degraded = failed is not None and failed * 100 >= DEGRADED_PERCENT
    return HealthState.DEGRADED if degraded else HealthState.HEALTHY


def _rank(one: WorstEndpoint) -> tuple[bool, int]:
    return one.given_up, _RANKS.index(one.state)
