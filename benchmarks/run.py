"""One run: everything that is measured, in order, on one rig."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from temporalio.api.workflowservice.v1 import GetSystemInfoRequest

from benchmarks import histories, machine, propagation, totals
from benchmarks.engine.engine import EngineFactory
from benchmarks.events import PARTNER
from benchmarks.histories import Histories
from benchmarks.layout import API, FLOOR, MERCHANT, POSTGRES, TEMPORAL, WORKER, Setup
from benchmarks.propagation import RATES, Propagation
from benchmarks.rig import Rig, open_rig
from benchmarks.saturation import Round, Saturation
from benchmarks.totals import Count

Say = Callable[[str], None]
_PRODUCT = (TEMPORAL, POSTGRES, WORKER, API, MERCHANT)


@dataclass(frozen=True)
class Plan:
    """How long and how often. `in_flight` events are under way at once when saturated."""

    seconds: float = 20.0
    rounds: int = 5
    round_seconds: float = 10.0
    in_flight: int = 30
    warm_up_seconds: float = 4.0
    idle_seconds: float = 5.0

    @classmethod
    def lasting(cls, seconds: float) -> "Plan":
        """Rounds that are half as long as the propagation at each rate."""
        return cls(seconds=seconds, round_seconds=seconds / 2)

    @classmethod
    def quick(cls) -> "Plan":
        """Enough to see that everything works; too short for figures to quote."""
        return cls(
            seconds=4, rounds=2, round_seconds=4, in_flight=15, warm_up_seconds=2, idle_seconds=2
        )


@dataclass(frozen=True)
class Results:
    """Everything that was measured. Percentages are of one core, memory in MiB."""

    plan: Plan
    machine: dict[str, str]
    propagation: list[Propagation]
    rounds: list[Round]
    histories: Histories
    idle_percent: dict[str, float]
    peak_mib: dict[str, float]
    count: Count


async def run(plan: Plan, say: Say, engine: EngineFactory) -> Results:
    """Measure everything. Raises when the run is invalid."""
    say("starting the Temporal server, the worker, the API, a merchant and the empty workflows")
    described = machine.describe()
    async with open_rig(Setup.of_one_merchant(PARTNER, FLOOR), engine) as rig:
        described["Temporal server"] = await _server_version(rig)
        saturation = Saturation(rig, plan.in_flight)
        say("warming up")
        await saturation.warm_up(plan.warm_up_seconds)
        idle_percent = await _idle(rig, plan.idle_seconds)
        spreads = []
        for rate in RATES:
            say(f"propagation at {rate} events/s for {plan.seconds:g} s")
            spreads.append(await propagation.measure(rig, rate, plan.seconds))
        say(f"{plan.rounds} rounds of {plan.round_seconds:g} s: product, same shape, one activity")
        rounds = await saturation.alternate(plan.rounds, plan.round_seconds)
        say("reading histories and the ledger")
        return Results(
            plan=plan,
            machine=described,
            propagation=spreads,
            rounds=rounds,
            histories=await histories.measure(rig, list(rig.journal.first_byte_at)),
            idle_percent=idle_percent,
            peak_mib={name: rig.processes[name].peak_mib for name in _PRODUCT if name != POSTGRES},
            count=await totals.count(rig),
        )


async def _idle(rig: Rig, seconds: float) -> dict[str, float]:
    """What the processes use while nothing happens."""
    before = {name: rig.processes[name].cpu.total for name in _PRODUCT}
    await asyncio.sleep(seconds)
    return {
        name: (rig.processes[name].cpu.total - before[name]) / seconds * 100 for name in _PRODUCT
    }


async def _server_version(rig: Rig) -> str:
    info = await rig.temporal.workflow_service.get_system_info(GetSystemInfoRequest())
    return f"{info.server_version}, {rig.engine.description}"
