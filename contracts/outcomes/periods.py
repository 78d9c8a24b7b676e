"""Days and weeks of outcomes."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MOST_DAYS = 400
"""So many days may be asked for at once: a year, and the weeks at both ends."""

USUAL_DAYS = 84
"""Twelve weeks: what is shown where nobody says from when on."""


class By(StrEnum):
    """How a range is cut. Weeks begin on Mondays; those at both ends may be short."""

    DAY = "day"
    WEEK = "week"


def begin_of(day: date, by: By) -> date:
    """The day on which the period began that a day is in."""
    return day if by is By.DAY else day - timedelta(days=day.weekday())


def end_of(begin: date, by: By) -> date:
    """The last day of the period that begins then."""
    return begin if by is By.DAY else begin + timedelta(days=6)


def bounds_of(day: date, time_zone: str) -> tuple[datetime, datetime]:
    """When a day begins in a zone, and when the next one does."""
    zone = ZoneInfo(time_zone)
    return (
        datetime.combine(day, time(), zone),
        datetime.combine(day + timedelta(days=1), time(), zone),
    )


def day_of(moment: datetime, time_zone: str) -> date:
    """The day of a moment in a zone."""
    return moment.astimezone(ZoneInfo(time_zone)).date()
