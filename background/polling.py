"""Keeps a worker of the SDK asking Temporal for work, and begins with a new one where that gave up.

The SDK takes some answers to a poll for final when they are heard for a minute: that a namespace is
not active, not found, not allowed, or that there is no such method. A namespace that fails over and
a proxy without its route answer so, and in time Temporal answers again.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any, Protocol

from contracts.outages import Outage

log = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(seconds=5)
WELL_AFTER = timedelta(seconds=90)
"""A worker that Temporal refuses has failed by then."""

_GAVE_UP = "Poll failure:"
_NOT_LET_IN = "Worker validation failed:"
"""What the SDK's errors begin with where Temporal refuses a poll, and where it refuses a worker
that begins. Every other failure is one of this process: it ends, and is started again whole."""


class SdkWorker(Protocol):
    """Temporal's own worker."""

    async def run(self) -> None:
        """Serve until it is shut down. RuntimeError where it gives up."""

    async def shutdown(self) -> None:
        """End in good order."""


OnFailure = Callable[[BaseException], Awaitable[None]]
"""Called with the error of a worker before it ends what it has under way."""


class Polling:
    """Serves with one worker after the other. `build` makes one; of two, one has to have failed.

    One that failed is waited for as long as `ends_within`: sometimes its last step never ends.
    """

    def __init__(
        self,
        build: Callable[[OnFailure], SdkWorker],
        ends_within: timedelta,
        again_after: timedelta = AGAIN_AFTER,
        well_after: timedelta = WELL_AFTER,
    ) -> None:
        self._build = build
        self._outage = Outage()
        self._well_after_s = well_after.total_seconds()
        self._ends_within_s = ends_within.total_seconds()
        self._again_after_s = again_after.total_seconds()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Serve until the context ends, then finish what is under way. A worker that fails ends the
        context with its error."""
        stop = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._serve(stop))
                try:
                    yield
                finally:
                    stop.set()
        except BaseExceptionGroup as failed:
            raise failed.exceptions[0] from None

    async def _serve(self, stop: asyncio.Event) -> None:
        one = _Serving(self._build, self._ends_within_s)
        while not stop.is_set():
            well = asyncio.get_running_loop().call_later(self._well_after_s, self._note_well)
            try:
                await one.serve(stop)
            except RuntimeError as error:
                cause = str(error.__cause__ or error)
                if not cause.startswith((_GAVE_UP, _NOT_LET_IN)):
                    raise
                if self._outage.begins():
                    log.error("Temporal gives this worker no work, asked again: %s", cause)
                if cause.startswith(_GAVE_UP):
                    one = _Serving(self._build, self._ends_within_s)
                well.cancel()
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._again_after_s):
                        await stop.wait()
            finally:
                well.cancel()

    def _note_well(self) -> None:
        if self._outage.ends():
            log.info("Temporal gives this worker work again")


class _Serving:
    """One worker of the SDK. It may be run again where it was not let in."""

    def __init__(self, build: Callable[[OnFailure], SdkWorker], ends_within_s: float) -> None:
        self._failure: asyncio.Future[BaseException] = asyncio.get_running_loop().create_future()
        self._worker = build(self._note)
        self._ends_within_s = ends_within_s

    async def serve(self, stop: asyncio.Event) -> None:
        """Run it until `stop` is set; raises what it failed with."""
        running = asyncio.create_task(self._worker.run())
        stopping = asyncio.create_task(stop.wait())
        ends: set[asyncio.Future[Any]] = {running, stopping, self._failure}
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            if not running.done():
                await self._end(running)
        if not running.done():
            raise self._failure.result()
        running.result()

    async def _end(self, running: "asyncio.Task[None]") -> None:
        """Let it finish what it has under way."""
        limit_s = self._ends_within_s if self._failure.done() else None
        ending = asyncio.create_task(self._worker.shutdown())
        await asyncio.wait({running}, timeout=limit_s)
        ending.cancel()

    async def _note(self, error: BaseException) -> None:
        self._failure.set_result(error)
