"""How an endpoint that asks us to wait is slowed down, and how it is sent to at speed again. Pure.

A 429, or a 503 with a `Retry-After`, closes it for as long as it asks, and for longer each time
that it refuses again without having taken anything. After that one attempt goes at a time; each
that is taken lets one more go beside it, up to the endpoint's own limit (slow start, RFC 5681).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.delivery.retry import RETRY_AFTER_CAP_S

SHORTEST_WAIT_S = 1.0
"""After the first refusal, where the endpoint does not say how long; doubled with each more."""

LONGEST_WAIT_S = 300.0
"""The doubling ends here."""

UNCHARGED_WAIT_S = 3600.0
"""So long in all a delivery waits because it is asked to; then refusals are charged to it."""


@dataclass(frozen=True)
class Slowdown:
    """How an endpoint is slowed down. Nothing is sent `not_before`; `limit` attempts may be in
    flight at once (None: it is not slowed down); `refusals` came in a row."""

    not_before: datetime | None = None
    limit: int | None = None
    refusals: int = 0


def after_refusal(
    slowdown: Slowdown, asked_s: float | None, began_at: datetime, now: datetime
) -> Slowdown:
    """The endpoint asked, in an answer to an attempt that began then, to be left alone.

    Attempts that left before it had said so are one refusal, however many they were.
    """
    heard_before = slowdown.not_before is not None and began_at < slowdown.not_before
    refusals = slowdown.refusals + (0 if heard_before else 1)
    own_s = 0.0 if heard_before else min(SHORTEST_WAIT_S * 2 ** (refusals - 1), LONGEST_WAIT_S)
    wait_s = max(own_s, min(asked_s or 0.0, RETRY_AFTER_CAP_S))
    until = now + timedelta(seconds=wait_s)
    not_before = max(until, slowdown.not_before) if slowdown.not_before else until
    return Slowdown(not_before, limit=1, refusals=refusals)


def after_acceptance(slowdown: Slowdown, began_at: datetime, own_limit: int) -> Slowdown:
    """The endpoint took an attempt that began then: one more may go beside it."""
    if slowdown.limit is None or (slowdown.not_before and began_at < slowdown.not_before):
        return slowdown
    if slowdown.limit + 1 >= own_limit:
        return Slowdown()
    return replace(slowdown, limit=slowdown.limit + 1, refusals=0)
