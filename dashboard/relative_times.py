"""How long ago something was, for lists: `4 min. ago`, with the moment itself in the tooltip."""

from datetime import UTC, datetime, timedelta

from babel.dates import format_datetime, format_time, format_timedelta, get_timezone
from markupsafe import Markup

from dashboard.times import moment_shown, within_the_calendar

_SAID_AS_DAYS = timedelta(days=7)
"""What is longer ago is said by its date."""


def ago_shown(moment: datetime, now: datetime, zone: str, language: str) -> Markup:
    """A `<time>` element, in the language's own short words."""
    moment = within_the_calendar(moment)
    passed = max(now - moment, timedelta(seconds=1))
    if passed >= _SAID_AS_DAYS:
        return moment_shown(moment, zone, language, seconds=False)
    said = format_timedelta(
        -passed, add_direction=True, format="short", threshold=1, locale=language
    )
    whole = format_datetime(moment, "d MMM y, HH:mm:ss zzzz", get_timezone(zone), language)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        moment.astimezone(UTC).isoformat(), whole, said
    )


def clock_shown(moment: datetime, zone: str, language: str) -> str:
    """The time of a day alone, for sentences."""
    return str(format_time(within_the_calendar(moment), "HH:mm", get_timezone(zone), language))
