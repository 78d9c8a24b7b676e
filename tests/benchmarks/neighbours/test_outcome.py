"""The figures of the neighbour test: what counts where, and that nothing is left out unsaid."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from benchmarks.figures import NotEnough
from benchmarks.kills import Kill
from benchmarks.neighbours.outcome import (
    DURING,
    Trip,
    count_ends,
    figures_of,
    most_at_once,
    phases_of,
)
from benchmarks.neighbours.plan import NeighbourPlan, Phase
from benchmarks.neighbours.stored import Attempt

[ACT] = NeighbourPlan().acts
KILLS = [Kill("worker-1", killed_at=100.0, restarted_at=100.1)]
OK = "http_200"


def make_trip(took_s: float = 0.1, accepted_at: float = 50.0, phase: Phase = Phase.BEFORE) -> Trip:
    attempt = Attempt(accepted_at + took_s / 2, accepted_at + took_s, OK)
    return Trip(
        phase=phase,
        posted_ms=took_s * 500,
        accepted_at=accepted_at,
        attempts=[attempt],
        arrived_at=accepted_at + took_s,
    )


def lost() -> Trip:
    return replace(make_trip(), attempts=[], arrived_at=None)


def make_trips(*took_s: float) -> Sequence[Trip]:
    return [make_trip(each) for each in took_s]


class TestATrip:
    def test_takes_from_its_acceptance(self) -> None:
        assert make_trip(0.2).took_ms == pytest.approx(200)

    @pytest.mark.parametrize(
        ("accepted_at", "took_s", "met"),
        [(99.0, 2.0, True), (99.0, 0.5, False), (100.5, 1.0, False)],
    )
    def test_meets_a_kill_that_falls_on_its_way(
        self, accepted_at: float, took_s: float, met: bool
    ) -> None:
        assert make_trip(took_s, accepted_at).was_met(KILLS) is met

    def test_that_never_arrives_took_no_time_and_has_met_every_later_kill(self) -> None:
        assert lost().took_ms is None
        assert lost().was_met(KILLS)


class TestAPhase:
    def test_counts_the_missing_and_the_late(self) -> None:
        found = figures_of("x", [*make_trips(0.1, 1.5, 0.3), lost()], [], busy=0.5)
        assert (found.events, found.missing, found.late) == (4, 1, 1)
        assert found.propagation.count == 3
        assert found.propagation.worst == pytest.approx(1500)

    def test_the_full_figure_keeps_what_met_a_kill(self) -> None:
        trips = [*make_trips(0.1, 0.2), make_trip(12.0, accepted_at=99.5)]
        found = figures_of("x", trips, KILLS, busy=0.5)
        assert found.met == 1
        assert found.propagation.p99 == pytest.approx(12_000)
        assert found.unmet is not None
        assert found.unmet.count == 2
        assert found.unmet.p99 == pytest.approx(200)

    def test_says_nothing_of_the_rest_where_a_kill_met_all(self) -> None:
        assert figures_of("x", [make_trip(2, 99)], KILLS, busy=0.5).unmet is None

    def test_counts_the_interrupted_attempts(self) -> None:
        cut = Attempt(50.0, 60.0, "interrupted")
        trip = replace(make_trip(), attempts=[cut, *make_trip().attempts])
        assert figures_of("x", [trip, make_trip()], [], busy=0.5).interrupted == 1

    def test_of_nothing_is_no_figure(self) -> None:
        with pytest.raises(NotEnough, match=r"not one of 1 events arrived \(x\)"):
            figures_of("x", [lost()], [], busy=0.5)


class TestThePhases:
    def test_during_is_all_ill_phases_and_no_other(self) -> None:
        trips = [make_trip(number / 10, phase=phase) for number, phase in enumerate(ACT, 1)]
        busy = dict.fromkeys(ACT, 0.2) | {Phase.HANG: 0.8}
        found = {one.name: one for one in phases_of(trips, [], busy)}
        assert list(found) == ["before", "kill", "hang", "503", "reset", "during", "after"]
        assert found[DURING].events == 3
        assert found[DURING].propagation.worst == pytest.approx(600)
        assert found[DURING].busy == pytest.approx(0.4)


class TestAttempts:
    def test_the_most_at_once(self) -> None:
        attempts = [
            Attempt(0, 20, OK),
            Attempt(1, 2, OK),
            Attempt(2, 4, OK),
            Attempt(3, None, "under way"),
        ]
        assert most_at_once(attempts) == 3
        assert most_at_once([]) == 0

    def test_are_counted_by_their_ends(self) -> None:
        attempts = [Attempt(0, 20, "timeout"), Attempt(0, 1, OK), Attempt(5, 25, "timeout")]
        assert count_ends(attempts) == {"timeout": 2, OK: 1}
