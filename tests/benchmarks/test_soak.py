"""A soak: what its begin and its end are, and what counts as growth."""

from dataclasses import replace
from typing import ClassVar

import pytest

from benchmarks.figures import NotEnough, Spread
from benchmarks.layout import API, WORKER
from benchmarks.ledger.counts import Acknowledged, Counts, Request
from benchmarks.ledger.options import Scenario
from benchmarks.proc import Usage
from benchmarks.soak.measure import Soak, SoakPlan
from benchmarks.soak.readers import Read
from benchmarks.soak.tables import figures
from benchmarks.soak.watch import Sample
from benchmarks.soak.windows import BEGIN, END, WELL, Window, window_of

HELD = Usage(memory_mib=100, files=40, threads=20, connections=12)
QUICK = Spread(100, 10, 30, 50)


def make_window(held: Usage = HELD, latency: Spread = QUICK) -> Window:
    return Window({API: HELD, WORKER: held}, latency, latency, latency)


def make_soak(end: Window) -> Soak:
    return Soak(SoakPlan(), make_window(), end, [], {}, {}, [])


class TestGrown:
    def test_nothing_where_the_end_is_like_the_beginning(self) -> None:
        assert make_soak(make_window()).grown == []

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            ({"memory_mib": 116}, "memory of the worker"),
            ({"files": 45}, "files of the worker"),
            ({"threads": 25}, "threads of the worker"),
            ({"connections": 17}, "connections of the worker"),
        ],
    )
    def test_each_of_what_a_process_holds(self, more: dict[str, int], said: str) -> None:
        soak = make_soak(make_window(replace(HELD, **more)))
        assert soak.grown == [said]
        assert figures(soak)["grown"] == [said]

    def test_latencies(self) -> None:
        slower = make_soak(make_window(latency=replace(QUICK, p99=46)))
        assert len(slower.grown) == 3
        assert make_soak(make_window(latency=replace(QUICK, p99=45))).grown == []


class TestAWindow:
    """A hundred seconds, an event in each, of which every post takes its number in seconds."""

    SAMPLES: ClassVar = [
        Sample(float(n), n, {API: replace(HELD, memory_mib=n)}) for n in range(101)
    ]
    WAITS: ClassVar = [float(n) for n in range(100)]
    READS: ClassVar = [Read("/", float(n), n, 200 if n % 2 else None) for n in range(100)]
    COUNTS = Counts(
        acknowledged=[
            Acknowledged(f"e{n}", WELL if n % 2 else "another", "o", frozenset(), float(n))
            for n in range(100)
        ],
        requests=[Request("hook", f"e{n}", first_byte_at=n + n / 1000) for n in range(100)]
        + [Request("other", f"e{n}", first_byte_at=n + 9.0) for n in range(100)],
    )

    def window(self, share: tuple[float, float]) -> Window:
        return window_of(share, self.SAMPLES, self.WAITS, self.READS, self.COUNTS)

    def test_it_has_its_part_of_everything(self) -> None:
        end = self.window(END)
        assert end.usage[API].memory_mib == 92.5
        assert (end.posts.count, end.posts.worst) == (15, 99_000)
        assert (end.pages.count, end.pages.worst) == (8, 99)  # those that came
        assert (end.arrivals.count, round(end.arrivals.worst)) == (8, 99)  # first arrivals

    def test_the_beginning_is_before_the_end(self) -> None:
        assert self.window(BEGIN).posts.worst < self.window(END).posts.p50

    def test_a_process_that_was_dead_in_between_is_left_out(self) -> None:
        samples = [replace(one, usage={}) if one.answered == 90 else one for one in self.SAMPLES]
        window = window_of(END, samples, self.WAITS, self.READS, self.COUNTS)
        assert window.usage[API].files == HELD.files

    def test_next_to_nothing_is_not_enough(self) -> None:
        with pytest.raises(NotEnough):
            window_of(END, self.SAMPLES[:2], self.WAITS, self.READS, self.COUNTS)


def test_it_plays_its_rate_for_its_time_and_kills_none_of_ours() -> None:
    options = SoakPlan(minutes=30, rate=8).options
    assert (options.events, options.scenario) == (14_400, Scenario.SOAK)
