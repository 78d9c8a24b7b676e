"""The tables of a soak, and its figures by name."""

from typing import Any

from rich.table import Table

from benchmarks import report
from benchmarks.figures import Spread
from benchmarks.soak.measure import LATENCY_AIM, MEMORY_AIM, OURS, Soak, latency_ratios
from benchmarks.soak.watch import WATCHED

_MOMENTS = 6


def tables(soak: Soak) -> list[Table]:
    """Everything that was measured."""
    return [_usage(soak), _latencies(soak), _memory(soak), _counts(soak)]


def figures(soak: Soak) -> dict[str, Any]:
    """What grew, by how much."""
    begin, end = soak.begin.usage, soak.end.usage
    return {
        "grown": soak.grown,
        "memory": {name: end[name].memory_mib / begin[name].memory_mib for name in OURS},
        "p99": latency_ratios(soak),
    }


def _usage(soak: Soak) -> Table:
    table = Table(
        *("", "memory, MiB", "files", "threads", "connections", "memory as a multiple", "aim"),
        title=f"{soak.plan.minutes:g} minutes, {soak.plan.rate:g} events/s: held in the beginning, "
        "and at the end",
    )
    for name in WATCHED:
        begin, end = soak.begin.usage[name], soak.end.usage[name]
        ratio = end.memory_mib / begin.memory_mib
        met = report.aim(ratio <= MEMORY_AIM, f"≤ {MEMORY_AIM:g}") if name in OURS else ""
        table.add_row(
            name,
            f"{begin.memory_mib:.0f}, {end.memory_mib:.0f}",
            f"{begin.files}, {end.files}",
            f"{begin.threads}, {end.threads}",
            f"{begin.connections}, {end.connections}",
            f"{ratio:.2f}",
            met,
        )
    return table


def _latencies(soak: Soak) -> Table:
    table = Table(
        *("", "p50, then", "p99, then", "p99 as a multiple", "aim"),
        title="Milliseconds in the beginning and at the end; the shop timed has endpoints that "
        "fail at times",
    )
    begin, end = soak.begin, soak.end
    pairs = {
        "a post until its 202": (begin.posts, end.posts),
        "from the 202 to the merchant": (begin.arrivals, end.arrivals),
        "a page": (begin.pages, end.pages),
    }
    for name, ratio in latency_ratios(soak).items():
        met = report.aim(ratio <= LATENCY_AIM, f"≤ {LATENCY_AIM:g}")
        table.add_row(name, *_cells(*pairs[name]), f"{ratio:.2f}", met)
    return table


def _cells(begin: Spread, end: Spread) -> tuple[str, str]:
    return f"{begin.p50:.0f}, {end.p50:.0f}", f"{begin.p99:.0f}, {end.p99:.0f}"


def _memory(soak: Soak) -> Table:
    """At evenly spaced moments, so that a slope is seen."""
    step = max(1, (len(soak.samples) - 1) // (_MOMENTS - 1))
    moments = soak.samples[::step]
    headings = (f"{one.at_s / 60:.0f} min" for one in moments)
    table = Table("memory, MiB", *headings, title="As it went")
    for name in WATCHED:
        found = (one.usage.get(name) for one in moments)
        table.add_row(name, *(f"{one.memory_mib:.0f}" if one else "dead" for one in found))
    return table


def _counts(soak: Soak) -> Table:
    table = Table("", "", title="Ledger", show_header=False)
    for name, count in soak.counts.items():
        table.add_row(name, str(count))
    for page, count in soak.refused_pages.items():
        table.add_row(f"refused: {page}", str(count))
    table.add_row("grown beyond its aim", ", ".join(soak.grown) or "nothing")
    table.add_row("verdict", "; ".join(soak.faults[:5]) or "nothing lost")
    return table
