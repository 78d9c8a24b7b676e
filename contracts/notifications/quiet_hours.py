"""Quiet hours: the night, in which nobody is told what can wait for the morning."""

from datetime import datetime, time, timedelta

from contracts.time_zones import zone_or_default

QUIET_FROM, QUIET_UNTIL = time(21), time(8)


def end_of_quiet_hours(now: datetime, time_zone: str) -> datetime:
    """The moment from which somebody in this zone may be told: now, or the coming morning's
    eight."""
    zone = zone_or_default(time_zone)
    here = now.astimezone(zone)
    if QUIET_UNTIL <= here.time() < QUIET_FROM:
        return now
    day = here.date() + timedelta(days=1) if here.time() >= QUIET_FROM else here.date()
    return datetime.combine(day, QUIET_UNTIL, zone).astimezone(now.tzinfo)
