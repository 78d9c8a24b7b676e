"""One run: events flow, processes die and come back, everything ends, and the counts are read."""

import asyncio
import contextlib
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from temporalio.client import Client
from temporalio.service import RPCError

from benchmarks.ledger.counts import Books
from benchmarks.ledger.killer import Kill, carry_out, plan_kills
from benchmarks.ledger.oms import Oms
from benchmarks.ledger.options import Options, Scenario
from benchmarks.ledger.orders import make_postings
from benchmarks.ledger.received import nobody_waits, read_journal, read_texts
from benchmarks.ledger.stored import StillOpen, StoredCount
from benchmarks.ledger.system import System, open_system
from benchmarks.ledger.victim import OwnEnd
from benchmarks.posts import EventPoster
from benchmarks.waiting import until
from store.key_file import keyring_of

Say = Callable[[str], None]

_NO_PROGRESS_S = 200.0
"""Longer than the reconciler needs to find a row that was forgotten (two and a half minutes)."""

_RECEIVERS_FINISH_S = 30.0
_LOOK_EVERY_S = 0.5
_OUTAGE_BEGINS_S = 10.0


@dataclass(frozen=True)
class Result:
    """Everything a run has shown."""

    options: Options
    books: Books
    kills: list[Kill]
    own_ends: list[OwnEnd]
    answers: Counter[str]
    given_up: list[str]
    waits_s: list[float]
    play_s: float
    settle_s: float
    left_open: StillOpen
    workflows: Counter[str] = field(default_factory=Counter)


async def run(options: Options, say: Say) -> Result:
    """Do everything; the processes are gone when it returns."""
    with _folder(options) as folder:
        async with open_system(options, folder) as system, _oms(options, system) as oms:
            say(f"{', '.join(system.victims)} serve; {options.events} events follow")
            began = time.monotonic()
            kills = await _play(options, system, oms)
            played = time.monotonic()
            say(f"{len(oms.told)} events hold a 202; waiting until nothing is open")
            keyring = keyring_of(*system.settings.key_source)
            with contextlib.closing(StoredCount(system.settings.store_url, keyring)) as stored:
                left_open = await _settle(stored, say)
                settled = time.monotonic()
                with contextlib.suppress(TimeoutError):
                    await until(
                        lambda: nobody_waits(system.plan.endpoint_ports), _RECEIVERS_FINISH_S
                    )
                books = await _read(system, oms, stored)
            return Result(
                options=options,
                books=books,
                kills=kills,
                own_ends=system.own_ends,
                answers=oms.answers,
                given_up=oms.given_up,
                waits_s=oms.waits_s,
                play_s=played - began,
                settle_s=settled - played,
                left_open=left_open,
                workflows=await _workflows(await system.client()),
            )


@contextlib.contextmanager
def _folder(options: Options) -> Iterator[Path]:
    if options.keep is not None:
        options.keep.mkdir(parents=True)
        yield options.keep.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="doorstep-ledger-") as folder:
        yield Path(folder)


@contextlib.asynccontextmanager
async def _oms(options: Options, system: System) -> AsyncIterator[Oms]:
    posters = [EventPoster(port, system.plan.key) for port in system.plan.api_ports]
    try:
        yield Oms(posters, options.seed)
    finally:
        for poster in posters:
            await poster.aclose()


async def _play(options: Options, system: System, oms: Oms) -> list[Kill]:
    """Post and kill at the same time."""
    postings = make_postings(
        options.seed, options.events, system.plan.partners, system.endpoint_ids
    )
    playing = asyncio.create_task(oms.play(postings, options.rate))
    if options.scenario is Scenario.OUTAGE:
        kills = [await _outage(options, system)]
    else:
        plan = plan_kills(options.seed, list(system.victims), options.kills, options.play_s)
        kills = await carry_out(plan, system.victims)
    await playing
    return kills


async def _outage(options: Options, system: System) -> Kill:
    """Temporal is killed and stays away while events keep coming."""
    temporal = system.victims["temporal"]
    await asyncio.sleep(_OUTAGE_BEGINS_S)
    killed_at = time.time()
    await temporal.kill()
    await asyncio.sleep(options.outage_s)
    return Kill("temporal", killed_at, await temporal.start())


async def _settle(stored: StoredCount, say: Say) -> StillOpen:
    """Wait until nothing is open, or until nothing has moved for a long time."""
    seen, moved_at = StillOpen(-1, -1, -1), time.monotonic()
    while time.monotonic() - moved_at < _NO_PROGRESS_S:
        now = await asyncio.to_thread(stored.still_open)
        if now is not None and now.nothing:
            return now
        if now is not None and now != seen:
            seen, moved_at = now, time.monotonic()
        await asyncio.sleep(_LOOK_EVERY_S)
    say(f"nothing has moved for {_NO_PROGRESS_S:g} s: {seen}")
    return seen


async def _read(system: System, oms: Oms, stored: StoredCount) -> Books:
    events, deliveries, texts = await asyncio.to_thread(stored.read)
    return Books(
        told=oms.told,
        events=events,
        deliveries=deliveries,
        stored_texts=texts,
        requests=read_journal(system.journal, _by_name(system)),
        texts=await read_texts(system.twilio_url),
    )


def _by_name(system: System) -> dict[str, str]:
    return dict(system.endpoint_ids)


async def _workflows(client: Client) -> Counter[str]:
    """How Temporal says that the workflows ended; asked until none runs, for a while."""
    found: Counter[str] = Counter()

    async def none_runs() -> bool:
        nonlocal found
        with contextlib.suppress(RPCError):
            counted = await client.count_workflows("GROUP BY ExecutionStatus")
            found = Counter({str(one.group_values[0]): one.count for one in counted.groups})
            return "Running" not in found
        return False

    with contextlib.suppress(TimeoutError):
        await until(none_runs, _RECEIVERS_FINISH_S)
    return found
