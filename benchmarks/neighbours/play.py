"""Plays the plan: posts every event when it is due, makes shops ill and well, kills workers.

Open loop: an event is posted at its time, whether or not the ones before have arrived, so that a
slow moment shows in every event that it delays.
"""

import asyncio
import time
from dataclasses import dataclass, field

import httpx

from benchmarks.events import EventMaker
from benchmarks.figures import percentile
from benchmarks.kills import Kill, carry_out
from benchmarks.neighbours.plan import ILL, WELL, NeighbourPlan, Phase, Send, Shop
from benchmarks.proc import machine_time
from benchmarks.propagation import BehindSchedule
from benchmarks.rig import Rig

_LATE_S = 1.0


@dataclass(frozen=True)
class Posted:
    """One event that was answered 202. `due_at` is in seconds since 1970."""

    shop: Shop
    phase: Phase
    due_at: float


@dataclass
class Played:
    """What was done: the events by their ids, the kills, and how busy the cores were, 0 to 1.

    `began_at` is in seconds since 1970.
    """

    began_at: float
    posted: dict[str, Posted] = field(default_factory=dict)
    kills: list[Kill] = field(default_factory=list)
    busy: dict[Phase, float] = field(default_factory=dict)
    late_s: list[float] = field(default_factory=list)


async def play(rig: Rig, plan: NeighbourPlan) -> Played:
    """Play all of it. BehindSchedule when the events could not be posted at their times."""
    makers = {shop: EventMaker(shop.id, shop.id) for shop in plan.shops}
    workers = {name: rig.processes[name] for name in plan.workers}
    played, began = Played(time.time()), time.monotonic()

    async def post(send: Send) -> None:
        await asyncio.sleep(began + send.due_s - time.monotonic())
        played.late_s.append(time.monotonic() - began - send.due_s)
        event_id, body = makers[send.shop].make()
        await rig.poster.post(body)
        played.posted[event_id] = Posted(send.shop, send.phase, played.began_at + send.due_s)

    async with asyncio.TaskGroup() as acts:
        killing = acts.create_task(carry_out(plan.kills, workers))
        acts.create_task(_phases(rig, plan, began, played))
        for send in plan.sends():
            acts.create_task(post(send))
    played.kills = killing.result()
    if percentile(played.late_s, 0.99) > _LATE_S:
        raise BehindSchedule(f"the machine is too busy to post {plan.rate} events a second on time")
    return played


async def _phases(rig: Rig, plan: NeighbourPlan, began: float, played: Played) -> None:
    """Make the shops ill or well as each phase begins, and note how busy the machine was in it."""
    for window in plan.windows:
        await asyncio.sleep(began + window.from_s - time.monotonic())
        rig.check()
        before = machine_time()
        await _behave(rig, plan, ILL.get(window.phase, WELL))
        await asyncio.sleep(began + window.to_s - time.monotonic())
        played.busy[window.phase] = (machine_time() - before).busy_share


async def _behave(rig: Rig, plan: NeighbourPlan, behaviour: str) -> None:
    """Have every shop that falls ill do this from its next request on."""
    async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
        ill = [rig.layout.origins[shop.id] for shop in plan.shops if shop.falls_ill]
        puts = [client.put(f"{one}/_sandbox/behaviour", content=behaviour) for one in ill]
        for answer in await asyncio.gather(*puts):
            answer.raise_for_status()
