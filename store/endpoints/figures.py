"""The figures of a partner's endpoints for people: how each does in short, what is on hold for it
and why, and what its last attempts were of.

Cheap however much there is: sums of spans by the primary key, and counts that stop where nobody
reads on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from contracts.delivery.attempt_summary import EndedAttempt
from contracts.delivery.states import AttemptState, DeliveryState, HoldReason
from contracts.endpoints.health import Health
from contracts.payload.events import EventType
from store.endpoints.endpoints import list_endpoints
from store.endpoints.recent_attempts import health_by, last_attempts
from store.endpoints.windows import DAY, HOUR, span_start
from store.tables import AttemptRow, DeliveryRow, EndpointRow, EndpointSpanRow, EventRow

MOST_COUNTED = 1_000
"""A count goes one further and stops there: that is "more than" this to a reader."""

_MOST_ENDPOINTS = 50
_ATTEMPTS_BY_TYPE = 500
"""So many last attempts are counted by the type of their event: no sums are kept of that."""


@dataclass(frozen=True)
class AttemptCounts:
    """Attempts that have ended."""

    succeeded: int = 0
    failed: int = 0

    @property
    def success_rate(self) -> float | None:
        """From 0 to 1; None without attempts."""
        total = self.succeeded + self.failed
        return self.succeeded / total if total else None


@dataclass(frozen=True)
class EndpointCard:
    """An endpoint in short, with the attempts that it is judged by. `held` and `dead` as
    `count_in_state` counts them."""

    endpoint: EndpointRow
    health: Health
    attempts: Sequence[EndedAttempt]
    last_hour: AttemptCounts
    last_24_hours: AttemptCounts
    held: int
    dead: int


def endpoint_cards(session: Session, owner: str, now: datetime) -> list[EndpointCard]:
    """A partner's endpoints, in the order of their ids."""
    rows = list_endpoints(session, partner_id=owner, after=None, limit=_MOST_ENDPOINTS)
    return [_card(session, row, now) for row in rows]


def count_in_state(session: Session, endpoint_id: str, state: DeliveryState) -> int:
    """How many deliveries of an endpoint are in a state; at most one more than `MOST_COUNTED`."""
    some = (
        select_columns(col(DeliveryRow.created_at))
        .where(col(DeliveryRow.endpoint_id) == endpoint_id, col(DeliveryRow.state) == state)
        .limit(MOST_COUNTED + 1)
    )
    counted = select_columns(func.count()).select_from(some.subquery())
    return int(session.execute(counted).scalar_one())


def on_hold(session: Session, endpoint_id: str) -> Mapping[HoldReason, int]:
    """How many deliveries wait for an endpoint, by what they wait for; at most one more than
    `MOST_COUNTED` in all."""
    some = (
        select_columns(col(DeliveryRow.hold_reason))
        .where(col(DeliveryRow.endpoint_id) == endpoint_id)
        .where(col(DeliveryRow.state) == DeliveryState.HELD)
        .limit(MOST_COUNTED + 1)
        .subquery()
    )
    query = select_columns(some.c.hold_reason, func.count()).group_by(some.c.hold_reason)
    return {reason: count for reason, count in session.execute(query) if reason is not None}


def attempts_by_type(session: Session, endpoint_id: str) -> Mapping[EventType, AttemptCounts]:
    """What the last attempts were of, without those of test events."""
    last = (
        select_columns(col(AttemptRow.delivery_id), col(AttemptRow.state))
        .where(col(AttemptRow.endpoint_id) == endpoint_id)
        .where(col(AttemptRow.state).in_((AttemptState.SUCCEEDED, AttemptState.FAILED)))
        .order_by(col(AttemptRow.started_at).desc())
        .limit(_ATTEMPTS_BY_TYPE)
        .subquery()
    )
    succeeded = func.sum(case((last.c.state == AttemptState.SUCCEEDED, 1), else_=0))
    query = (
        select_columns(col(EventRow.event_type), succeeded, func.count())
        .join(DeliveryRow, col(DeliveryRow.id) == last.c.delivery_id)
        .join(EventRow, col(EventRow.event_id) == col(DeliveryRow.event_id))
        .where(col(EventRow.is_test).is_(False))
        .group_by(col(EventRow.event_type))
    )
    found = {EventType(one[0]): (int(one[1]), int(one[2])) for one in session.execute(query)}
    return {
        one: AttemptCounts(found[one][0], found[one][1] - found[one][0])
        for one in EventType
        if one in found
    }


def _card(session: Session, row: EndpointRow, now: datetime) -> EndpointCard:
    attempts = last_attempts(session, row)
    return EndpointCard(
        endpoint=row,
        health=health_by(row, attempts, now),
        attempts=attempts,
        last_hour=_attempts_of(session, row.id, now, HOUR),
        last_24_hours=_attempts_of(session, row.id, now, DAY),
        held=count_in_state(session, row.id, DeliveryState.HELD),
        dead=count_in_state(session, row.id, DeliveryState.DEAD_LETTERED),
    )


def _attempts_of(
    session: Session, endpoint_id: str, now: datetime, length: timedelta
) -> AttemptCounts:
    """The attempts of so much time, in whole spans, as `store/endpoints/windows.py` counts them."""
    columns = (EndpointSpanRow.succeeded, EndpointSpanRow.failed)
    sums = [func.coalesce(func.sum(col(one)), 0) for one in columns]
    query = select_columns(*sums).where(
        col(EndpointSpanRow.endpoint_id) == endpoint_id,
        col(EndpointSpanRow.started_at) > span_start(now) - length,
    )
    succeeded, failed = session.execute(query).one()
    return AttemptCounts(int(succeeded), int(failed))
