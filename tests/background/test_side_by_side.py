"""The parts of a worker: all of them run, or none."""

import asyncio

import pytest

from background.side_by_side import run_beside


class Patient:
    """Runs until it is told to stop."""

    def __init__(self) -> None:
        self.ended = False

    async def run(self, stop: asyncio.Event) -> None:
        try:
            await stop.wait()
        finally:
            self.ended = True


class Broken:
    async def run(self, stop: asyncio.Event) -> None:
        raise LookupError("a mistake of ours")


async def test_they_end_when_told_to() -> None:
    stop, part = asyncio.Event(), Patient()
    stop.set()
    await run_beside([part, Patient()], stop)
    assert part.ended


async def test_one_that_fails_ends_the_others_and_says_why() -> None:
    part = Patient()
    with pytest.raises(LookupError, match="a mistake of ours"):
        await run_beside([part, Broken()], asyncio.Event())
    assert part.ended
