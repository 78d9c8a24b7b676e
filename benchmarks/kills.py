"""Who is killed when: a plan from a seed, and its execution."""

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.process import Process

_FROM, _TO = 0.02, 0.95
_SHORTEST_DOWN_S, _LONGEST_DOWN_S = 0.1, 2.0


@dataclass(frozen=True)
class Planned:
    """One kill: seconds after the first event, and for how long the process stays dead."""

    at_s: float
    process: str
    down_s: float


@dataclass(frozen=True)
class Kill:
    """One kill that was done."""

    process: str
    killed_at: float
    restarted_at: float


def plan_kills(seed: int, names: Sequence[str], kills: int, play_s: float) -> list[Planned]:
    """So many kills of each, one at a random moment of each equal part of the time, in order."""
    dice = random.Random(f"kills/{seed}")
    part = play_s * (_TO - _FROM) / max(kills, 1)
    plan = [
        Planned(
            at_s=play_s * _FROM + part * (number + dice.random()),
            process=name,
            down_s=dice.uniform(_SHORTEST_DOWN_S, _LONGEST_DOWN_S),
        )
        for name in names
        for number in range(kills)
    ]
    return sorted(plan, key=lambda planned: planned.at_s)


async def carry_out(plan: Sequence[Planned], processes: Mapping[str, Process]) -> list[Kill]:
    """Kill and start again, each process by itself, so that several may be dead at once."""
    began = time.monotonic()

    async def one_by_one(name: str) -> list[Kill]:
        done = []
        for planned in (one for one in plan if one.process == name):
            await asyncio.sleep(began + planned.at_s - time.monotonic())
            done.append(await _kill(processes[name], planned.down_s))
        return done

    async with asyncio.TaskGroup() as killing:
        tasks = [killing.create_task(one_by_one(name)) for name in processes]
    return sorted((kill for task in tasks for kill in task.result()), key=lambda k: k.killed_at)


async def _kill(process: Process, down_s: float) -> Kill:
    killed_at = time.time()
    await process.kill()
    await asyncio.sleep(down_s)
    return Kill(process.command.name, killed_at, await process.start())
