"""The tables of the neighbour test, and its figures by name."""

from collections.abc import Sequence
from typing import Any

from rich.table import Table

from benchmarks import report
from benchmarks.figures import Spread
from benchmarks.neighbours.measure import Neighbours
from benchmarks.neighbours.outcome import DURING, PhaseFigures
from benchmarks.neighbours.plan import Phase

RATIO_AIM = 1.2
LOAD_AIM = 1.5
_OF = {"posts": "POST, until its 202", "propagation": "to the merchant's first byte"}


def tables(found: Neighbours) -> list[Table]:
    """Everything that was measured."""
    return [_well(found), _kills(found), _ill(found)]


def figures(found: Neighbours) -> dict[str, Any]:
    """The ratios by phase."""
    return {
        phase.name: {share: found.ratio(phase.name, share) for share in ("p50", "p99")}
        for phase in found.phases
        if phase.name != Phase.BEFORE
    }


def ratios(one: Neighbours) -> dict[str, float]:
    """The 99th percentiles under a load, as multiples of the quiet time's."""
    return {of: one.ratio(str(one.plan.load), "p99", of) for of in _OF}


def loads(found: Sequence[Neighbours]) -> Table:
    """What the others feel of each load."""
    table = Table(
        *("others, while there is", "", "events", "quiet p50", "p99", "then p50", "p99", "worst"),
        *("p99 ratio", "aim", "cores busy", "it was"),
        title=f"What one partner's load is to the others, ms at {found[0].plan.rate} events/s",
    )
    for one in found:
        before, then = one.phase(Phase.BEFORE), one.phase(str(one.plan.load))
        busy, met = f"{before.busy:.0%}, {then.busy:.0%}", f"≤ {LOAD_AIM:g}"
        for of, ratio in ratios(one).items():
            quiet, spread = getattr(before, of), getattr(then, of)
            cells = f"{quiet.p50:.0f}", f"{quiet.p99:.0f}", *_cells(spread), f"{ratio:.2f}"
            aim = report.aim(ratio <= LOAD_AIM, met)
            table.add_row(one.plan.load, _OF[of], str(spread.count), *cells, aim, busy, one.load)
    return table


def _well(found: Neighbours) -> Table:
    plan = found.plan
    table = Table(
        *("others", "events", "missing", "p50", "p99", "worst", "over 1 s"),
        *("p50 ratio", "p99 ratio", "aim", "cores busy"),
        title=f"Well endpoints, {plan.rate} events/s over {plan.shop_count} endpoints, "
        f"{plan.worker_count} workers, one killed in 'kill' and in each ill phase: "
        "ms from acceptance to the merchant's first byte",
    )
    for phase in found.phases:
        cells = [phase.name, str(phase.events), str(phase.missing), *_cells(phase.propagation)]
        ratios, met = _ratios(found, phase), _aim(found, phase)
        table.add_row(*cells, str(phase.late), *ratios, met, f"{phase.busy:.0%}")
    return table


def _kills(found: Neighbours) -> Table:
    """The same run without those that a kill met; this does not replace the full figures."""
    table = Table(
        *("others", "met a kill", "attempts interrupted", "p99 of the rest", "its ratio"),
        title="Without those that a kill met on their way, ms",
    )
    before = found.phase(Phase.BEFORE).propagation.p99
    for phase in found.phases:
        rest = ["", ""]
        if phase.unmet:
            rest = [f"{phase.unmet.p99:.0f}", f"{phase.unmet.p99 / before:.2f}"]
        table.add_row(phase.name, str(phase.met), str(phase.interrupted), *rest)
    return table


def _ill(found: Neighbours) -> Table:
    table = Table(
        *("phase", "events due", "attempts", "most at once", "how they ended"),
        "the phase's deliveries at the end",
        title="What the endpoints that fell ill cost",
    )
    for phase in found.ill:
        numbers = str(phase.events), str(phase.attempts), str(phase.most_at_once)
        table.add_row(phase.name, *numbers, _counts(phase.ends), _counts(phase.states))
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
