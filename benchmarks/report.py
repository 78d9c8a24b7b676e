"""The report: tables for people, one JSON object for machines."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.figures import median
from benchmarks.floors import ONE_ACTIVITY, SAME_SHAPE
from benchmarks.layout import API, FLOOR, MERCHANT, POSTGRES, TEMPORAL, WORKER
from benchmarks.run import Results
from benchmarks.saturation import (
    KINDS,
    PRODUCT,
    SENDER,
    cpu_per_event,
    cpu_ratio_to,
    cpu_together,
    rates,
    ratio_to,
)

RATIO_AIM = 1.5
"""Of the product's rate to that of an empty workflow with one scheduled activity."""

HISTORY_AIM = 8
_WORDS = {
    PRODUCT: "Doorstep, every event delivered",
    SAME_SHAPE: "empty workflow, two local activities",
    ONE_ACTIVITY: "empty workflow, one activity",
}


def show(results: Results, console: Console) -> None:
    """Print everything."""
    for table in (
        machine_table(results.machine),
        _propagation(results),
        _saturation(results),
        _cpu(results),
        _footprint(results),
        _count(results),
    ):
        console.print(table)


def to_json(results: Results) -> str:
    """Everything that was measured and the figures that follow from it."""
    return json.dumps({**asdict(results), "figures": figures(results)}, indent=2)


def figures(results: Results) -> dict[str, Any]:
    """The figures of the tables, by name."""
    return {
        "events_per_second": {kind: median(rates(results.rounds, kind)) for kind in KINDS},
        "ratio_to_same_shape": ratio_to(results.rounds, SAME_SHAPE),
        "ratio_to_one_activity": ratio_to(results.rounds, ONE_ACTIVITY),
        "cpu_ratio_to_same_shape": cpu_ratio_to(results.rounds, SAME_SHAPE),
        "cpu_ms_per_event": {kind: cpu_together(results.rounds, kind) for kind in KINDS},
        "history_events": results.histories.events.p50,
        "faults": results.count.faults,
    }


def machine_table(machine: Mapping[str, str]) -> Table:
    """The machine and the versions."""
    table = Table("", "", title="This run", show_header=False)
    for name, value in machine.items():
        table.add_row(name, value)
    return table


def _propagation(results: Results) -> Table:
    table = Table(
        "events/s",
        "events",
        "p50",
        "p99",
        "worst",
        "p50 from the 202",
        "p99 from the 202",
        title="Propagation, ms: from accepted_at (before the commit) to the merchant's first byte",
    )
    for one in results.propagation:
        accepted, answered = one.from_acceptance, one.from_answer
        spreads = (accepted.p50, accepted.p99, accepted.worst, answered.p50, answered.p99)
        table.add_row(str(one.rate), str(accepted.count), *(f"{value:.0f}" for value in spreads))
    return table


def _saturation(results: Results) -> Table:
    plan = results.plan
    table = Table(
        "",
        "events/s, median",
        "each round",
        "Doorstep's share of it",
        "aim",
        title=f"Highest sustained rate: {plan.in_flight} under way at all times, "
        f"{plan.rounds} rounds of {plan.round_seconds:g} s, first tenth cut",
    )
    for kind in KINDS:
        measured = rates(results.rounds, kind)
        share = "" if kind == PRODUCT else f"{ratio_to(results.rounds, kind):.2f}"
        met = ratio_to(results.rounds, ONE_ACTIVITY) >= RATIO_AIM
        words = aim(met, f"≥ {RATIO_AIM:g}") if kind == ONE_ACTIVITY else ""
        each = " ".join(f"{rate:.1f}" for rate in measured)
        table.add_row(_WORDS[kind], f"{median(measured):.1f}", each, share, words)
    return table


def _cpu(results: Results) -> Table:
    table = Table(
        "",
        *(_WORDS[kind] for kind in KINDS),
        title="CPU per event when saturated, ms on a core (user + system), median of the rounds",
    )
    for process in (TEMPORAL, POSTGRES, WORKER, FLOOR, API, MERCHANT, SENDER):
        spent = [cpu_per_event(results.rounds, kind, process) for kind in KINDS]
        cells = [f"{one.total:.1f} ({one.user:.1f} + {one.system:.1f})" for one in spent]
        table.add_row("the floors' worker" if process == FLOOR else process, *cells)
    together = [f"{cpu_together(results.rounds, kind):.1f}" for kind in KINDS]
    shares = [f"{cpu_ratio_to(results.rounds, kind):.2f}" for kind in KINDS]
    table.add_row("together", *together, end_section=True)
    table.add_row("as a share of Doorstep's", *shares)
    return table


def _footprint(results: Results) -> Table:
    table = Table("", "figure", "aim", title="Footprint")
    events = results.histories.events
    met = aim(events.p50 <= HISTORY_AIM, f"≤ {HISTORY_AIM}")
    seen = f"{events.p50:g} (longest of {events.count}: {events.worst:g})"
    table.add_row("history events per delivered event", seen, met)
    for process, mib in results.peak_mib.items():
        table.add_row(f"peak memory of the {process}", f"{mib:.0f} MiB", "")
    for process, percent in results.idle_percent.items():
        table.add_row(f"CPU of the {process} when idle", f"{percent:.1f} % of a core", "")
    return table


def _count(results: Results) -> Table:
    table = Table("", "", title="Ledger", show_header=False)
    count = results.count
    table.add_row("answered 202", str(count.answered_202))
    table.add_row("accepted in the store", str(count.accepted))
    table.add_row("delivered in the store", str(count.delivered))
    table.add_row("received by the merchant", f"{count.received} (repeats: {count.repeats})")
    table.add_row("verdict", "; ".join(count.faults) or "nothing lost")
    return table


def aim(met: bool, words: str) -> str:
    """An aim, and whether it was met."""
    return f"{words}: met" if met else f"{words}: missed"
