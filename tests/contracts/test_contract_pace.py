"""The rate of an endpoint: tries paid for one after the other, with small bursts."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.pace import paid_after, tries_left

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)


def begun(rate: float, seconds: int, every_s: float = 0.01) -> list[float]:
    """When tries begin, in seconds, of an endpoint that many wait for all the time."""
    paid_until, found = None, []
    for number in range(int(seconds / every_s)):
        now = NOW + timedelta(seconds=number * every_s)
        after = paid_after(paid_until, rate, now)
        if after is not None:
            paid_until = after
            found.append(number * every_s)
    return found


@pytest.mark.parametrize(
    ("rate", "in_the_first_second", "in_ten_seconds"),
    [(0.25, 1, 3), (1, 3, 12), (4, 15, 51), (10, 39, 129)],
)
def test_three_seconds_worth_at_once_and_the_rate_from_then_on(
    rate: float, in_the_first_second: int, in_ten_seconds: int
) -> None:
    tries = begun(rate, 10)
    assert len([one for one in tries if one < 1]) == in_the_first_second
    assert len(tries) == in_ten_seconds


def test_what_was_not_used_is_not_saved_up() -> None:
    long_ago = NOW - timedelta(hours=1)
    assert tries_left(long_ago, 10, NOW) == tries_left(None, 10, NOW) == 30


@pytest.mark.parametrize("rate", [0.1, 0.5, 1, 3, 10, 333])
def test_as_many_are_left_as_may_begin(rate: float) -> None:
    paid_until, left = None, tries_left(None, rate, NOW)
    for number in range(left):
        assert tries_left(paid_until, rate, NOW) == left - number
        paid_until = paid_after(paid_until, rate, NOW)
        assert paid_until is not None
    assert (tries_left(paid_until, rate, NOW), paid_after(paid_until, rate, NOW)) == (0, None)


def test_one_a_little_while_after_the_other_at_a_slow_rate() -> None:
    assert begun(0.25, 9) == [0, 4, 8]
