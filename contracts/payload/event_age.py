"""How old or young an event may be when it is handed in."""

from datetime import datetime, timedelta

from contracts.payload.events import TrackingEvent

MOST_AHEAD = timedelta(minutes=5)
"""Clocks differ; an event that is further ahead than this has a wrong `occurred_at`."""

OLDEST_NOTIFIED = timedelta(days=7)
"""An older event would only confuse; it can be recorded with `notify: false`."""


def fault_of_age(event: TrackingEvent, now: datetime) -> str | None:
    """What is wrong with an event's `occurred_at`, or None."""
    if event.occurred_at > now + MOST_AHEAD:
        return "occurred_at is more than 5 minutes in the future: send the time it happened"
    if event.notify and event.occurred_at < now - OLDEST_NOTIFIED:
        return "occurred_at is more than 7 days ago: send notify false to record it only"
    return None
