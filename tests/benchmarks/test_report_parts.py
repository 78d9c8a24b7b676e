"""The tables of ingest, bursts, the log and the neighbours: figures, aims, faults."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from benchmarks.burst import Burst
from benchmarks.figures import Spread
from benchmarks.ingest import Batches, Ingest
from benchmarks.kills import Kill
from benchmarks.neighbours.measure import Neighbours
from benchmarks.neighbours.outcome import DURING, IllFigures, PhaseFigures
from benchmarks.neighbours.plan import NeighbourPlan, Phase
from benchmarks.pages import Page, Pages
from benchmarks.parts import Measured
from benchmarks.plans import StatementPlan
from benchmarks.proc import CpuTime
from benchmarks.propagation import Propagation
from benchmarks.report_parts import figures, show, to_json
from benchmarks.tracking import Tracking, TrackingPlan


def make_measured(p99: float = 18.0, batch_s: float = 4.0, plan: str = "") -> Measured:
    page = Page.of("first page", [4.0, p99], [StatementPlan(plan)])
    cpu = CpuTime(1, 1)
    batches = [Batches(1, 10_000, batch_s, Spread(20, 150, 200, 210))]
    return Measured(
        machine={"cores": "2"},
        burst=Burst(5000, 2.0, 110.0, 125.0, 100.0),
        ingest=Ingest(Spread(9, 5, p99, 30), Spread(9, 3, 10, 20), cpu, cpu, 7, batches),
        log=Pages(1_000_000, [page]),
    )


def shown(measured: Measured) -> str:
    console = Console(width=200)
    with console.capture() as captured:
        show(measured, console)
    return captured.get()


def make_phase(name: str, p99: float, lost: int = 0) -> PhaseFigures:
    seen = Spread(600, 50, p99, 9_000)
    return PhaseFigures(
        name=name,
        events=600,
        missing=lost,
        late=3,
        met=2,
        interrupted=1,
        propagation=seen,
        posts=Spread(600, 5, p99 / 2, 90),
        unmet=Spread(598, 50, 80, 90),
        busy=0.4,
    )


def make_neighbours(
    p99: float = 120.0, lost: int = 0, unfinished: int = 0, exits: Sequence[str] = ()
) -> Neighbours:
    return Neighbours(
        plan=NeighbourPlan(),
        load="",
        phases=[make_phase(Phase.BEFORE, 100), make_phase(DURING, p99, lost)],
        ill=[IllFigures("hang", 150, 90, 40, {"timeout": 90}, {"held": 150})],
        kills=[Kill("worker-1", 1.0, 1.1)],
        lost=lost,
        unfinished=unfinished,
        repeats=1,
        unverified=0,
        exits=list(exits),
    )


def with_load(p99: float) -> Measured:
    phases = [make_phase(Phase.BEFORE, 100), make_phase(Phase.LOCKED, p99)]
    plan = NeighbourPlan().under(Phase.LOCKED)
    return Measured({"cores": "2"}, loads=[replace(make_neighbours(), plan=plan, phases=phases)])


def with_neighbours(**changed: Any) -> Measured:
    return Measured(machine={"cores": "2"}, neighbours=make_neighbours(**changed))


def with_tracking(p95: float = 40.0, p99: float = 50.0) -> Measured:
    def events(p99: float) -> Propagation:
        seen = Spread(1000, 10, p99, 90)
        return Propagation(10, seen, seen)

    pages = Spread(10_000, 8, 60, 90)
    found = Tracking(TrackingPlan(), pages, p95, 3_000, events(50.0), events(p99))
    return Measured(machine={"cores": "2"}, tracking=found)


class TestFigures:
    def test_follow_from_what_was_measured(self) -> None:
        found = figures(make_measured())
        assert found["burst_ratio_to_floor"] == pytest.approx(0.8)
        assert found["ingest_p99_ratio"] == pytest.approx(1.8)
        assert found["batch_events_per_second"] == {1: 2500.0}
        assert found["log_p99_ms"] == {"first page": 18.0}

    def test_json_holds_them(self) -> None:
        assert json.loads(to_json(make_measured()))["figures"]["faults"] == []

    def test_of_neighbours_are_ratios_to_the_time_when_all_were_well(self) -> None:
        found = figures(with_neighbours(p99=150))["neighbour_ratios"]
        assert found == {"during": {"p50": 1.0, "p99": 1.5}}
        assert json.loads(to_json(with_neighbours()))["neighbours"]["repeats"] == 1

    def test_of_a_load_are_ratios_to_the_quiet_time_before_it(self) -> None:
        found = figures(with_load(p99=160))["load_ratios"]
        assert found == {Phase.LOCKED: {"posts": 1.6, "propagation": 1.6}}

    def test_of_tracking_pages(self) -> None:
        found = json.loads(to_json(with_tracking(p99=60)))["figures"]
        assert (found["tracking_page_p95_ms"], found["tracking_p99_ratio"]) == (40.0, 1.2)


class TestAims:
    @pytest.mark.parametrize(
        ("measured", "words"),
        [
            (make_measured(p99=20), "≤ 2: met"),
            (make_measured(p99=20.1), "≤ 2: missed"),
            (make_measured(batch_s=5), "≥ 2000: met"),
            (make_measured(batch_s=5.1), "≥ 2000: missed"),
            (make_measured(p99=50), "≤ 50: met"),
            (make_measured(p99=50.1), "≤ 50: missed"),
            (with_neighbours(p99=120), "≤ 1.2: met"),
            (with_neighbours(p99=121), "≤ 1.2: missed"),
            (with_load(p99=150), "≤ 1.5: met"),
            (with_load(p99=151), "≤ 1.5: missed"),
            (with_tracking(p95=100), "≤ 100: met"),
            (with_tracking(p95=100.1), "≤ 100: missed"),
            (with_tracking(p99=60), "≤ 1.2: met"),
            (with_tracking(p99=60.1), "≤ 1.2: missed"),
        ],
    )
    def test_are_printed_beside_the_figure(self, measured: Measured, words: str) -> None:
        assert words in shown(measured)


class TestFaults:
    def test_a_page_that_reads_a_whole_table_is_one(self) -> None:
        measured = make_measured(plan="Seq Scan on events")
        assert measured.faults == ["first page: a whole table is read: Seq Scan on events"]
        assert "a whole table is read" in shown(measured)

    def test_a_lost_event_is_one(self) -> None:
        assert with_neighbours(lost=2).faults == ["2 events were lost"]

    def test_a_well_endpoint_that_still_waits_is_one(self) -> None:
        [fault] = with_neighbours(unfinished=3).faults
        assert fault.startswith("3 events of well endpoints were still on their way")

    def test_a_worker_that_nobody_killed_may_not_end(self) -> None:
        ended = with_neighbours(exits=["worker-2 ended by itself with 1: out of memory"])
        assert ended.faults == ["worker-2 ended by itself with 1: out of memory"]

    def test_a_missed_aim_is_none(self) -> None:
        assert with_neighbours(p99=900).faults == []
        assert make_measured(p99=500, batch_s=500).faults == []
