"""The arithmetic behind the report: percentiles, steady rates and ratios. Pure."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

FILLING = 0.1
"""The share of a round at its start that a steady rate leaves out."""

_LEAST = 5


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


def steady_rate(moments: Sequence[float], seconds: float) -> float:
    """Completions a second of a closed pipeline that began its last at `seconds`.

    `moments` are in seconds since its start, in any order. What completes in the first tenth, while
    it fills, and after the last beginning, while it empties, is not counted. NotEnough when hardly
    anything is left.
    """
    filled = seconds * FILLING
    counted = sum(filled < moment <= seconds for moment in moments)
    if counted < _LEAST:
        raise NotEnough(
            f"{counted} completions in {seconds:g} s are too few for a rate: "
            "the machine is too busy, or the rounds are too short"
        )
    return counted / (seconds - filled)


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
