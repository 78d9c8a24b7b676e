"""The tables of ingest, bursts and the log: figures, aims, faults."""

import json

import pytest
from rich.console import Console

from benchmarks.burst import Burst
from benchmarks.figures import Spread
from benchmarks.ingest import Batches, Ingest
from benchmarks.log_pages import LogPages, Page
from benchmarks.parts import Measured
from benchmarks.plans import StatementPlan
from benchmarks.proc import CpuTime
from benchmarks.report_parts import figures, show, to_json


def make_measured(p99: float = 18.0, batch_s: float = 4.0, plan: str = "") -> Measured:
    page = Page("first page", Spread(300, 4, p99, p99), [StatementPlan(plan)])
    cpu = CpuTime(1, 1)
    batches = [Batches(1, 10_000, batch_s, Spread(20, 150, 200, 210))]
    return Measured(
        machine={"cores": "2"},
        burst=Burst(5000, 2.0, 110.0, 125.0, 100.0),
        ingest=[
            Ingest("sqlite", Spread(9, 5, p99, 30), Spread(9, 3, 10, 20), cpu, cpu, 7, batches)
        ],
        log=[LogPages("sqlite", 1_000_000, 30.0, [page])],
    )


def shown(measured: Measured) -> str:
    console = Console(width=160)
    with console.capture() as captured:
        show(measured, console)
    return captured.get()


class TestFigures:
    def test_follow_from_what_was_measured(self) -> None:
        found = figures(make_measured())
        assert found["burst_ratio_to_floor"] == pytest.approx(0.8)
        assert found["ingest_p99_ratio"] == {"sqlite": pytest.approx(1.8)}
        assert found["batch_events_per_second"] == {"sqlite": {1: 2500.0}}
        assert found["log_p99_ms"] == {"sqlite": {"first page": 18.0}}

    def test_json_holds_them(self) -> None:
        assert json.loads(to_json(make_measured()))["figures"]["faults"] == []


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
        ],
    )
    def test_are_printed_beside_the_figure(self, measured: Measured, words: str) -> None:
        assert words in shown(measured)


class TestFaults:
    def test_a_page_that_reads_a_whole_table_is_one(self) -> None:
        measured = make_measured(plan="SCAN events")
        assert measured.faults == ["sqlite, first page: a whole table is read: SCAN events"]
        assert "a whole table is read" in shown(measured)

    def test_a_missed_aim_is_none(self) -> None:
        assert make_measured(p99=500, batch_s=500).faults == []
