"""How long deliveries took, counted in fixed buckets, so that days add up to weeks.

The bounds grow by the twentieth root of ten, from 10 ms on. A percentile is told as the upper bound
of its bucket: never too low, and at most 12.3 % and a millisecond too high; whatever took less than
10 ms counts as 10 ms.
"""

from bisect import bisect_right
from collections.abc import Mapping
from itertools import accumulate

_FIRST_MS = 10
_BOUNDS_A_DECADE = 20
_DECADES = 8

BOUNDS_MS = tuple(
    round(_FIRST_MS * 10 ** (number / _BOUNDS_A_DECADE))
    for number in range(_DECADES * _BOUNDS_A_DECADE + 3)
)
"""The upper bound of each bucket, which does not belong to it; the last is beyond the two weeks
that a dead letter is kept for, and stands for what took longer, too. The counts are in the
database: other bounds take a migration and a rebuild."""


def percentile_ms(counts: Mapping[int, int], percent: int) -> int | None:
    """The time in ms within which so many percent (1 to 100) arrived; None without counts.

    `counts` are by the number of the bucket, from 0.
    """
    wanted = sum(counts.values()) * percent
    if not wanted:
        return None
    numbers = sorted(counts)
    so_far = accumulate(counts[number] for number in numbers)
    number = next(n for n, count in zip(numbers, so_far, strict=True) if count * 100 >= wanted)
    return BOUNDS_MS[min(number, len(BOUNDS_MS) - 1)]


def bucket_of(took_ms: float) -> int:
    """The number of the bucket that a time is counted in."""
    return bisect_right(BOUNDS_MS, took_ms)
