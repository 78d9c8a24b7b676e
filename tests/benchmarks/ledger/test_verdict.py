"""Which ends of processes are no fault of a run."""

from collections import Counter

import pytest

from benchmarks.ledger.counts import Counts
from benchmarks.ledger.options import Options
from benchmarks.ledger.run import Result
from benchmarks.ledger.stored import StillOpen
from benchmarks.ledger.verdict import judge
from benchmarks.process import Exit

_NO_TEMPORAL = "Temporal does not answer at 127.0.0.1:7233: start it, or set TEMPORAL_ADDRESS"
_NO_DATABASE = (
    "Unable to create server. Error: sql schema version compatibility check failed: unable to read "
    "DB schema version keyspace/database: temporal error: no usable database connection found."
)


def make_result(*exits: Exit) -> Result:
    """A run of nothing, in which these processes ended by themselves."""
    return Result(
        options=Options(),
        counts=Counts([], [], [], [], [], []),
        kills=[],
        exits=[*exits],
        answers=Counter(),
        given_up=[],
        waits_s=[],
        play_s=0,
        settle_s=0,
        left_open=StillOpen(0, 0, 0),
        workflows=Counter(Completed=1),
    )


@pytest.mark.parametrize(
    ("end", "counted_as"),
    [
        (Exit("worker-2", 2, _NO_TEMPORAL), "starts that found no Temporal"),
        (Exit("temporal", 1, _NO_DATABASE), "starts of Temporal that failed"),
    ],
)
def test_a_start_that_lacks_what_was_killed_is_counted_and_no_trouble(
    end: Exit, counted_as: str
) -> None:
    verdict = judge(make_result(end))
    assert (verdict.troubles, verdict.counts[counted_as]) == ([], 1)


@pytest.mark.parametrize(
    "end",
    [
        Exit("worker", 1, _NO_TEMPORAL),
        Exit("worker", 1, _NO_DATABASE),
        Exit("temporal", 1, "panic: runtime error"),
        Exit("temporal", -9, ""),
    ],
)
def test_any_other_end_is_a_trouble(end: Exit) -> None:
    assert judge(make_result(end)).troubles == [str(end)]
