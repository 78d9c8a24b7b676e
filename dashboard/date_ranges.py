"""Two days out of a form, as the moments between them in a time zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


class NotADay(ValueError):
    """A date that is none."""


class Reversed(ValueError):
    """The last day is before the first."""


@dataclass(frozen=True)
class DateRange:
    """`since` is inclusive, `until` is not; None: without a bound."""

    since: datetime | None
    until: datetime | None

    @classmethod
    def of(cls, first: str, last: str, zone: str) -> "DateRange":
        """From the start of the first day to the end of the last, as a browser sends them, empty
        where none is chosen. NotADay for a date that is none, Reversed where they are swapped."""
        since, until = _start_of(first, zone), _start_of(last, zone, days=1)
        if since is not None and until is not None and until <= since:
            raise Reversed
        return cls(since, until)


def _start_of(said: str, zone: str, *, days: int = 0) -> datetime | None:
    """When a day begins, or the day so many days later; None where none is said."""
    if not said:
        return None
    try:
        day = date.fromisoformat(said) + timedelta(days=days)
        return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotADay from None
