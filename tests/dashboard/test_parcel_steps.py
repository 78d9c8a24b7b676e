"""How far a parcel has come, step by step."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.payload.events import EventType
from dashboard.parcel_steps import Happened, steps_of

START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
C, OUT, D, F, R = EventType


@pytest.mark.parametrize(
    ("happened", "way"),
    [
        ([C], [(C, "good"), (OUT, ""), (D, "")]),
        ([C, OUT], [(C, "good"), (OUT, "waiting"), (D, "")]),
        ([C, OUT, D], [(C, "good"), (OUT, "good"), (D, "good")]),
        ([D], [(C, ""), (OUT, ""), (D, "good")]),
        ([C, OUT, F], [(C, "good"), (OUT, "good"), (F, "bad"), (D, "")]),
        ([C, OUT, F, OUT], [(C, "good"), (OUT, "waiting"), (D, "")]),
        ([C, OUT, F, OUT, D], [(C, "good"), (OUT, "good"), (D, "good")]),
        ([C, OUT, F, R], [(C, "good"), (OUT, "good"), (F, "bad"), (R, "bad")]),
        ([C, R], [(C, "good"), (OUT, ""), (R, "bad")]),
        ([C, OUT, D, R], [(C, "good"), (OUT, "good"), (D, "good"), (R, "bad")]),
    ],
)
def test_the_way(happened: list[EventType], way: list[tuple[EventType, str]]) -> None:
    steps = steps_of([Happened(kind, START) for kind in happened])
    assert [(step.type, step.tone) for step in steps] == way
    assert [step.type for step in steps if step.current] == [happened[-1]]


def test_a_step_says_when_it_was_last_and_how_often() -> None:
    again = START + timedelta(days=1)
    steps = steps_of([Happened(OUT, START), Happened(F, START), Happened(OUT, again)])
    [out] = [step for step in steps if step.type is OUT]
    assert (out.at, out.times) == (again, 2)
