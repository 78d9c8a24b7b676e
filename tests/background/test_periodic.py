"""Looking again and again: trouble is said once, however often it is met."""

import asyncio
import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest

from background.periodic import look_every
from contracts.errors import EngineUnavailable, StoreUnavailable
from tests.support.logs import said_by


def logged_already() -> StoreUnavailable:
    """The error of a database that has said so itself."""
    error = StoreUnavailable("the database is away")
    error.is_logged = True
    return error


async def said_of(looks: Iterator[Exception | None], caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log says while looks end so, one after the other."""
    stop = asyncio.Event()

    async def look() -> None:
        try:
            error = next(looks)
        except StopIteration:
            stop.set()
            return
        if error is not None:
            raise error

    with caplog.at_level(logging.INFO, "background.periodic"):
        await look_every(timedelta(0), look, stop, "held texts wait")
    return said_by("background.periodic", caplog)


async def test_each_outage_is_said_once_and_its_end(caplog: pytest.LogCaptureFixture) -> None:
    away = EngineUnavailable("Temporal does not answer")
    looks = iter([None, away, away, away, None, None, away, None])
    begun, over = "held texts wait: Temporal does not answer", "it goes on, after: held texts wait"
    assert await said_of(looks, caplog) == [begun, over, begun, over]


async def test_what_the_log_has_already_is_not_said_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    looks = iter([logged_already(), logged_already(), None])
    assert await said_of(looks, caplog) == []
