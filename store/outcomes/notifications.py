"""What partners are told of their outcomes: the figures of a week, on the Monday after it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from pydantic import JsonValue
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from contracts.notifications.kinds import RULES, NotificationKind
from contracts.outcomes.board import BOARD
from contracts.outcomes.figures import Figure, figures_of
from contracts.outcomes.periods import By, begin_of, end_of
from contracts.time_zones import zone_or_default
from store.notifications.in_the_day import without_those_told
from store.notifications.notify import notify
from store.outcomes.reading import Range, read_outcomes
from store.tables import OUTCOME_DAYS, PartnerRow

TOLD_AT = time(9)
"""On Monday, in the partner's time zone."""

_KIND = NotificationKind.WEEKLY_OUTCOMES
_WEEK = timedelta(days=7)


def partners_with_a_week(session: Session, now: datetime) -> list[str]:
    """Partners whose last week had an event, whose Monday has come, and that were not told yet."""
    zones = session.execute(select_columns(col(PartnerRow.id), col(PartnerRow.time_zone)))
    weeks = {
        partner_id: monday
        for partner_id, zone in zones
        if (monday := _week_to_tell(now, zone)) is not None
    }
    once = {partner_id: _once(partner_id, monday) for partner_id, monday in weeks.items()}
    return _with_events(session, without_those_told(session, once), weeks)


def notify_of_week(session: Session, partner_id: str, now: datetime) -> bool:
    """Have a partner told how its last week went, beside the one before; whether that is news."""
    monday = _week_to_tell(now, session.get_one(PartnerRow, partner_id).time_zone)
    if monday is None:
        return False
    about: dict[str, JsonValue] = {
        "week": _week(monday),
        "from": monday.isoformat(),
        "to": end_of(monday, By.WEEK).isoformat(),
        "figures": _figures(session, partner_id, monday),
    }
    once = _once(partner_id, monday)
    return notify(session, _KIND, now, partner_id=partner_id, about=about, once=once) is not None


def _week_to_tell(now: datetime, time_zone: str) -> date | None:
    """The Monday of the week that is told of now: from the next Monday on, while it is of use."""
    here = now.astimezone(zone_or_default(time_zone))
    this_monday = begin_of(here.date(), By.WEEK)
    due_at = datetime.combine(this_monday, TOLD_AT, here.tzinfo)
    is_due = due_at <= here < due_at + RULES[_KIND].useful_for
    return this_monday - _WEEK if is_due else None


def _with_events(
    session: Session, partner_ids: Sequence[str], weeks: Mapping[str, date]
) -> list[str]:
    """Those of these partners that had an event in their week."""
    columns, mondays = OUTCOME_DAYS.c, [weeks[one] for one in partner_ids]
    if not mondays:
        return []
    query = select_columns(columns.partner_id, columns.day).where(
        columns.partner_id.in_(partner_ids),
        columns.day.between(min(mondays), end_of(max(mondays), By.WEEK)),
        columns.events_accepted > 0,
    )
    found = {
        partner_id
        for partner_id, day in session.execute(query)
        if begin_of(day, By.WEEK) == weeks[partner_id]
    }
    return [one for one in partner_ids if one in found]


def _figures(session: Session, partner_id: str, monday: date) -> list[JsonValue]:
    """The figures of the table of all partners, each with its value and that of the week before;
    null: there is nothing to tell it by."""
    wanted = Range(monday - _WEEK, end_of(monday, By.WEEK), By.WEEK, partner_id)
    periods = read_outcomes(session, wanted)
    before, week = (figures_of(periods.get(begin, []), BOARD) for begin in (monday - _WEEK, monday))
    return [_said(figure, was.value) for figure, was in zip(week, before, strict=True)]


def _said(figure: Figure, before: Decimal | None) -> JsonValue:
    return {
        "name": figure.name,
        "unit": figure.unit,
        "value": _text(figure.value),
        "before": _text(before),
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _week(monday: date) -> str:
    """Its number after ISO 8601, `2026-W48`."""
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"


def _once(partner_id: str, monday: date) -> str:
    return f"{_KIND}/{partner_id}/{_week(monday)}"
