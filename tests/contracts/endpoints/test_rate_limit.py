"""The rate of an endpoint: attempts paid for one after the other, with small bursts."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.endpoints.rate_limit import attempts_left, used_until_after

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)


def begun(rate: float, seconds: int, every_s: float = 0.01) -> list[float]:
    """When attempts begin, in seconds, of an endpoint that many wait for all the time."""
    rate_used_until, found = None, []
    for number in range(int(seconds / every_s)):
        now = NOW + timedelta(seconds=number * every_s)
        after = used_until_after(rate_used_until, rate, now)
        if after is not None:
            rate_used_until = after
            found.append(number * every_s)
    return found


@pytest.mark.parametrize(
    ("rate", "in_the_first_second", "in_ten_seconds"),
    [(0.25, 1, 3), (1, 3, 12), (4, 15, 51), (10, 39, 129)],
)
def test_three_seconds_worth_at_once_and_the_rate_from_then_on(
    rate: float, in_the_first_second: int, in_ten_seconds: int
) -> None:
    attempts = begun(rate, 10)
    assert len([one for one in attempts if one < 1]) == in_the_first_second
    assert len(attempts) == in_ten_seconds


def test_what_was_not_used_is_not_saved_up() -> None:
    long_ago = NOW - timedelta(hours=1)
    assert attempts_left(long_ago, 10, NOW) == attempts_left(None, 10, NOW) == 30


@pytest.mark.parametrize("rate", [0.1, 0.5, 1, 3, 10, 333])
def test_as_many_are_left_as_may_begin(rate: float) -> None:
    rate_used_until, left = None, attempts_left(None, rate, NOW)
    for number in range(left):
        assert attempts_left(rate_used_until, rate, NOW) == left - number
        rate_used_until = used_until_after(rate_used_until, rate, NOW)
        assert rate_used_until is not None
    assert (
        attempts_left(rate_used_until, rate, NOW),
        used_until_after(rate_used_until, rate, NOW),
    ) == (0, None)


def test_one_a_little_while_after_the_other_at_a_slow_rate() -> None:
    assert begun(0.25, 9) == [0, 4, 8]
