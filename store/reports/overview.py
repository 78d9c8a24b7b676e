"""What the overview of one partner shows: how messages and parcels stand today, what is in the way
now, and for longer ranges the days before.

Every count is of a bounded time, or stops somewhere, and is made by an index of the partner's own
rows, or of its days: it costs the same however old the partner is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from contracts.delivery.standing import Situation, Standing, standing_of
from contracts.delivery.states import DeliveryState
from contracts.endpoints.health import Health, HealthState
from contracts.outcomes.periods import bounds_of
from store.endpoints.recent_attempts import healths_of
from store.events.filters import EventFilter
from store.events.search import ListedEvent, list_events
from store.instructions.unanswered import count_unanswered
from store.partners.partners import get_partner
from store.reports.days import DayCounts, counts_of, days_of
from store.reports.parcels import Parcels, out_for_delivery, parcels_between
from store.reports.tallies import open_tallies, tallies_between, tallies_by_part, unprocessed
from store.tables import DeliveryRow, DroppedEventsRow, EndpointRow, EventRow, PartnerRow

MEASURED = 200
"""The times of so many messages are looked at, the last ones of the day."""

_LAST_EVENTS = 6
_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Range:
    """What to look at: today, by the hour, or so many days until today. `hours` are the beginnings
    of today's hours; `zone` is whose days they are."""

    now: datetime
    hours: Sequence[datetime]
    zone: str
    days: int = 1

    @property
    def today(self) -> date:
        """The day that it is."""
        return self.hours[0].date()

    @property
    def begins(self) -> datetime:
        """When today began."""
        return self.hours[0]

    @property
    def ends(self) -> datetime:
        """When today's last hour ends."""
        return self.hours[-1] + timedelta(hours=1)


@dataclass(frozen=True)
class Propagation:
    """Seconds from the acceptance of an event to its message: half took no longer than `p50_s`."""

    count: int
    p50_s: float
    p95_s: float


@dataclass(frozen=True)
class Overview:
    """One partner, at a glance. `made` is how the messages of the whole range stand, `parts` each
    of its hours or days, in order; `before` is the range before, as far as it is known."""

    now: Standing
    today: Standing
    made: DayCounts
    before: DayCounts
    parts: Sequence[DayCounts]
    out_for_delivery: int
    to_answer: int
    propagation: Propagation | None
    endpoints: Sequence[tuple[EndpointRow, Health]]
    last_events: Sequence[ListedEvent]
    gone_until: datetime | None = None
    """Events that were accepted before are dropped."""

    @property
    def is_new(self) -> bool:
        """Whether nothing was set up yet, or has ever come."""
        return not self.endpoints and not self.last_events


def read_overview(session: Session, owner: str, asked: Range) -> Overview:
    """Everything."""
    endpoints = _endpoints(session, owner)
    healths = healths_of(session, endpoints, asked.now)
    hours = tallies_by_part(session, owner, [*asked.hours, asked.ends])
    today = standing_of(one for hour in hours for one in hour)
    parcels = parcels_between(session, owner, asked.begins, asked.ends)
    counts = counts_of(today, parcels.delivered, parcels.failed_deliveries)
    parts: list[DayCounts] = [counts_of(standing_of(hour)) for hour in hours]
    if asked.days > 1:
        parts = [*_days_before(session, owner, asked), counts]
    return Overview(
        now=standing_of(
            open_tallies(session, owner, asked.now),
            _situation(session, get_partner(session, owner), list(healths.values()), asked.now),
        ),
        today=today,
        made=sum(parts, DayCounts()) if asked.days > 1 else counts,
        before=_before(session, owner, asked),
        parts=parts,
        out_for_delivery=out_for_delivery(session, owner, asked.begins, asked.ends),
        to_answer=count_unanswered(session, owner, asked.now),
        propagation=_propagation(session, owner, asked.begins),
        endpoints=[(one, healths[one.id]) for one in endpoints],
        last_events=list_events(
            session, EventFilter(), owner=owner, after=None, limit=_LAST_EVENTS
        ),
        gone_until=_gone_until(session, owner),
    )


def read_standing(session: Session, owner: str, now: datetime) -> Standing:
    """How a partner stands now: what is on hold, failed, late or in the way."""
    endpoints = _endpoints(session, owner)
    healths = healths_of(session, endpoints, now)
    situation = _situation(session, get_partner(session, owner), list(healths.values()), now)
    return standing_of(open_tallies(session, owner, now), situation)


def _situation(
    session: Session, partner: PartnerRow, healths: Sequence[Health], now: datetime
) -> Situation:
    """What stands in the way. While webhooks are off, how endpoints do is of no matter."""
    states = [one.state for one in healths] if partner.webhook_enabled else []
    return Situation(
        paused=partner.paused_at is not None,
        nothing_is_sent=not partner.webhook_enabled and not partner.sms_enabled,
        endpoints_off=states.count(HealthState.DISABLED) + states.count(HealthState.PAUSED),
        endpoints_failing=states.count(HealthState.FAILING),
        endpoints_flaky=states.count(HealthState.DEGRADED),
        unprocessed=unprocessed(session, partner.id, now),
    )


def _days_before(session: Session, owner: str, asked: Range) -> list[DayCounts]:
    """Each day of the range before today, by its rollup."""
    first, last = asked.today - _A_DAY * (asked.days - 1), asked.today - _A_DAY
    known = days_of(session, owner, first, last)
    return [known.get(first + _A_DAY * number, DayCounts()) for number in range(asked.days - 1)]


def _before(session: Session, owner: str, asked: Range) -> DayCounts:
    """The range before: yesterday until the same time of day; or so many days, of the last of which
    the part that today has had, too."""
    same_day = asked.today - _A_DAY * asked.days
    begins, ends = bounds_of(same_day, asked.zone)
    until = min(ends, begins + (asked.now - asked.begins))
    standing = standing_of(tallies_between(session, owner, begins, until))
    parcels: Parcels = parcels_between(session, owner, begins, until)
    counts = counts_of(standing, parcels.delivered, parcels.failed_deliveries)
    if asked.days == 1:
        return counts
    known: Mapping[date, DayCounts] = days_of(
        session, owner, same_day - _A_DAY * (asked.days - 1), same_day
    )
    whole = known.get(same_day, DayCounts())
    days = [one for day, one in known.items() if day != same_day]
    # of a day whose events are gone there is the whole alone
    return sum(days, counts if counts.all or not whole.all else whole)


def _gone_until(session: Session, owner: str) -> datetime | None:
    dropped = session.get(DroppedEventsRow, owner)
    return dropped.until if dropped else None


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
        .where(last.c.delivered_at.is_not(None), ~col(EventRow.is_test))
    )
    took = sorted((end - start).total_seconds() for end, start in session.execute(query))
    if not took:
        return None
    return Propagation(len(took), _percentile(took, 50), _percentile(took, 95))


def _percentile(ordered: Sequence[float], percent: int) -> float:
    """The value that so many percent did not exceed (nearest rank)."""
    return max(0.0, ordered[-(-len(ordered) * percent // 100) - 1])


def _endpoints(session: Session, owner: str) -> Sequence[EndpointRow]:
    query = (
        select(EndpointRow)
        .where(col(EndpointRow.partner_id) == owner, col(EndpointRow.removed_at).is_(None))
        .order_by(col(EndpointRow.id))
    )
    return session.exec(query).all()
