"""The open loop: what is due is begun, whatever became of what was due before it."""

import asyncio

import pytest

from benchmarks import open_loop
from benchmarks.open_loop import BehindSchedule, at_their_times, evenly


async def test_one_that_takes_its_time_delays_none() -> None:
    last = asyncio.Event()

    async def begin(number: int) -> None:
        if number == 2:
            last.set()
        await last.wait()

    took_ms = await at_their_times([0.0, 0.01, 0.02], begin)
    assert took_ms[0] > took_ms[1] > took_ms[2]


async def test_what_begins_too_late_is_no_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_loop, "_LATE_S", -1.0)
    with pytest.raises(BehindSchedule):
        await at_their_times(evenly(10, 0.3), lambda _number: asyncio.sleep(0))
