"""Which days the overview is about: today, or the last 7, 30 or 90 days until today."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from babel.dates import format_date

from contracts.outcomes.periods import bounds_of
from dashboard.translations import Words
from store.reports.overview import Range


class Days(StrEnum):
    """How many days, today among them."""

    TODAY = "1"
    WEEK = "7"
    MONTH = "30"
    QUARTER = "90"


def range_of(days: Days, now: datetime, zone: str) -> Range:
    """What is to be read. A day has 23 to 25 hours."""
    begins, ends = bounds_of(now.astimezone(ZoneInfo(zone)).date(), zone)
    first = begins.astimezone(ZoneInfo("UTC"))
    count = round((ends - first) / timedelta(hours=1))
    local = ZoneInfo(zone)
    hours = [(first + timedelta(hours=number)).astimezone(local) for number in range(count)]
    return Range(now, hours, zone, int(days))


def parts_of(asked: Range) -> Sequence[tuple[date, datetime | None]]:
    """The hours of today, or the days until today: each with its day."""
    if asked.days == 1:
        return [(asked.today, hour) for hour in asked.hours]
    first = asked.today - timedelta(days=asked.days - 1)
    return [(first + timedelta(days=number), None) for number in range(asked.days)]


def part_shown(t: Words, day: date, hour: datetime | None) -> str:
    """`14:00`, or `3 Mar`."""
    return f"{hour:%H:%M}" if hour else str(format_date(day, "d MMM", locale=t.language))
