"""The clock that is handed to whatever needs the time, so that tests can hold it still."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

Clock = Callable[[], datetime]

INDIA_TIME = timezone(timedelta(hours=5, minutes=30))
"""India has one time and no summer time; so no list of time zones is needed."""


def utc_now() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)
