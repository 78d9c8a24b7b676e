"""People who look at pages meanwhile, one page after the other."""

import asyncio
import contextlib
import itertools
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from benchmarks.dashboard_pages import COOKIE, signed_in
from benchmarks.ledger.partners import TEXTS
from benchmarks.rig import Rig

_EVERY_S = 1.0
_OK = 200
_BROKEN = (OSError, EOFError, TimeoutError)

PAGES = (
    "/dashboard/ops",
    "/dashboard/p/large",
    "/dashboard/p/unreliable/dead-letters",
    f"/dashboard/p/{TEXTS}/texts",
    "/v1/events?partner_id=large",
    "/v1/deliveries?partner_id=unreliable",
)


@dataclass(frozen=True)
class Read:
    """One page: seconds since the first, the milliseconds that it took, and its status; None where
    no answer came."""

    path: str
    at_s: float
    took_ms: float
    status: int | None

    @property
    def is_ok(self) -> bool:
        """Whether the page came."""
        return self.status == _OK


@contextlib.asynccontextmanager
async def reading(rig: Rig) -> AsyncIterator[Sequence[Read]]:
    """Ask for a page every second for as long as the context lasts; each answer is added."""
    cookie, reads = f"{COOKIE}={await signed_in(rig.database)}", list[Read]()
    task = asyncio.create_task(_read(rig, cookie, reads))
    try:
        yield reads
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _read(rig: Rig, cookie: str, reads: list[Read]) -> None:
    began = time.monotonic()
    for path in itertools.cycle(PAGES):
        asked, status = time.monotonic(), None
        with contextlib.suppress(*_BROKEN):
            status = (await rig.poster.wire.ask("GET", path, cookie=cookie)).status
        took_ms = (time.monotonic() - asked) * 1000
        reads.append(Read(path, asked - began, took_ms, status))
        await asyncio.sleep(_EVERY_S)
