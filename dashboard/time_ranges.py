"""Which time a list is about: a choice such as "last night", or a first and a last day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

_NIGHT_BEGINS, _NIGHT_ENDS = time(20), time(8)
_A_DAY = timedelta(days=1)


class When(StrEnum):
    """A time that needs no dates."""

    NIGHT = "night"
    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"


@dataclass(frozen=True)
class TimeRange:
    """From a moment on, and before another; None: since ever, or until now."""

    since: datetime | None = None
    until: datetime | None = None


class BadRange(ValueError):
    """What was asked for is no time; `str()` names the message that says why."""


def range_of_days(since: str, until: str, zone: str) -> TimeRange:
    """From the beginning of a day to the end of another, as a browser writes days. BadRange for
    what is none, and for a last day before the first."""
    try:
        first = date.fromisoformat(since) if since else None
        last = date.fromisoformat(until) if until else None
        asked = TimeRange(
            _begin_of(first, zone) if first else None,
            _begin_of(last + _A_DAY, zone) if last else None,
        )
    except (ValueError, OverflowError):
        raise BadRange("range-no-date") from None
    if first and last and last < first:
        raise BadRange("range-reversed")
    return asked


def range_of(when: When, now: datetime, zone: str) -> TimeRange:
    """A choice, as seen from now. A night is over at eight; until then it is this one."""
    local = now.astimezone(ZoneInfo(zone))
    today = local.date()
    if when is When.NIGHT:
        return TimeRange(
            _moment(today - _A_DAY, _NIGHT_BEGINS, zone), _moment(today, _NIGHT_ENDS, zone)
        )
    if when is When.YESTERDAY:
        return TimeRange(_begin_of(today - _A_DAY, zone), _begin_of(today, zone))
    first = today if when is When.TODAY else today - 6 * _A_DAY
    return TimeRange(_begin_of(first, zone))


def _begin_of(day: date, zone: str) -> datetime:
    return _moment(day, time.min, zone)


def _moment(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)
