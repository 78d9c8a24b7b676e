"""The calendar of faults: the same for the same seed, as often as its table says."""

import random
from collections import Counter

import pytest

from benchmarks.outcomes.faults import (
    FREQUENCIES,
    SPAN_S,
    Calendar,
    Fault,
    Kind,
    draw_faults,
)
from benchmarks.outcomes.partners import ENDPOINTS, LEAVING
from benchmarks.outcomes.simulated_clock import SimulatedClock
from sandbox.steps import Answer

_HOUR = 3600.0
NAME = ENDPOINTS[0].name


def calendar_with(kind: Kind, begins_s: float = 1000.0, ends_s: float = 1000.0 + _HOUR) -> Calendar:
    """One fault of one endpoint."""
    return Calendar([Fault(begins_s, ends_s, NAME, kind)])


class TestTheCalendar:
    def test_the_same_seed_gives_the_same_faults(self) -> None:
        assert draw_faults(7).faults == draw_faults(7).faults
        assert draw_faults(7).faults != draw_faults(8).faults

    def test_faults_are_within_twelve_weeks_and_last_as_long_as_the_table_says(self) -> None:
        spans = {one.kind: (one.shortest_s, one.longest_s) for one in FREQUENCIES}
        for fault in draw_faults(3).faults:
            shortest_s, longest_s = spans[fault.kind]
            assert 0 <= fault.begins_s < SPAN_S
            assert shortest_s <= fault.ends_s - fault.begins_s <= longest_s + 1e-6

    @pytest.mark.parametrize("often", FREQUENCIES, ids=lambda one: one.kind)
    def test_over_many_seeds_they_come_as_often_as_the_table_says(self, often) -> None:  # type: ignore[no-untyped-def]
        seeds = 200
        found = Counter(one.kind for seed in range(seeds) for one in draw_faults(seed).faults)
        expected = seeds * (often.in_all or often.each * len(ENDPOINTS))
        assert found[often.kind] == pytest.approx(expected, rel=0.1)

    def test_only_the_endpoint_that_leaves_is_gone_for_good(self) -> None:
        [gone] = [one for one in draw_faults(5).faults if one.kind is Kind.GONE_FOR_GOOD]
        assert gone.endpoint == LEAVING

    def test_an_outage_hits_its_own_endpoint_and_its_own_hour(self) -> None:
        calendar, dice = calendar_with(Kind.OUTAGE), random.Random(1)
        assert calendar.is_down(NAME, 1000.0)
        assert calendar.step(NAME, 2000.0, dice) != Answer(200)
        assert not calendar.is_down(NAME, 999.0)
        assert not calendar.is_down(NAME, 1000.0 + _HOUR)
        assert not calendar.is_down(ENDPOINTS[1].name, 2000.0)

    def test_an_endpoint_that_is_gone_says_so_every_time(self) -> None:
        calendar, dice = calendar_with(Kind.GONE), random.Random(1)
        assert [calendar.step(NAME, 1500.0, dice) for _ in range(50)] == [Answer(410)] * 50

    def test_what_an_outage_left_is_sent_again_after_its_end(self) -> None:
        calendar = calendar_with(Kind.OUTAGE)
        assert calendar.repaired_s(NAME, 1200.0) > 1000.0 + _HOUR
        assert calendar.repaired_s(NAME, 900.0) > 1000.0 + _HOUR  # its retries came into it

    def test_nothing_is_sent_again_into_the_next_outage(self) -> None:
        first, second = (Fault(at, at + _HOUR, NAME, Kind.OUTAGE) for at in (0.0, 5000.0))
        assert Calendar([first]).repaired_s(NAME, 100.0) > second.begins_s
        assert Calendar([first, second]).repaired_s(NAME, 100.0) > second.ends_s


class TestTheSimulatedClock:
    def test_an_attempt_is_as_late_as_the_real_one_thirty_times(self) -> None:
        clock = SimulatedClock(Calendar([]))
        clock.post("evt", 5000.0, real=100.0)
        assert clock.attempt_s(NAME, "evt", 101.0) == 5030.0

    def test_what_is_sent_again_arrives_after_the_repair(self) -> None:
        calendar = calendar_with(Kind.OUTAGE)
        clock = SimulatedClock(calendar)
        clock.post("evt", 1200.0, real=100.0)
        clock.recover(NAME, real=110.0)
        clock.post("later", 90_000.0, real=111.0)
        assert clock.attempt_s(NAME, "evt", 112.0) == calendar.repaired_s(NAME, 1200.0) + 60.0
        assert clock.attempt_s(NAME, "evt", 105.0) == 1350.0
        assert clock.attempt_s(NAME, "later", 112.0) == 90_030.0
