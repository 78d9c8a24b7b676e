"""Time zones by their IANA names: what a partner's pages show times in."""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, Field

DEFAULT_TIME_ZONE = "Asia/Kolkata"
_OF_MACHINES = frozenset({"Factory", "localtime"})
"""A machine that nobody has set, and this one: no calendar shows times in them."""


def known_time_zone(name: str) -> str:
    """The same name; ValueError when no such zone is known."""
    if name in _OF_MACHINES or name not in available_timezones():
        raise ValueError("use a name of the IANA time zone database, such as Asia/Kolkata")
    return name


def zone_or_default(name: str) -> ZoneInfo:
    """The zone of a name that was kept; the default one where this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(DEFAULT_TIME_ZONE)


TimeZone = Annotated[
    str,
    AfterValidator(known_time_zone),
    Field(max_length=64, description="in which the dashboard shows times; an IANA name"),
]
