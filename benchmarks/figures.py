"""The arithmetic behind the report: percentiles, steady rates and ratios. Pure."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

CUT = 0.1
"""The share of a round at its start and at its end that a steady rate leaves out."""


class NotEnough(ValueError):
    """There are too few observations to say anything; the run is invalid."""


@dataclass(frozen=True)
class Spread:
    """How observations spread, in the unit they came in."""

    count: int
    p50: float
    p99: float
    worst: float


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest observation that at least `share` of all do not exceed (nearest rank)."""
    if not values:
        raise NotEnough("no observations")
    if not 0 < share <= 1:
        raise ValueError("a share is more than 0 and at most 1")
    return sorted(values)[math.ceil(share * len(values)) - 1]


def spread(values: Sequence[float]) -> Spread:
    """Median, 99th percentile and worst; every figure is an observation, none is interpolated."""
    return Spread(len(values), percentile(values, 0.5), percentile(values, 0.99), max(values))


def steady_rate(moments: Sequence[float], cut: float = CUT) -> float:
    """Completions a second, with the first and last `cut` of them left out.

    `moments` are in seconds, in any order. NotEnough when fewer than three are left.
    """
    ordered = sorted(moments)
    skipped = int(len(ordered) * cut)
    kept = ordered[skipped : len(ordered) - skipped]
    if len(kept) < 3 or kept[-1] <= kept[0]:
        raise NotEnough(f"{len(moments)} completions are too few for a rate")
    return (len(kept) - 1) / (kept[-1] - kept[0])


def paired_ratio(parts: Sequence[float], wholes: Sequence[float]) -> float:
    """The median of the ratios of each round: what is slow in a round slows both of its sides."""
    if not parts:
        raise NotEnough("no rounds")
    return statistics.median(part / whole for part, whole in zip(parts, wholes, strict=True))


def median(values: Sequence[float]) -> float:
    """The median; NotEnough when there is nothing."""
    if not values:
        raise NotEnough("no observations")
    return statistics.median(values)
