"""The tables of the neighbour test, and its figures by name."""

from collections.abc import Sequence
from typing import Any

from rich.table import Table

from benchmarks import report
from benchmarks.figures import Spread
from benchmarks.neighbours.measure import Neighbours
from benchmarks.neighbours.outcome import DURING, STAGES, PhaseFigures
from benchmarks.neighbours.plan import Phase

RATIO_AIM = 1.2


def tables(found: Sequence[Neighbours]) -> list[Table]:
    """Everything that was measured."""
    return [_well(found), _aside(found), _stages(found), _ill(found), _slowest(found)]


def figures(found: Sequence[Neighbours]) -> dict[str, Any]:
    """The ratios of each store, by phase."""
    return {
        one.store: {
            phase.name: {share: one.ratio(phase.name, share) for share in ("p50", "p99")}
            for phase in one.phases
            if phase.name != Phase.BEFORE
        }
        for one in found
    }


def _well(found: Sequence[Neighbours]) -> Table:
    plan = found[0].plan
    table = Table(
        *("store", "others", "events", "missing", "p50", "p99", "worst", "over 1 s"),
        *("p50 ratio", "p99 ratio", "aim", "cores busy"),
        title=f"Well endpoints, {plan.rate} events/s over {plan.shop_count} endpoints, "
        f"{plan.worker_count} workers, one killed in 'kill' and in each ill phase: "
        "ms from acceptance to the merchant's first byte",
    )
    for one in found:
        for phase in one.phases:
            cells = [phase.name, str(phase.events), str(phase.missing), *_cells(phase.propagation)]
            ratios, met = _ratios(one, phase), _aim(one, phase)
            busy = f"{phase.busy:.0%}"
            table.add_row(one.store, *cells, str(phase.late), *ratios, met, busy)
        table.add_section()
    return table


def _aside(found: Sequence[Neighbours]) -> Table:
    """The same run looked at in two other ways; neither replaces the full figures."""
    table = Table(
        *("store", "others", "p50", "p99", "worst"),
        *("met a kill", "tries interrupted", "p99 of the rest", "its ratio"),
        title="The same from when each event was due; and without those that a kill met on their "
        "way, from acceptance, ms",
    )
    for one in found:
        before = one.phase(Phase.BEFORE).propagation.p99
        for phase in one.phases:
            rest = ["", ""]
            if phase.unmet:
                rest = [f"{phase.unmet.p99:.0f}", f"{phase.unmet.p99 / before:.2f}"]
            met = str(phase.met), str(phase.interrupted)
            table.add_row(one.store, phase.name, *_cells(phase.from_due), *met, *rest)
        table.add_section()
    return table


def _stages(found: Sequence[Neighbours]) -> Table:
    heads = [f"{stage}, {share}" for stage in STAGES for share in ("p50", "p99")]
    table = Table("store", "others", *heads, title="Where the well ones' time goes, ms")
    for one in found:
        for phase in one.phases:
            spreads = [phase.stages[stage] for stage in STAGES]
            cells = [f"{ms:.0f}" for each in spreads for ms in (each.p50, each.p99)]
            table.add_row(one.store, phase.name, *cells)
        table.add_section()
    return table


def _ill(found: Sequence[Neighbours]) -> Table:
    table = Table(
        *("store", "phase", "events due", "tries", "most at once", "how they ended"),
        "the phase's deliveries at the end",
        title="What the endpoints that fell ill cost",
    )
    for one in found:
        for phase in one.ill:
            numbers = str(phase.events), str(phase.tries), str(phase.most_at_once)
            table.add_row(
                one.store, phase.name, *numbers, _counts(phase.ends), _counts(phase.states)
            )
        table.add_section()
    return table


def _slowest(found: Sequence[Neighbours]) -> Table:
    table = Table(
        *("store", "phase", "took", *STAGES, "tries", "met a kill", "waits"),
        title="The slowest of the well ones while others were ill, ms",
    )
    for one in found:
        for slow in one.slowest:
            stages = [f"{slow.stages[stage]:.0f}" if slow.stages else "" for stage in STAGES]
            met = "yes" if slow.met else "no"
            took = f"{slow.took_ms:.0f}"
            table.add_row(
                one.store, slow.phase, took, *stages, str(slow.tries), met, "; ".join(slow.waits)
            )
        table.add_section()
    return table


def _ratios(one: Neighbours, phase: PhaseFigures) -> tuple[str, str]:
    if phase.name == Phase.BEFORE:
        return "", ""
    return f"{one.ratio(phase.name, 'p50'):.2f}", f"{one.ratio(phase.name, 'p99'):.2f}"


def _aim(one: Neighbours, phase: PhaseFigures) -> str:
    if phase.name != DURING:
        return ""
    met = max(one.ratio(DURING, "p50"), one.ratio(DURING, "p99")) <= RATIO_AIM
    return report.aim(met, f"≤ {RATIO_AIM:g}")


def _cells(spread: Spread) -> tuple[str, ...]:
    return tuple(f"{one:.0f}" for one in (spread.p50, spread.p99, spread.worst))


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())
