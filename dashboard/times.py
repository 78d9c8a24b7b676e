"""Times as people read them, in a time zone: of the partner that a page is about."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, get_timezone
from markupsafe import Markup, escape

from dashboard.translations import Words

_FIRST, _LAST = datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 12, 29, tzinfo=UTC)
_UNITS = "span-units"
_SECONDS, _MINUTES = "d MMM, HH:mm:ss", "d MMM, HH:mm"


def moment_shown(
    moment: datetime | None, zone: str, language: str, *, seconds: bool = True
) -> Markup:
    """A `<time>` element; a dash where there is no moment."""
    if moment is None:
        return Markup('<span class="none">-</span>')
    tzinfo = get_timezone(zone)
    moment = within_the_calendar(moment)
    shown = format_datetime(moment, _SECONDS if seconds else _MINUTES, tzinfo, language)
    whole = format_datetime(moment, "d MMM y, HH:mm:ss zzzz", tzinfo, language)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        moment.astimezone(UTC).isoformat(), whole, shown
    )


def within_the_calendar(moment: datetime) -> datetime:
    """The moment, or the nearest that every time zone can show: years 1 and 9999 have days that
    some zones do not."""
    return min(max(moment.astimezone(UTC), _FIRST), _LAST)


def countdown_shown(t: Words, moment: datetime, now: datetime) -> Markup:
    """A `<time>` that the page's script counts down; without the script, the time that is left."""
    left = max(0, round((moment - now).total_seconds()))
    return Markup('<time datetime="{}" data-countdown="{}">{}</time>').format(
        moment.astimezone(UTC).isoformat(), t(_UNITS), escape(span_shown(t, left))
    )


def span_shown(t: Words, seconds: float) -> str:
    """So many seconds in short: `45 s`, `2 min 5 s`, `3 h 20 min`, `2 d 4 h`."""
    whole = max(0, int(seconds))
    days, hours, minutes, in_seconds = t(_UNITS).split("|")
    for size, unit, below, smaller in (
        (86_400, days, 3_600, hours),
        (3_600, hours, 60, minutes),
        (60, minutes, 1, in_seconds),
    ):
        if whole >= size:
            rest = whole % size // below
            return f"{whole // size} {unit}" + (f" {rest} {smaller}" if rest else "")
    return f"{whole} {in_seconds}"


def start_of_day(now: datetime, zone: str) -> datetime:
    """When the day began that it is in this time zone."""
    local = now.astimezone(ZoneInfo(zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def hours_until(now: datetime, count: int, zone: str = "UTC") -> list[datetime]:
    """The beginnings of the last so many hours of this time zone, the one under way last."""
    local = now.astimezone(ZoneInfo(zone)).replace(minute=0, second=0, microsecond=0)
    this_hour = local.astimezone(UTC)
    return [this_hour - timedelta(hours=back) for back in reversed(range(count))]
