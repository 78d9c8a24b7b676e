"""Work that gives way to a stop."""

import asyncio

import pytest

from commands.signals import unless_stopped


async def test_work_that_ends_gives_its_result() -> None:
    async def work() -> str:
        return "done"

    assert await unless_stopped(asyncio.Event(), work()) == "done"


async def test_a_stop_calls_work_off_and_waits_until_it_has_cleaned_up() -> None:
    stop, cleaned_up = asyncio.Event(), False

    async def work() -> bool:
        nonlocal cleaned_up
        stop.set()
        try:
            return await asyncio.Event().wait()
        finally:
            cleaned_up = True

    assert await unless_stopped(stop, work()) is None
    assert cleaned_up


async def test_a_failure_is_not_swallowed() -> None:
    async def work() -> None:
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        await unless_stopped(asyncio.Event(), work())
