"""What the overview of one partner shows: how today goes, what waits, and the last 24 hours.

Every count is of a bounded time, or stops at `MOST_COUNTED`, and is made by an index of the
partner's own rows: it costs the same however old the partner is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from contracts.delivery.states import DeliveryState
from contracts.endpoints.health import Health
from store.endpoints.recent_attempts import healths_of
from store.events.filters import EventFilter
from store.events.search import ListedEvent, list_events
from store.tables import DeadLetterRow, DeliveryRow, EndpointRow, EventRow

MOST_COUNTED = 10_000
"""What waits is counted no further: beyond it, it is "more than"."""

MEASURED = 500
"""The times of so many deliveries are looked at, the last ones of the day."""

NOT_DELIVERED = (DeliveryState.DEAD_LETTERED, DeliveryState.DISCARDED, DeliveryState.EXPIRED)
UNDER_WAY = (DeliveryState.PENDING, DeliveryState.HELD, DeliveryState.DELIVERING)
_LAST_EVENTS = 6


@dataclass(frozen=True)
class Outcome:
    """Deliveries by what became of them. Skipped ones are none of these: nothing was to be sent."""

    delivered: int = 0
    not_delivered: int = 0
    under_way: int = 0

    @property
    def rate(self) -> float | None:
        """Which share of those that have ended arrived, from 0 to 1; None when none has ended."""
        ended = self.delivered + self.not_delivered
        return self.delivered / ended if ended else None


@dataclass(frozen=True)
class Propagation:
    """Seconds from the acceptance of an event to its delivery: half took no longer than `p50_s`."""

    count: int
    p50_s: float
    p95_s: float


@dataclass(frozen=True)
class Overview:
    """One partner, at a glance. `hours` are in the order of the hours that were asked for."""

    events_today: int
    today: Outcome
    propagation: Propagation | None
    held: int
    dead_letters: int
    hours: Sequence[Outcome]
    endpoints: Sequence[tuple[EndpointRow, Health]]
    last_events: Sequence[ListedEvent]

    @property
    def is_new(self) -> bool:
        """Whether nothing was set up yet, or has ever come."""
        return not self.endpoints and not self.last_events


def read_overview(
    session: Session, owner: str, now: datetime, day: datetime, hours: Sequence[datetime]
) -> Overview:
    """Everything. `day` is when today began, `hours` when each hour of the chart did."""
    events = list_events(session, EventFilter(), owner=owner, after=None, limit=_LAST_EVENTS)
    endpoints = _endpoints(session, owner)
    healths = healths_of(session, endpoints, now)
    return Overview(
        events_today=_events_since(session, owner, day),
        today=_today(session, owner, day),
        propagation=_propagation(session, owner, day),
        held=_held(session, owner),
        dead_letters=_dead_letters(session, owner),
        hours=_by_hour(session, owner, hours),
        endpoints=[(one, healths[one.id]) for one in endpoints],
        last_events=events,
    )


def _events_since(session: Session, owner: str, since: datetime) -> int:
    query = select(func.count()).where(
        col(EventRow.partner_id) == owner, col(EventRow.accepted_at) >= since
    )
    return session.exec(query).one()


def _today(session: Session, owner: str, day: datetime) -> Outcome:
    state = col(DeliveryRow.state)
    query = select(state, func.count()).where(*_made_since(owner, day)).group_by(state)
    return _outcome(dict(session.exec(query).all()))


def _by_hour(session: Session, owner: str, hours: Sequence[datetime]) -> list[Outcome]:
    """The deliveries that were made in each hour, by how they stand now."""
    state, created_at = col(DeliveryRow.state), col(DeliveryRow.created_at)
    ends = enumerate(hours[1:])
    hour = case(*((created_at < end, number) for number, end in ends), else_=len(hours) - 1)
    query = (
        select_columns(hour, state, func.count())
        .where(*_made_since(owner, hours[0]))
        .group_by(hour, state)
    )
    found: dict[int, dict[DeliveryState, int]] = {}
    for number, its_state, count in session.execute(query):
        found.setdefault(number, {})[its_state] = count
    return [_outcome(found.get(number, {})) for number in range(len(hours))]


def _made_since(owner: str, since: datetime) -> tuple[Any, ...]:
    """Each state is named, so that the index of partner, state and time finds them."""
    return (
        col(DeliveryRow.partner_id) == owner,
        col(DeliveryRow.state).in_((DeliveryState.DELIVERED, *NOT_DELIVERED, *UNDER_WAY)),
        col(DeliveryRow.created_at) >= since,
    )


def _outcome(counts: Mapping[DeliveryState, int]) -> Outcome:
    return Outcome(
        delivered=counts.get(DeliveryState.DELIVERED, 0),
        not_delivered=sum(counts.get(one, 0) for one in NOT_DELIVERED),
        under_way=sum(counts.get(one, 0) for one in UNDER_WAY),
    )


def _propagation(session: Session, owner: str, day: datetime) -> Propagation | None:
    """Of the last ones alone: they are picked before their events are looked up."""
    last = (
        select_columns(col(DeliveryRow.event_id), col(DeliveryRow.delivered_at))
        .where(
            col(DeliveryRow.partner_id) == owner,
            col(DeliveryRow.state) == DeliveryState.DELIVERED,
            col(DeliveryRow.created_at) >= day,
        )
        .order_by(col(DeliveryRow.created_at).desc())
        .limit(MEASURED)
        .subquery()
    )
    query = (
        select_columns(last.c.delivered_at, col(EventRow.accepted_at))
        .join(last, col(EventRow.event_id) == last.c.event_id)
        .where(last.c.delivered_at.is_not(None))
    )
    took = sorted((end - start).total_seconds() for end, start in session.execute(query))
    if not took:
        return None
    return Propagation(len(took), _percentile(took, 50), _percentile(took, 95))


def _percentile(ordered: Sequence[float], percent: int) -> float:
    """The value that so many percent did not exceed (nearest rank)."""
    return max(0.0, ordered[-(-len(ordered) * percent // 100) - 1])


def _held(session: Session, owner: str) -> int:
    held = select(DeliveryRow.id).where(
        col(DeliveryRow.partner_id) == owner, col(DeliveryRow.state) == DeliveryState.HELD
    )
    return _count_some(session, held)


def _dead_letters(session: Session, owner: str) -> int:
    unresolved = select(DeadLetterRow.id).where(
        col(DeadLetterRow.partner_id) == owner, col(DeadLetterRow.resolved_at).is_(None)
    )
    return _count_some(session, unresolved)


def _count_some(session: Session, query: Any) -> int:
    some = query.limit(MOST_COUNTED + 1).subquery()
    return session.exec(select(func.count()).select_from(some)).one()


def _endpoints(session: Session, owner: str) -> Sequence[EndpointRow]:
    query = (
        select(EndpointRow)
        .where(col(EndpointRow.partner_id) == owner, col(EndpointRow.removed_at).is_(None))
        .order_by(col(EndpointRow.id))
    )
    return session.exec(query).all()
