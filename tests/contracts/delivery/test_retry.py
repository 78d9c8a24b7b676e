"""The retry schedule: after which failure comes which wait."""

import pytest

from contracts.delivery.retry import (
    DEFAULT_DELAYS_S,
    JITTER,
    RETRY_AFTER_CAP_S,
    RetrySchedule,
    spread_of,
)


class TestTheDefault:
    def test_it_is_30_seconds_2_minutes_8_minutes(self) -> None:
        assert DEFAULT_DELAYS_S == (30, 120, 480)
        assert RetrySchedule().most_attempts == 4

    @pytest.mark.parametrize(
        ("charged", "retry_after", "wait"),
        [
            (1, None, 30),
            (2, None, 120),
            (3, None, 480),
            (4, None, None),
            (5, None, None),
            (1, 0, 30),
            (1, 29.9, 30),
            (1, 30.5, 30.5),
            (1, 300, 300),
            (2, 5, 120),
            (3, 481, 481),
            (1, 3600, 3600),
            (1, 3600.1, 3600),
            (1, 1e12, 3600),
            (4, 60, None),
        ],
    )
    def test_a_retry_after_makes_it_longer_up_to_an_hour(
        self, charged: int, retry_after: float | None, wait: float | None
    ) -> None:
        assert RETRY_AFTER_CAP_S == 3600
        assert RetrySchedule().delay_after(charged, retry_after) == wait


class TestJitter:
    @pytest.mark.parametrize("charged", [1, 2, 3])
    def test_a_wait_is_up_to_a_tenth_longer_and_never_shorter(self, charged: int) -> None:
        delay = DEFAULT_DELAYS_S[charged - 1]
        waits = [
            RetrySchedule().delay_after(charged, spread=spread_of(f"att_{number}")) or 0.0
            for number in range(1000)
        ]
        assert delay <= min(waits) < delay * 1.01
        assert delay * 1.09 < max(waits) <= delay * (1 + JITTER)

    def test_what_failed_together_is_spread_evenly(self) -> None:
        waits = [RetrySchedule().delay_after(3, spread=spread_of(str(n))) or 0 for n in range(4800)]
        per_second = [
            sum(second <= one - 480 < second + 1 for one in waits) for second in range(48)
        ]
        assert max(per_second) < 160  # a hundred each second, if it were exact

    def test_it_is_always_the_same_for_one_attempt(self) -> None:
        assert spread_of("att_1") == spread_of("att_1") != spread_of("att_2")

    def test_a_retry_after_is_spread_too_but_not_past_its_cap(self) -> None:
        assert RetrySchedule().delay_after(1, 1000, 0.5) == 1050
        assert RetrySchedule().delay_after(1, 3590, 0.9) == RETRY_AFTER_CAP_S


class TestOthers:
    def test_any_list_of_delays(self) -> None:
        schedule = RetrySchedule([5, 7])
        assert [schedule.delay_after(charged) for charged in (1, 2, 3)] == [5, 7, None]
        assert schedule.most_attempts == 3

    def test_a_delay_over_the_cap_stays(self) -> None:
        assert RetrySchedule([7200]).delay_after(1, 9999) == 7200

    def test_scaled_for_demonstrations(self) -> None:
        assert list(RetrySchedule().scaled(0.01).delays_s) == pytest.approx([0.3, 1.2, 4.8])
