"""How long after its restart each process was seen to work again, and how long merchants waited.

Pure.
"""

import statistics
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.figures import percentile
from benchmarks.kills import Kill


@dataclass(frozen=True)
class Recovery:
    """Seconds from the start of the process to the first sign of life. `unseen`: there was none,
    because nothing was left to do."""

    process: str
    kills: int
    unseen: int
    least_s: float | None
    median_s: float | None
    most_s: float | None


@dataclass(frozen=True)
class Delays:
    """Seconds from a 202 to the first time that any merchant hears of the event."""

    events: int
    median_s: float
    p99_s: float
    worst_s: float


def delays(
    accepted_at: Mapping[str, float], arrivals: Iterable[tuple[str, float]]
) -> Delays | None:
    """How long merchants waited, kills included. None where nothing ever arrived."""
    first: dict[str, float] = {}
    for event_id, moment in arrivals:
        first[event_id] = min(moment, first.get(event_id, moment))
    waits = sorted(
        max(0.0, moment - accepted_at[event_id])
        for event_id, moment in first.items()
        if event_id in accepted_at
    )
    if not waits:
        return None
    return Delays(len(waits), percentile(waits, 0.5), percentile(waits, 0.99), waits[-1])


def recoveries(
    kills: Sequence[Kill], accepted_at: Sequence[float], arrived_at: Sequence[float]
) -> list[Recovery]:
    """For each kind of process. An API works when it gives a 202, a worker or Temporal when a
    merchant receives something, PostgreSQL when both have happened."""
    accepted, arrived = sorted(accepted_at), sorted(arrived_at)
    by_kind = {"api": [accepted], "postgresql": [accepted, arrived]}
    found: dict[str, list[float | None]] = {}
    for kill in kills:
        kind = kill.process.partition("-")[0]
        signs = by_kind.get(kind, [arrived])
        waits = [_first_after(kill.restarted_at, moments) for moments in signs]
        seen = [wait for wait in waits if wait is not None]
        found.setdefault(kind, []).append(max(seen) if len(seen) == len(waits) else None)
    return [_recovery(kind, waits) for kind, waits in sorted(found.items())]


def _first_after(moment: float, signs: Sequence[float]) -> float | None:
    position = bisect_left(signs, moment)
    return signs[position] - moment if position < len(signs) else None


def _recovery(process: str, waits: Sequence[float | None]) -> Recovery:
    seen = [wait for wait in waits if wait is not None]
    if not seen:
        return Recovery(process, len(waits), len(waits), None, None, None)
    return Recovery(
        process, len(waits), len(waits) - len(seen), min(seen), statistics.median(seen), max(seen)
    )
