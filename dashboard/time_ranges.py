"""Times that a list may be about without dates, such as last night."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dashboard.date_ranges import DateRange

_NIGHT_BEGINS, _NIGHT_ENDS = time(20), time(8)
_A_DAY = timedelta(days=1)


class When(StrEnum):
    """A time that needs no dates."""

    NIGHT = "night"
    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"


def range_of(when: When, now: datetime, zone: str) -> DateRange:
    """A choice, as seen from now. A night is over at eight; until then it is this one."""
    local = now.astimezone(ZoneInfo(zone))
    today = local.date()
    if when is When.NIGHT:
        return DateRange(
            _moment(today - _A_DAY, _NIGHT_BEGINS, zone), _moment(today, _NIGHT_ENDS, zone)
        )
    if when is When.YESTERDAY:
        return DateRange(_begin_of(today - _A_DAY, zone), _begin_of(today, zone))
    first = today if when is When.TODAY else today - 6 * _A_DAY
    return DateRange(_begin_of(first, zone), None)


def _begin_of(day: date, zone: str) -> datetime:
    return _moment(day, time.min, zone)


def _moment(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)
