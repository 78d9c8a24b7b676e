"""The arithmetic behind the report of `make bench`."""

import random

import pytest

from benchmarks.figures import NotEnough, paired_ratio, percentile, spread, steady_rate

HUNDRED = random.Random(1).sample(range(1, 101), 100)


class TestPercentile:
    @pytest.mark.parametrize(
        ("share", "expected"), [(0.5, 50), (0.99, 99), (1.0, 100), (0.001, 1), (0.011, 2)]
    )
    def test_is_an_observation_by_nearest_rank(self, share: float, expected: int) -> None:
        assert percentile(HUNDRED, share) == expected

    def test_of_few_observations_is_the_worst_one(self) -> None:
        assert percentile([3.0, 1.0, 2.0], 0.99) == 3.0

    def test_of_nothing_is_no_figure(self) -> None:
        with pytest.raises(NotEnough):
            percentile([], 0.5)

    @pytest.mark.parametrize("share", [0.0, -0.1, 1.1, 50])
    def test_refuses_what_is_no_share(self, share: float) -> None:
        with pytest.raises(ValueError, match="share"):
            percentile(HUNDRED, share)

    def test_spread_names_the_worst(self) -> None:
        seen = spread(HUNDRED)
        assert (seen.count, seen.p50, seen.p99, seen.worst) == (100, 50, 99, 100)


class TestSteadyRate:
    def test_counts_between_filling_and_emptying(self) -> None:
        filling, steady, emptying = [0.2, 0.9, 1.0], [1 + i / 20 for i in range(1, 181)], [10.1, 11]
        assert steady_rate([*emptying, *steady, *filling], seconds=10.0) == pytest.approx(20.0)

    def test_a_stall_lowers_it(self) -> None:
        half = [1 + i / 20 for i in range(1, 91)]
        assert steady_rate(half, seconds=10.0) == pytest.approx(10.0)

    @pytest.mark.parametrize("moments", [[], [5.0], [11.0] * 30, [0.5] * 30])
    def test_needs_some_completions(self, moments: list[float]) -> None:
        with pytest.raises(NotEnough, match="too few"):
            steady_rate(moments, seconds=10.0)


class TestPairedRatio:
    def test_compares_each_round_with_its_own(self) -> None:
        quiet_and_busy = ([18.0, 9.0, 4.5], [20.0, 10.0, 5.0])
        assert paired_ratio(*quiet_and_busy) == pytest.approx(0.9)

    def test_one_odd_round_does_not_move_it(self) -> None:
        assert paired_ratio([9.0, 9.0, 1.0], [10.0, 10.0, 10.0]) == pytest.approx(0.9)

    def test_refuses_rounds_without_a_pair(self) -> None:
        with pytest.raises(ValueError, match="zip"):
            paired_ratio([1.0, 2.0], [1.0])

    def test_of_no_rounds_is_no_figure(self) -> None:
        with pytest.raises(NotEnough):
            paired_ratio([], [])
