"""One run: events flow, processes die and come back, everything ends, and the counts are read."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
from temporalio.client import Client
from temporalio.service import RPCError

from benchmarks.engine.engine import EngineFactory
from benchmarks.kills import Kill, Planned, carry_out, plan_kills
from benchmarks.layout import MERCHANT, OMS, POSTGRES, PROXY, TEMPORAL, TWILIO
from benchmarks.ledger import failover
from benchmarks.ledger.counts import Counts
from benchmarks.ledger.customers import Customers
from benchmarks.ledger.oms import Oms
from benchmarks.ledger.options import Options, Scenario
from benchmarks.ledger.orders import answered_orders, make_postings
from benchmarks.ledger.partners import SLOW_ANSWER, SLOW_PHONE, setup_of
from benchmarks.ledger.received import nobody_waits, read_journal, read_texts
from benchmarks.ledger.stored import StillOpen, StoredCount
from benchmarks.process import Exit
from benchmarks.rig import Rig, open_rig
from benchmarks.waiting import until
from contracts.clock import utc_now
from store.tracking.links import link_tokens

Say = Callable[[str], None]

_NO_PROGRESS_S = 200.0
"""Longer than the reconciler needs to find a row that was forgotten (two and a half minutes)."""

_RECEIVERS = (MERCHANT, OMS, TWILIO, PROXY)
"""Nobody kills them: they keep the third count."""
_RECEIVERS_FINISH_S = 30.0
_LOOK_EVERY_S = 0.5
_MOST_READINGS = 60
_OUTAGE_BEGINS_S = 10.0
_SOAK_KILLS = ((TEMPORAL, 0.08), (POSTGRES, 0.12), (TEMPORAL, 0.5), (POSTGRES, 0.55))
"""When, as shares of the time."""
_DOWN_S = 2.0


@dataclass(frozen=True)
class Result:
    """Everything a run has shown."""

    options: Options
    counts: Counts
    kills: list[Kill]
    exits: list[Exit]
    answers: Counter[str]
    given_up: list[str]
    waits_s: list[float]
    play_s: float
    settle_s: float
    left_open: StillOpen
    workflows: Counter[str] = field(default_factory=Counter)
    asked: Counter[tuple[str, int]] = field(default_factory=Counter)
    """What the API answered to questions and retries, while Temporal failed over."""


Beside = Callable[[Rig, Oms], contextlib.AbstractAsyncContextManager[None]]


async def run(
    options: Options, say: Say, engine: EngineFactory, beside: Beside | None = None
) -> Result:
    """Do everything; the processes are gone when it returns. `beside` is entered for as long as
    events are handed in."""
    if options.keep is not None:
        options.keep.mkdir(parents=True)
    keep = options.keep.resolve() if options.keep else None
    async with open_rig(setup_of(options), engine, keep) as rig:
        await _slow_one_number_down(rig)
        targets = [name for name in rig.processes if name not in _RECEIVERS]
        say(f"{', '.join(targets)} serve; {options.events} events follow")
        customers = await _customers(rig, options)
        oms = Oms(rig.posters, options.seed, customers.answer)
        began = time.monotonic()
        asker = failover.Asker(rig, oms, options.seed)
        async with beside(rig, oms) if beside else contextlib.nullcontext():
            kills = await _play(options, rig, oms, targets, asker)
        played = time.monotonic()
        say(f"{len(oms.acknowledged)} events hold a 202; waiting until nothing is open")
        with contextlib.closing(StoredCount(rig.settings.store_url, rig.keyring)) as stored:
            left_open = await settle(stored, say)
            settled = time.monotonic()
            with contextlib.suppress(TimeoutError):
                await until(lambda: nobody_waits(rig.layout.origins), _RECEIVERS_FINISH_S)
            counts = await _read(rig, oms, customers, stored, left_open)
        return Result(
            options=options,
            counts=counts,
            kills=kills,
            exits=rig.exits,
            answers=oms.answers,
            given_up=oms.given_up + customers.gave_up,
            waits_s=oms.waits_s,
            play_s=played - began,
            settle_s=settled - played,
            left_open=left_open,
            workflows=await _workflows(await rig.connect()),
            asked=asker.answers,
        )


async def _customers(rig: Rig, options: Options) -> Customers:
    """Those whose delivery will fail, and their links; the OMS knows the secret."""
    orders = answered_orders(options.seed, options.events)
    tokens = await rig.database.write(link_tokens, orders, utc_now())
    async with httpx.AsyncClient(timeout=20, trust_env=False) as client:
        url = f"{rig.layout.origins[OMS]}/_sandbox/secrets"
        (await client.put(url, json=[rig.layout.oms_secret])).raise_for_status()
    return Customers(rig.layout.api_urls, tokens, options.seed)


async def _slow_one_number_down(rig: Rig) -> None:
    """Have the sandbox Twilio take its time with the texts to one number."""
    async with httpx.AsyncClient(timeout=20, trust_env=False) as client:
        url, to = f"{rig.layout.twilio_url}/_sandbox/behaviour", {"to": SLOW_PHONE}
        (await client.put(url, params=to, content=SLOW_ANSWER)).raise_for_status()


async def _play(
    options: Options, rig: Rig, oms: Oms, targets: list[str], asker: failover.Asker
) -> list[Kill]:
    """Post and kill at the same time, or post and have Temporal fail over."""
    partners = rig.layout.setup.partners
    postings = make_postings(options.seed, options.events, partners, rig.endpoint_ids)
    playing = asyncio.create_task(oms.play(postings, options.rate))
    if options.scenario is Scenario.FAILOVER:
        plan_of_spans = failover.plan_spans(options.seed, options.play_s)
        async with asker.asking():
            spans = await failover.carry_out(plan_of_spans, rig)
        await playing
        return spans
    if options.scenario is Scenario.OUTAGE:
        plan = [Planned(_OUTAGE_BEGINS_S, TEMPORAL, options.outage_s)]
    elif options.scenario is Scenario.SOAK:
        plan = [Planned(share * options.play_s, name, _DOWN_S) for name, share in _SOAK_KILLS]
    else:
        plan = plan_kills(options.seed, targets, options.kills, options.play_s)
    kills = await carry_out(plan, {name: rig.processes[name] for name in targets})
    await playing
    return kills


async def settle(stored: StoredCount, say: Say) -> StillOpen:
    """Wait until nothing is open, or until nothing has moved for a long time."""
    seen, changed_at = StillOpen(-1, -1, -1), time.monotonic()
    while time.monotonic() - changed_at < _NO_PROGRESS_S:
        now = await asyncio.to_thread(stored.still_open)
        if now is not None and now.nothing:
            return now
        if now is not None and now != seen:
            seen, changed_at = now, time.monotonic()
        await asyncio.sleep(_LOOK_EVERY_S)
    say(f"nothing has moved for {_NO_PROGRESS_S:g} s: {seen}")
    return seen


async def _read(
    rig: Rig, oms: Oms, customers: Customers, stored: StoredCount, left_open: StillOpen
) -> Counts:
    """Read all three as of one moment: again where something went on meanwhile, such as the probe
    of an endpoint whose breaker is open."""
    for _ in range(_MOST_READINGS):
        read = await asyncio.to_thread(stored.read)
        requests = read_journal(rig.layout.journal(), rig.endpoint_ids)
        posts = read_journal(rig.layout.journal(OMS), {OMS: OMS})
        taken = await read_texts(rig.layout.twilio_url)
        open_now = await asyncio.to_thread(stored.still_open)
        if open_now == left_open and await asyncio.to_thread(stored.read) == read:
            break
        await asyncio.sleep(_LOOK_EVERY_S)
    return Counts(
        acknowledged=oms.acknowledged,
        events=read.events,
        deliveries=read.deliveries,
        stored_texts=read.texts,
        requests=requests,
        texts=taken,
        told=customers.told,
        instructions=read.instructions,
        posts=posts,
    )


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
