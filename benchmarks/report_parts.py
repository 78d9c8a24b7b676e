"""The tables of bursts, ingest and pages, those of other files, and the JSON of everything."""

import json
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import overload_tables, report
from benchmarks.burst import Burst
from benchmarks.dashboard_pages import AIM_P95_MS
from benchmarks.figures import Spread, median
from benchmarks.ingest import PER_BATCH, Ingest
from benchmarks.log_pages import AIM_P99_MS
from benchmarks.neighbours import tables as neighbours
from benchmarks.pages import Page, Pages
from benchmarks.parts import Measured
from benchmarks.run import Results
from benchmarks.saturation import PRODUCT, rates
from benchmarks.soak import tables as soak
from benchmarks.tracking import AIM_P95_MS as PAGE_AIM_MS
from benchmarks.tracking import AIM_P99_RATIO, RATE, Tracking

P99_RATIO_AIM = 2.0
BATCH_AIM = 2_000


def show(measured: Measured, console: Console) -> None:
    """Print everything that was measured."""
    if measured.engine:
        report.show(measured.engine, console)
    else:
        console.print(report.machine_table(measured.machine))
    if measured.burst:
        console.print(_burst(measured.burst, measured.engine))
    if measured.overload:
        for table in overload_tables.tables(measured.overload):
            console.print(table)
    if measured.ingest:
        console.print(_single(measured.ingest))
        console.print(_batches(measured.ingest))
    if measured.log:
        console.print(_log(measured.log))
    if measured.pages:
        console.print(_pages(measured.pages))
    if measured.loads:
        console.print(neighbours.loads(measured.loads))
    if measured.tracking:
        console.print(_tracking(measured.tracking))
    if measured.neighbours:
        for table in neighbours.tables(measured.neighbours):
            console.print(table)
    if measured.soak:
        for table in soak.tables(measured.soak):
            console.print(table)
    for fault in measured.faults:
        console.print(f"fault: {fault}")


def to_json(measured: Measured) -> str:
    """Everything that was measured and the figures that follow from it."""
    engine = report.figures(measured.engine) if measured.engine else {}
    return json.dumps({**asdict(measured), "figures": engine | figures(measured)}, indent=2)


def figures(measured: Measured) -> dict[str, Any]:
    """The figures of these tables, by name; None where nothing was measured."""
    burst, ingest, log, pages = measured.burst, measured.ingest, measured.log, measured.pages
    return {
        "burst_ratio_to_floor": burst and burst.ratio_to_floor,
        "overload": measured.overload and overload_tables.figures(measured.overload),
        "ingest_p99_ratio": ingest and ingest.p99_ratio,
        "batch_events_per_second": ingest and {one.senders: one.rate for one in ingest.batches},
        "log_p99_ms": log and {page.name: page.p99 for page in log.pages},
        "page_p95_ms": pages and {page.name: page.p95 for page in pages.pages},
        "tracking_page_p95_ms": measured.tracking and measured.tracking.pages_p95,
        "tracking_p99_ratio": measured.tracking and measured.tracking.p99_ratio,
        "neighbour_ratios": measured.neighbours and neighbours.figures(measured.neighbours),
        "soak": measured.soak and soak.figures(measured.soak),
        "load_ratios": {one.plan.load: neighbours.ratios(one) for one in measured.loads},
        "faults": measured.faults,
    }


def _burst(found: Burst, engine: Results | None) -> Table:
    title = f"An outbox with {found.events} events, drained from idle"
    table = Table("", "seconds", "events/s", title=title)
    for words, seconds in {
        "accepted, in batches": found.accepted_s,
        "received by the merchant": found.received_s,
        "drained: no workflow runs any more": found.drained_s,
        "as many empty workflows with one activity": found.floor_drained_s,
    }.items():
        table.add_row(words, f"{seconds:.1f}", f"{found.events / seconds:.0f}")
    table.add_row("Doorstep's speed as a multiple of that", f"{found.ratio_to_floor:.2f}", "")
    if engine:
        sustained = median(rates(engine.rounds, PRODUCT))
        words = f"{found.rate / sustained:.2f}"
        table.add_row("as a multiple of the sustained rate, same run", words, f"{sustained:.0f}")
    return table


def _single(found: Ingest) -> Table:
    table = Table(
        *("", "posts", "p50", "p99", "worst", "CPU of the API", "p99 ratio", "aim"),
        title="Single posts at 100/s while the engine is saturated "
        f"(backlog ≥ {found.least_backlog}), ms from when each was due",
    )
    met = report.aim(found.p99_ratio <= P99_RATIO_AIM, f"≤ {P99_RATIO_AIM:g}")
    cpu, bare_cpu = f"{found.product_cpu.total:.1f}", f"{found.bare_cpu.total:.1f}"
    table.add_row("Doorstep", *_cells(found.product), cpu, f"{found.p99_ratio:.2f}", met)
    table.add_row("bare handler", *_cells(found.bare), bare_cpu, "", "")
    return table


def _batches(found: Ingest) -> Table:
    table = Table(
        *("senders", "events/s", "aim", "p50 of a batch, ms", "p99, ms"),
        title=f"Batches of {PER_BATCH} events, the worker asleep",
    )
    for each in found.batches:
        met = report.aim(each.rate >= BATCH_AIM, f"≥ {BATCH_AIM}")
        spread = f"{each.per_batch_ms.p50:.0f}", f"{each.per_batch_ms.p99:.0f}"
        table.add_row(str(each.senders), f"{each.rate:.0f}", met, *spread)
    return table


def _log(found: Pages) -> Table:
    table = Table(
        *("page", "requests", "p50", "p99", "worst", "aim", "indexes"),
        title=f"The event log with {found.events:,} events, ms over HTTP, one at a time",
    )
    for page in found.pages:
        met = report.aim(page.p99 <= AIM_P99_MS, f"≤ {AIM_P99_MS:g}")
        used = "a whole table is read" if page.faults else ", ".join(page.indexes)
        table.add_row(page.name, *_page_cells(page, page.p99), met, used)
    return table


def _pages(found: Pages) -> Table:
    table = Table(
        *("page", "requests", "p50", "p95", "worst", "aim"),
        title=f"The dashboard with {found.events:,} events, ms over HTTP, one at a time",
    )
    for page in found.pages:
        met = report.aim(page.p95 <= AIM_P95_MS, f"≤ {AIM_P95_MS:g}")
        table.add_row(page.name, *_page_cells(page, page.p95), met)
    return table


def _tracking(found: Tracking) -> Table:
    plan, rate = found.plan, found.plan.reads / found.plan.seconds
    table = Table(
        *("", "count", "p50", "p95", "p99", "worst", "aim"),
        title=f"Tracking pages at {rate:.0f}/s beside {RATE} events/s, ms from when each was due; "
        f"a page has {found.page_bytes:,} bytes",
    )
    pages, met = found.pages, report.aim(found.pages_p95 <= PAGE_AIM_MS, f"≤ {PAGE_AIM_MS:g}")
    middle, rest = f"{pages.p50:.1f}", (f"{pages.p99:.1f}", f"{pages.worst:.1f}")
    table.add_row("pages", str(plan.reads), middle, f"{found.pages_p95:.1f}", *rest, met)
    for words, one in (("events, alone", found.alone), ("events, beside them", found.beside)):
        count, p50, p99, worst = _cells(one.from_acceptance)
        table.add_row(words, count, p50, "", p99, worst, "")
    met = report.aim(found.p99_ratio <= AIM_P99_RATIO, f"≤ {AIM_P99_RATIO:g}")
    table.add_row("ratio of the events' p99", "", "", "", f"{found.p99_ratio:.2f}", "", met)
    return table


def _cells(spread: Spread) -> tuple[str, ...]:
    return str(spread.count), *(f"{one:.1f}" for one in (spread.p50, spread.p99, spread.worst))


def _page_cells(page: Page, slow: float) -> tuple[str, ...]:
    return str(page.requests), *(f"{one:.1f}" for one in (page.p50, slow, page.worst))
