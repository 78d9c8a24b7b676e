"""The figures of a partner's endpoints for people: how each does in short, and its attempts by
hour.

Cheap however much there is: sums of spans by the primary key, and counts that stop where nobody
reads on.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from contracts.delivery.states import DeliveryState
from contracts.endpoints.health import Health
from store.endpoints.endpoints import list_endpoints
from store.endpoints.recent_attempts import health_by, last_attempts
from store.endpoints.windows import DAY, HOUR, span_start
from store.tables import DeliveryRow, EndpointRow, EndpointSpanRow

MOST_COUNTED = 1_000
"""A count goes one further and stops there: that is "more than" this to a reader."""

_MOST_ENDPOINTS = 50


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
    """An endpoint in short. `held` and `dead` as `count_in_state` counts them."""

    endpoint: EndpointRow
    health: Health
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


def attempts_by_hour(
    session: Session, endpoint_id: str, hours: Sequence[datetime]
) -> list[AttemptCounts]:
    """The attempts that ended in each of these hours, given by their beginnings in order."""
    columns = (EndpointSpanRow.started_at, EndpointSpanRow.succeeded, EndpointSpanRow.failed)
    query = select_columns(*map(col, columns)).where(
        col(EndpointSpanRow.endpoint_id) == endpoint_id,
        col(EndpointSpanRow.started_at) >= hours[0],
    )
    sums = [[0, 0] for _ in hours]
    for started_at, succeeded, failed in session.execute(query):
        of_hour = sums[bisect_right(hours, started_at) - 1]
        of_hour[0] += succeeded
        of_hour[1] += failed
    return [AttemptCounts(*one) for one in sums]


def _card(session: Session, row: EndpointRow, now: datetime) -> EndpointCard:
    return EndpointCard(
        endpoint=row,
        health=health_by(row, last_attempts(session, row.id), now),
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
