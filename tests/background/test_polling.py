"""A worker that the SDK gives up is followed by the next one, as long as Temporal is the reason."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

import pytest

from background.polling import WELL_AFTER, OnFailure, Polling
from tests.support.logs import said_by
from tests.support.waiting import eventually

REFUSED = "Poll failure: Unhandled grpc error when polling: Status { code: FailedPrecondition }"
AT_ONCE = timedelta(0)


class Scripted:
    """A worker that fails with this, or serves until it is shut down. `hangs`: it never ends after
    it has failed."""

    def __init__(self, failure: Exception | None = None, *, hangs: bool = False) -> None:
        self.failure, self.hangs = failure, hangs
        self.serves, self.failed, self.ended = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.on_failure: OnFailure | None = None

    async def run(self) -> None:
        if self.failure is not None:
            self.failed.set()
            if self.failure.__cause__ is not None:  # it had begun
                assert self.on_failure is not None
                await self.on_failure(self.failure)
            if self.hangs:
                await asyncio.Event().wait()
            raise self.failure
        self.serves.set()
        await self.ended.wait()

    async def shutdown(self) -> None:
        self.ended.set()


def given_up(cause: str) -> RuntimeError:
    """As the SDK's worker fails: what is wrong is the cause."""
    error = RuntimeError("Activity worker failed")
    error.__cause__ = RuntimeError(cause)
    return error


def polling(
    workers: Sequence[Scripted],
    again_after: timedelta = AT_ONCE,
    well_after: timedelta = WELL_AFTER,
) -> Polling:
    """Serves with these, one after the other."""
    waiting = iter(workers)

    def build(on_failure: OnFailure) -> Scripted:
        worker = next(waiting)
        worker.on_failure = on_failure
        return worker

    return Polling(build, timedelta(milliseconds=10), again_after, well_after)


async def test_it_serves_until_the_context_ends() -> None:
    worker = Scripted()
    async with polling([worker]).serving():
        await worker.serves.wait()
        assert not worker.ended.is_set()
    assert worker.ended.is_set()


async def test_while_temporal_refuses_its_polls_it_asks_again_with_another_worker() -> None:
    last = Scripted()
    refused = [Scripted(given_up(REFUSED)), Scripted(given_up(REFUSED))]
    async with polling([*refused, last]).serving():
        await last.serves.wait()


async def test_one_that_is_not_let_in_begins_again_itself() -> None:
    """The SDK keeps its place: another one would be refused as its double."""
    worker = Scripted(RuntimeError("Worker validation failed: Status { code: NotFound }"))
    async with polling([worker]).serving():
        await worker.failed.wait()
        worker.failure = None
        await worker.serves.wait()


async def test_one_that_failed_and_never_ends_is_not_waited_for() -> None:
    last = Scripted()
    async with polling([Scripted(given_up(REFUSED), hangs=True), last]).serving():
        await last.serves.wait()


async def test_it_ends_at_once_while_it_waits_to_ask_again() -> None:
    async with polling([Scripted(given_up(REFUSED))], timedelta(hours=1)).serving():
        pass


@pytest.mark.parametrize("failure", [given_up("a mistake of ours"), RuntimeError("no worker")])
async def test_any_other_failure_ends_what_runs_beside_it(failure: Exception) -> None:
    with pytest.raises(RuntimeError) as seen:
        async with polling([Scripted(failure)]).serving():
            await asyncio.Event().wait()
    assert seen.value is failure


async def test_what_fails_beside_it_ends_it() -> None:
    worker = Scripted()

    async def beside() -> None:
        async with polling([worker]).serving():
            await worker.serves.wait()
            raise LookupError

    with pytest.raises(LookupError):
        await beside()
    assert worker.ended.is_set()


async def test_that_temporal_refuses_is_said_once_and_that_it_does_no_more(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "background.polling")
    workers = [Scripted(given_up(REFUSED)), Scripted(given_up(REFUSED)), Scripted()]
    soon = timedelta(milliseconds=20)
    async with polling(workers, well_after=soon).serving():

        async def lines() -> int:
            return len(said_by("background.polling", caplog))

        await eventually(lines, lambda count: count == 2)
    assert said_by("background.polling", caplog) == [
        f"Temporal gives this worker no work, asked again: {REFUSED}",
        "Temporal gives this worker work again",
    ]
