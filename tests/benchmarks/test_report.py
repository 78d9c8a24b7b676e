"""The report of a run: figures, aims, faults."""

import json
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from benchmarks.figures import Spread
from benchmarks.floors import ONE_ACTIVITY, SAME_SHAPE
from benchmarks.histories import Histories
from benchmarks.proc import CpuTime
from benchmarks.propagation import Propagation
from benchmarks.report import figures, show, to_json
from benchmarks.run import Plan, Results
from benchmarks.saturation import PRODUCT, SENDER, Round
from benchmarks.totals import Count

PROCESSES = ("temporal", "postgresql", "worker", "floor", "api", "merchant", SENDER)


def make_round(kind: str, rate: float, cpu_ms: float = 10.0) -> Round:
    return Round(kind, 100, rate, {name: CpuTime(cpu_ms / 2, cpu_ms / 2) for name in PROCESSES})


def make_count(**changed: Any) -> Count:
    counts = Count(
        answered_202=300,
        accepted=300,
        delivered=300,
        received=300,
        repeats=0,
        unverified=0,
        balanced=True,
    )
    return replace(counts, **changed)


def make_results(product_rates: tuple[float, ...], count: Count | None = None) -> Results:
    floors = [make_round(kind, 20.0) for kind in (SAME_SHAPE, ONE_ACTIVITY) for _ in product_rates]
    return Results(
        plan=Plan(),
        machine={"cores": "2"},
        propagation=[Propagation(5, Spread(100, 40, 90, 95), Spread(100, 30, 80, 85))],
        rounds=[*(make_round(PRODUCT, rate, 12.5) for rate in product_rates), *floors],
        histories=Histories(Spread(50, 13, 13, 13), {"EVENT_TYPE_WORKFLOW_EXECUTION_STARTED": 1}),
        idle_percent={"worker": 1.0},
        peak_mib={"worker": 180.0, "api": 130.0},
        count=count or make_count(),
    )


def shown(results: Results) -> str:
    console = Console(width=160)
    with console.capture() as captured:
        show(results, console)
    return captured.get()


class TestAims:
    @pytest.mark.parametrize(("rate", "words"), [(30.0, "≥ 1.5: met"), (29.0, "≥ 1.5: missed")])
    def test_are_printed_beside_the_figure(self, rate: float, words: str) -> None:
        assert words in shown(make_results((rate, rate, rate)))

    def test_a_missed_aim_is_no_fault(self) -> None:
        assert make_results((1.0,)).count.faults == []


class TestFigures:
    def test_ratios_are_of_rates_and_of_cpu(self) -> None:
        found = figures(make_results((16.0, 18.0, 17.0)))
        assert found["ratio_to_same_shape"] == pytest.approx(0.85)
        assert found["cpu_ratio_to_same_shape"] == pytest.approx(0.8)
        assert found["events_per_second"][PRODUCT] == 17.0

    def test_json_holds_everything(self) -> None:
        read = json.loads(to_json(make_results((16.0,))))
        assert read["propagation"][0]["from_acceptance"]["p99"] == 90
        assert read["figures"]["history_events"] == 13


class TestFaults:
    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"received": 299}, "1 events were lost"),
            ({"delivered": 298}, "2 events were lost"),
            ({"unverified": 4}, "4 signatures did not verify"),
            ({"balanced": False}, "the store's own ledger does not balance"),
        ],
    )
    def test_are_named(self, changed: dict[str, Any], words: str) -> None:
        count = make_count(**changed)
        assert count.faults == [words]
        assert words in shown(make_results((16.0,), count))

    def test_a_repeat_is_none(self) -> None:
        assert make_count(repeats=3).faults == []
