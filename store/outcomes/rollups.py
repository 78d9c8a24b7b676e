"""Keeps the rows of days as they should be: counts those that are due, or all of them anew."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from contracts.outcomes.periods import bounds_of, day_of
from store.outcomes.counting import count_day
from store.tables import OUTCOME_DAYS, DroppedEventsRow, EventRow, PartnerRow

Day = tuple[str, date, str]
"""A partner, one of its days, and its time zone."""


def count_next_due(session: Session, now: datetime) -> bool:
    """Count the day that is due longest; False where none is. What another worker counts is left
    to it."""
    columns = OUTCOME_DAYS.c
    due = (
        select(columns.partner_id, columns.day, columns.time_zone)
        .where(columns.due_at <= now)
        .order_by(columns.due_at)
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True)
    )
    found = session.execute(due).first()
    if found is None:
        return False
    partner_id, day, time_zone = found
    count_day(session, partner_id, day, time_zone, now)
    return True


def days_with_events(session: Session, partner_id: str | None = None) -> list[Day]:
    """Every day on which an event was accepted, of one partner or of all, and those that had one
    in a time zone that the partner has left. Days of which events may have been dropped are not
    among them: what was counted of those stands."""
    query = select(col(PartnerRow.id), col(PartnerRow.time_zone)).order_by(col(PartnerRow.id))
    if partner_id is not None:
        query = query.where(col(PartnerRow.id) == partner_id)
    return [
        (name, day, zone)
        for name, zone in session.execute(query).all()
        for day in _whole_days(session, name, zone)
    ]


def _whole_days(session: Session, partner_id: str, time_zone: str) -> list[date]:
    dropped = session.get(DroppedEventsRow, partner_id)
    days = _days_to_count(session, partner_id, time_zone)
    return [one for one in days if not dropped or bounds_of(one, time_zone)[0] >= dropped.until]


def _days_to_count(session: Session, partner_id: str, time_zone: str) -> list[date]:
    days = set(_days_of(session, partner_id, time_zone))
    if not days:
        return []
    columns = OUTCOME_DAYS.c
    in_another_zone = select(columns.day).where(
        columns.partner_id == partner_id,
        columns.day >= min(days) - timedelta(days=1),
        columns.time_zone != time_zone,
    )
    return sorted(days.union(session.execute(in_another_zone).scalars()))


def _days_of(session: Session, partner_id: str, time_zone: str) -> Iterator[date]:
    """From day to day by an index: each time the first event after the last day."""
    accepted_at = col(EventRow.accepted_at)
    first = select(func.min(accepted_at)).where(
        col(EventRow.partner_id) == partner_id,
        col(EventRow.is_test).is_(False),
        col(EventRow.only_target).is_(None),
    )
    found = session.execute(first).scalar_one()
    while found is not None:
        day = day_of(found, time_zone)
        yield day
        _, ends = bounds_of(day, time_zone)
        found = session.execute(first.where(accepted_at >= ends)).scalar_one()
