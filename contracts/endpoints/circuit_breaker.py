"""The circuit breaker of an endpoint: when it opens, who may probe it, when it closes. Pure.

It opens after FAILURES_TO_OPEN charged failures in a row that span OPENS_AFTER at least, so that a
restart of a few seconds opens nothing. While it is open every delivery is held and spends no
attempt, but for one probe at a time. A probe that succeeds closes it; each that fails doubles the
wait, up to the last of PROBE_WAITS. When it has been open for DISABLED_AFTER without one success,
and something failed on each day of them, the endpoint is disabled: a day without a failure proves
nothing, so the days are counted anew after it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

FAILURES_TO_OPEN = 10
OPENS_AFTER = timedelta(seconds=30)
PROBE_WAITS = tuple(timedelta(seconds=s) for s in (30, 60, 120, 300, 600))
PROBE_TIME = timedelta(seconds=40)
"""A probe has so long to come back (two requests' time); then another one may try."""

DISABLED_AFTER = timedelta(days=5)
MOST_APART = timedelta(days=1)
"""Failures further apart than this do not make one outage: nobody asked in between."""


@dataclass(frozen=True)
class Breaker:
    """How an endpoint has answered lately. `failing_since` is its first failure without a success
    after it; `opened_at` is set while the breaker is open, and `probe_at` is when the next attempt
    is allowed; `probes_failed` counts since it opened; `last_failed_at` is the last failure."""

    failures_in_row: int = 0
    failing_since: datetime | None = None
    opened_at: datetime | None = None
    probe_at: datetime | None = None
    probes_failed: int = 0
    last_failed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether deliveries are held."""
        return self.opened_at is not None

    @property
    def is_quiet(self) -> bool:
        """Whether a success changes nothing."""
        return self.failures_in_row == 0 and not self.is_open


def after_success(breaker: Breaker) -> Breaker:
    """One success closes it and forgets every failure."""
    return breaker if breaker.is_quiet else Breaker()


def after_failure(
    breaker: Breaker, began_at: datetime, now: datetime, pace: float = 1.0
) -> Breaker:
    """One more charged failure: it may open, or it was a probe and the next one waits longer. Its
    times are shorter by `pace` (`RetrySchedule.pace`).

    An attempt that began before the breaker opened, and only now has timed out, say, is no probe.
    After a day that nobody asked, an open breaker opens anew.
    """
    failing_since = breaker.failing_since or now
    failed = replace(
        breaker,
        failures_in_row=breaker.failures_in_row + 1,
        failing_since=failing_since,
        last_failed_at=now,
    )
    if breaker.opened_at is not None and began_at < breaker.opened_at:
        return failed
    if breaker.is_open and _nobody_asked_for_long(breaker, now):
        return _opened(failed, now, pace)
    if breaker.is_open:
        wait = PROBE_WAITS[min(breaker.probes_failed + 1, len(PROBE_WAITS) - 1)] * pace
        return replace(failed, probe_at=now + wait, probes_failed=breaker.probes_failed + 1)
    if failed.failures_in_row < FAILURES_TO_OPEN or now - failing_since < OPENS_AFTER * pace:
        return failed
    return _opened(failed, now, pace)


def _opened(breaker: Breaker, now: datetime, pace: float) -> Breaker:
    return replace(breaker, opened_at=now, probe_at=now + PROBE_WAITS[0] * pace, probes_failed=0)


def is_given_up(breaker: Breaker, now: datetime) -> bool:
    """Whether it has failed for so long, probe after probe, that the endpoint is disabled."""
    return breaker.opened_at is not None and now - breaker.opened_at >= DISABLED_AFTER


def _nobody_asked_for_long(breaker: Breaker, now: datetime) -> bool:
    return breaker.last_failed_at is not None and now - breaker.last_failed_at > MOST_APART
