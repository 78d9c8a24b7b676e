"""The retry schedule: after which failure comes which wait."""

import pytest

from contracts.retry import DEFAULT_DELAYS_S, RETRY_AFTER_CAP_S, RetrySchedule


class TestTheDefault:
    def test_it_is_30_seconds_2_minutes_8_minutes(self) -> None:
        assert DEFAULT_DELAYS_S == (30, 120, 480)
        assert RetrySchedule().most_tries == 4

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


class TestOthers:
    def test_any_list_of_delays(self) -> None:
        schedule = RetrySchedule([5, 7])
        assert [schedule.delay_after(charged) for charged in (1, 2, 3)] == [5, 7, None]
        assert schedule.most_tries == 3

    def test_a_delay_over_the_cap_stays(self) -> None:
        assert RetrySchedule([7200]).delay_after(1, 9999) == 7200

    def test_scaled_for_demonstrations(self) -> None:
        assert list(RetrySchedule().scaled(0.01).delays_s) == pytest.approx([0.3, 1.2, 4.8])
