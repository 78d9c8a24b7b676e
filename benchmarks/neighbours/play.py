"""Plays the plan: posts every event when it is due, makes shops ill and well, kills workers."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field

from benchmarks.events import EventMaker
from benchmarks.kills import Kill, carry_out
from benchmarks.neighbours.load import behave, under_load
from benchmarks.neighbours.plan import ILL, WELL, NeighbourPlan, Phase, Shop
from benchmarks.open_loop import at_their_times
from benchmarks.proc import machine_time
from benchmarks.rig import Rig


@dataclass(frozen=True)
class Posted:
    """One event that was answered 202. `due_at` is in seconds since 1970, `took_ms` from then."""

    shop: Shop
    phase: Phase
    due_at: float
    took_ms: float


@dataclass
class Played:
    """What was done: the events by their ids, the kills, what the load was, and of each phase when
    it began (seconds since 1970) and how busy the cores were in it, 0 to 1."""

    posted: dict[str, Posted] = field(default_factory=dict)
    kills: list[Kill] = field(default_factory=list)
    began_at: dict[Phase, float] = field(default_factory=dict)
    busy: dict[Phase, float] = field(default_factory=dict)
    load: list[str] = field(default_factory=list)


async def play(rig: Rig, plan: NeighbourPlan) -> Played:
    """Play all of it. BehindSchedule when the events could not be posted at their times."""
    played, makers = Played(), {shop: EventMaker(shop.id, shop.id) for shop in plan.shops}
    for act in plan.acts:
        async with under_load(rig, plan, played.load) if plan.load in act else nullcontext():
            await _play_act(rig, plan, act, makers, played)
    return played


async def _play_act(
    rig: Rig,
    plan: NeighbourPlan,
    act: Sequence[Phase],
    makers: Mapping[Shop, EventMaker],
    played: Played,
) -> None:
    workers = {name: rig.processes[name] for name in plan.workers}
    sends, began_at, ids = [*plan.sends(act)], time.time(), dict[int, str]()

    async def post(number: int) -> None:
        ids[number], body = makers[sends[number].shop].make()
        await rig.poster.post(body)

    async with asyncio.TaskGroup() as tasks:
        killing = tasks.create_task(carry_out(plan.kills(act), workers))
        tasks.create_task(_phases(rig, plan, act, played))
        posting = tasks.create_task(at_their_times([one.due_s for one in sends], post))
    played.kills += killing.result()
    for number, (send, took_ms) in enumerate(zip(sends, posting.result(), strict=True)):
        due_at = began_at + send.due_s
        played.posted[ids[number]] = Posted(send.shop, send.phase, due_at, took_ms)


async def _phases(rig: Rig, plan: NeighbourPlan, act: Sequence[Phase], played: Played) -> None:
    """Make the shops ill or well as each phase begins, and note how busy the machine was in it."""
    began, ill = time.monotonic(), [shop for shop in plan.shops if shop.falls_ill]
    for window in plan.windows(act):
        await asyncio.sleep(began + window.from_s - time.monotonic())
        rig.check()
        before, played.began_at[window.phase] = machine_time(), time.time()
        if plan.load is None:
            await behave(rig, ill, ILL.get(window.phase, WELL))
        await asyncio.sleep(began + window.to_s - time.monotonic())
        played.busy[window.phase] = (machine_time() - before).busy_share
