"""The tables of the overload test, and its figures by name."""

from typing import Any

from rich.table import Table

from benchmarks import report
from benchmarks.overload import TIERS, Overload

RATIO_AIM = 0.9


def tables(found: Overload) -> list[Table]:
    """Everything that was measured."""
    return [_rates(found), _waits(found)]


def figures(found: Overload) -> dict[str, Any]:
    """The ratios to the sustained rate, and what must not be."""
    return {
        "meanwhile": found.ratio_meanwhile,
        "afterwards": found.ratio_afterwards,
        "overtaken": found.overtaken,
        "run_twice": found.run_twice,
    }


def _rates(found: Overload) -> Table:
    table = Table(
        *("", "events/s", "of the sustained rate", "aim"),
        title=f"{found.plan.times:g} times the sustained rate offered for {found.plan.seconds:g} s "
        f"(then {found.backlog} events waited), three shops",
    )
    table.add_row("sustained, the closed pipeline", f"{found.sustained:.1f}", "", "")
    table.add_row("offered", f"{found.offered:.1f}", f"{found.plan.times:.2f}", "")
    for words, rate, ratio in (
        ("delivered meanwhile", found.meanwhile, found.ratio_meanwhile),
        ("delivered afterwards, until drained", found.afterwards, found.ratio_afterwards),
    ):
        met = report.aim(ratio >= RATIO_AIM, f"≥ {RATIO_AIM:g}")
        table.add_row(words, f"{rate:.1f}", f"{ratio:.2f}", met)
    return table


def _waits(found: Overload) -> Table:
    table = Table(
        *("shop", "tier", "events", "p50", "p99", "worst"),
        title="How long events waited, ms from acceptance to the merchant's first byte; "
        f"{found.overtaken} of the lower tier arrived while one of the higher waited over 1 s; "
        f"{found.run_twice} events had more than one attempt, {found.repeats} arrived twice",
    )
    for shop, wait in found.waits.items():
        spread = (f"{one:.0f}" for one in (wait.p50, wait.p99, wait.worst))
        table.add_row(shop, TIERS[shop], str(wait.count), *spread)
    return table
