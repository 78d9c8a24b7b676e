"""The breaker's rules: when it opens, how long probes wait, when it closes and when it gives up."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.delivery.retry import RetrySchedule
from contracts.endpoints.circuit_breaker import (
    DISABLED_AFTER,
    FAILURES_TO_OPEN,
    MOST_APART,
    OPENS_AFTER,
    PROBE_WAITS,
    Breaker,
    after_failure,
    after_success,
    is_given_up,
)

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def failed(times: int, every_s: float) -> Breaker:
    """A breaker after so many failures, one every so many seconds from NOW on."""
    breaker = Breaker()
    for number in range(times):
        breaker = after_failure(breaker, after(number * every_s), after(number * every_s))
    return breaker


class TestOpening:
    @pytest.mark.parametrize(
        ("times", "every_s", "opens"),
        [
            (1, 60, False),
            (9, 60, False),
            (10, 60, True),
            (10, 3, False),  # 27 s: a restart may take as long
            (11, 3, True),  # 30 s
            (500, 0.01, False),  # a burst that fails at once
        ],
    )
    def test_it_takes_failures_in_a_row_over_a_while(
        self, times: int, every_s: float, opens: bool
    ) -> None:
        assert failed(times, every_s).is_open is opens

    def test_the_numbers(self) -> None:
        assert (10, timedelta(seconds=30)) == (FAILURES_TO_OPEN, OPENS_AFTER)

    @pytest.mark.parametrize(("every_s", "opens"), [(0.2, True), (0.1, False)])
    def test_its_times_go_by_the_pace_of_the_schedule(self, every_s: float, opens: bool) -> None:
        pace = RetrySchedule((1.5, 6, 24)).pace
        breaker = Breaker()
        for number in range(10):
            breaker = after_failure(breaker, after(number * every_s), after(number * every_s), pace)
        assert breaker.is_open is opens
        for wait_s in (1.5, 3, 6, 15, 30, 30) if opens else ():
            assert breaker.probe_at is not None
            assert breaker.last_failed_at is not None
            assert (breaker.probe_at - breaker.last_failed_at).total_seconds() == wait_s
            breaker = after_failure(breaker, breaker.probe_at, breaker.probe_at, pace)

    def test_a_slower_schedule_slows_no_breaker(self) -> None:
        assert [RetrySchedule(one).pace for one in ((60, 60), (30,), ())] == [1, 1, 1]

    def test_a_success_in_between_begins_the_count_anew(self) -> None:
        breaker = after_success(failed(9, 60))
        assert breaker == Breaker()
        assert not after_failure(breaker, after(600), after(600)).is_open

    def test_it_knows_since_when_the_endpoint_fails(self) -> None:
        breaker = failed(10, 60)
        assert (breaker.failing_since, breaker.opened_at) == (NOW, after(540))
        assert breaker.probe_at == after(540) + PROBE_WAITS[0]


class TestProbing:
    def test_each_probe_that_fails_waits_longer_up_to_ten_minutes(self) -> None:
        breaker, at, waits = failed(10, 60), after(540), []
        for _ in range(6):
            assert breaker.probe_at is not None
            at = breaker.probe_at
            breaker = after_failure(breaker, at, at)
            assert breaker.probe_at is not None
            waits.append((breaker.probe_at - at).total_seconds())
        assert waits == [60, 120, 300, 600, 600, 600]
        assert breaker.opened_at == after(540)

    def test_attempts_that_began_before_it_opened_are_no_probes(self) -> None:
        breaker = opened = failed(10, 60)
        for seconds in (1, 5, 20):
            breaker = after_failure(breaker, after(539), after(540 + seconds))
        assert (breaker.probe_at, breaker.probes_failed) == (opened.probe_at, 0)
        assert breaker.failures_in_row == 13

    def test_one_that_succeeds_closes_it(self) -> None:
        assert after_success(failed(12, 60)) == Breaker()


class TestGivingUp:
    def probed(self, breaker: Breaker, every: timedelta) -> timedelta | None:
        """How long after it opened it is given up, with a probe that fails so often; None: it is
        not, within thirty days."""
        assert breaker.opened_at is not None
        first = at = breaker.opened_at
        while (at := at + every) - first <= timedelta(days=30):
            breaker = after_failure(breaker, at, at)
            if is_given_up(breaker, at):
                return at - first
        return None

    def test_after_five_days_of_probes_without_a_success(self) -> None:
        assert timedelta(days=5) == DISABLED_AFTER
        assert self.probed(failed(10, 60), timedelta(minutes=10)) == DISABLED_AFTER
        assert self.probed(failed(10, 60), MOST_APART) == DISABLED_AFTER

    def test_not_where_a_day_and_more_lies_between_them(self) -> None:
        assert self.probed(failed(10, 60), MOST_APART + timedelta(minutes=1)) is None

    @pytest.mark.parametrize("days", [5, 6, 400])
    def test_never_by_two_failures_days_apart(self, days: int) -> None:
        late = NOW + timedelta(days=days)
        assert not is_given_up(after_failure(failed(1, 1), late, late), late)
        assert not is_given_up(after_failure(failed(9, 60), late, late), late)
        again = after_failure(failed(10, 60), late, late)
        assert not is_given_up(again, late)
        assert (again.opened_at, again.probes_failed) == (late, 0)

    def test_never_while_it_is_closed(self) -> None:
        assert not is_given_up(Breaker(), NOW)
        breaker = Breaker()
        for hours in range(0, 9 * 20, 20):  # little traffic: nine in a row, over a week
            breaker = after_failure(breaker, after(hours * 3600), after(hours * 3600))
        assert not is_given_up(breaker, after(9 * 20 * 3600))

    def test_one_success_begins_the_days_anew(self) -> None:
        assert not is_given_up(after_success(failed(10, 60)), NOW + 2 * DISABLED_AFTER)
