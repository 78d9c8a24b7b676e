"""How many attempts an endpoint is sent: so many in flight at once, and so many a second.

The rate is kept by one moment for each endpoint, up to which its attempts are paid for (the generic
cell rate algorithm, ITU-T I.371): an attempt moves it on by the rate's interval. It may be ahead of
now by what three seconds allow, so that attempts may come in small bursts, as they do.
"""

from datetime import datetime, timedelta

MOST_IN_FLIGHT = 50
"""Of one endpoint at once, where it sets nothing else. Ten endpoints that hang for the whole
timeout then take half of one worker's slots for attempts."""

BURST = timedelta(seconds=3)


def used_until_after(
    rate_used_until: datetime | None, rate: float, now: datetime
) -> datetime | None:
    """Up to when the attempts of an endpoint are paid for after one more now; None: it has to
    wait."""
    interval = timedelta(seconds=1 / rate)
    start = max(rate_used_until or now, now)
    return start + interval if start - now <= _ahead(interval) else None


def attempts_left(rate_used_until: datetime | None, rate: float, now: datetime) -> int:
    """How many attempts may go now, one after the other."""
    interval = timedelta(seconds=1 / rate)
    room = _ahead(interval) - (max(rate_used_until or now, now) - now)
    return 0 if room < timedelta(0) else int(room / interval) + 1


def _ahead(interval: timedelta) -> timedelta:
    """How far ahead of now an attempt may begin: one may always, at its time."""
    return max(BURST - interval, timedelta(0))
