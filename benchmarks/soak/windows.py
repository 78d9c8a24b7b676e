"""The begin and the end of a soak beside each other. Pure."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.figures import NotEnough, Spread, spread
from benchmarks.ledger.counts import Counts
from benchmarks.proc import Usage
from benchmarks.soak.readers import Read
from benchmarks.soak.watch import Sample

BEGIN, END = (0.2, 0.35), (0.85, 1.0)
"""The shares of the time that are compared. What a process fills once, caches and pools, is full by
the first: Temporal and PostgreSQL have been away once. They are again in between, and have
recovered by the second."""

WELL = "large"
"""The shop whose events are timed: no endpoint of it is down for long."""


@dataclass(frozen=True)
class Window:
    """One part of the time. Usage is the median of its samples; latencies are in milliseconds:
    a post until its 202, an event from its 202 to the merchant's first byte, a page."""

    usage: Mapping[str, Usage]
    posts: Spread
    arrivals: Spread
    pages: Spread


def window_of(
    share: tuple[float, float],
    samples: Sequence[Sample],
    waits_s: Sequence[float],
    reads: Sequence[Read],
    counts: Counts,
) -> Window:
    """What was seen within this part of the time. NotEnough where that is next to nothing."""
    whole = samples[-1].at_s
    first, last = share[0] * whole, share[1] * whole
    seen = [one for one in samples if first <= one.at_s <= last]
    if len(seen) < 2:
        raise NotEnough("too few looks at the processes for a window")
    waits = waits_s[seen[0].answered : seen[-1].answered]
    acknowledged = sorted(one.accepted_at for one in counts.acknowledged)
    between = acknowledged[seen[0].answered], acknowledged[seen[-1].answered - 1]
    return Window(
        usage={name: _middle(name, seen) for name in seen[-1].usage},
        posts=spread([1000 * wait for wait in waits]),
        arrivals=spread(_arrivals(counts, *between)),
        pages=spread([one.took_ms for one in reads if first <= one.at_s <= last and one.is_ok]),
    )


def _middle(name: str, samples: Sequence[Sample]) -> Usage:
    found = [one.usage[name] for one in samples if name in one.usage]
    return Usage(
        memory_mib=statistics.median(one.memory_mib for one in found),
        files=round(statistics.median(one.files for one in found)),
        threads=round(statistics.median(one.threads for one in found)),
        connections=round(statistics.median(one.connections for one in found)),
    )


def _arrivals(counts: Counts, since: float, until: float) -> list[float]:
    """How long the well shop's events of this time took to their first merchant."""
    first: dict[str, float] = {}
    for request in counts.requests:
        seen = first.get(request.webhook_id, request.first_byte_at)
        first[request.webhook_id] = min(seen, request.first_byte_at)
    return [
        1000 * max(0.0, first[one.event_id] - one.accepted_at)
        for one in counts.acknowledged
        if one.partner_id == WELL and since <= one.accepted_at <= until and one.event_id in first
    ]
