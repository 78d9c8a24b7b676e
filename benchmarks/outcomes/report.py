"""Shows a play, and puts its table between the markers of the documents."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.machine import describe
from benchmarks.outcomes.assumptions import TIME_FACTOR
from benchmarks.outcomes.faults import FREQUENCIES, Frequency
from benchmarks.outcomes.rows import MEASURED, MODEL, Row, rows_of
from benchmarks.outcomes.run import Played

BEGIN, END = "<!-- played -->", "<!-- /played -->"
_ROOT = Path(__file__).parents[2]
_MOST_SHOWN = 20
_SHORT = (
    "delivered within the retry policy",
    "told of an event at all",
    "told within 90 s",
    "propagation",
    "WISMO",
    "re-delivery cost",
)
_HEADER = ("", "the company's case", "hourly polling", "Doorstep", "")


def show(played: Played, console: Console) -> None:
    """Print everything that a reader needs to believe it, or not to."""
    table = Table(title=f"12 weeks, {played.account.posted:,} events")
    for column in _HEADER:
        table.add_column(column)
    for row in rows_of(played.compared):
        table.add_row(row.what, row.case, row.before, row.reached, row.kind)
    console.print(table)
    for line in _notes(played):
        console.print(line, highlight=False)
    why = played.account.why_red
    for reason in why[:_MOST_SHOWN]:
        console.print(f"[red]red[/] {reason}", highlight=False)
    if len(why) > _MOST_SHOWN:
        console.print(f"… and {len(why) - _MOST_SHOWN} more")
    says = "[red]NOT accounted for[/]" if why else "[green]every event is accounted for[/]"
    console.print(f"{says} · {played.options.command}", soft_wrap=True)


def timeless(played: Played) -> dict[str, object]:
    """Every count that time does not decide: two plays of one seed agree on all of them."""
    figures = played.account.figures
    kinds = Counter(one.kind for one in played.events)
    return {
        "events": dict(sorted(kinds.items())),
        "partners": dict(sorted(Counter(one.partner_id for one in played.events).items())),
        "faults": dict(sorted(Counter(str(one.kind) for one in played.faults).items())),
        "process faults": [str(one) for one in played.process_faults],
        "polling": [sum(one.after_s is not None for one in played.compared.polled),
                    len(played.compared.polled)],
        "calls before": played.compared.calls_before.total(),
        "deliverable, and arrived": played.account.missing == [],
        **{name: figures[name]["numerator"] for name in (
            "events_accepted", "orders", "first_attempt_success", "failed_deliveries", "rto",
            "instructions_given", "instructions_accepted", "delivered_after_instruction",
            "delivered_without_instruction", "redeliveries_avoided")},
    }  # fmt: skip


def as_json(played: Played) -> str:
    """The same as a document."""
    return json.dumps(
        {
            "command": played.options.command,
            "passed": played.account.passed,
            "why_red": played.account.why_red,
            "rows": [vars(row) for row in rows_of(played.compared)],
            "counts that time does not decide": timeless(played),
            "figures": dict(played.account.figures),
        },
        indent=2,
        default=str,
    )


def write(played: Played, today: date, root: Path = _ROOT) -> None:
    """Put the tables into the documents, in place of the last ones."""
    rows = rows_of(played.compared)
    long = [_markdown(rows), "", *(f"- {line}" for line in _notes(played, today)), "", *_faults()]
    short = [row for row in rows if row.what.startswith(_SHORT)]
    _replace(root / "docs" / "outcomes.md", "\n".join(long))
    _replace(root / "README.md", _markdown(short))


def _replace(document: Path, played: str) -> None:
    before, _, rest = document.read_text(encoding="utf-8").partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"{document.name} has no place for it between {BEGIN} and {END}")
    text = f"{before}{BEGIN}\n\n{played.strip()}\n\n{END}{after}"
    document.write_text(text, encoding="utf-8")


def _markdown(rows: Sequence[Row]) -> str:
    lines = [_HEADER, ("---",) * len(_HEADER)]
    lines += [(row.what, row.case, row.before, row.reached, row.kind) for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _faults() -> list[str]:
    lines = [
        "| fault | how often in 12 weeks | lasts | assumed because |",
        "| --- | --- | --- | --- |",
    ]
    lines += [f"| {one.kind} | {_often(one)} | {_lasts(one)} | {one.why} |" for one in FREQUENCIES]
    return lines


def _often(one: Frequency) -> str:
    return f"{one.in_all} in all" if one.in_all else f"{one.each:.2g} an endpoint"


def _lasts(one: Frequency) -> str:
    return f"{_span(one.shortest_s)} to {_span(one.longest_s)}"


def _span(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds < 3600 else f"{seconds / 3600:.0f} h"


def _notes(played: Played, today: date | None = None) -> list[str]:
    digest = hashlib.sha256(json.dumps(timeless(played), sort_keys=True).encode()).hexdigest()[:12]
    day = f"{today.day} {today:%B %Y}, " if today else ""
    run = f"{day}{describe()['cores']} cores, {played.took_s / 60:.0f} minutes"
    faults = Counter(str(one.kind) for one in played.faults)
    processes = Counter(str(one) for one in played.process_faults)
    return [
        f"`{played.options.command}`: {run}. {_SAME_SEED.format(digest)}",
        _TIME,
        _KINDS,
        f"Faults: {_in_words(faults)}.",
        f"Our own processes: {_in_words(processes)}.",
    ]


_SAME_SEED = "Two plays of one seed agree on {}, a digest of every count that time does not decide."
_TIME = (
    "Time between events is left out; within an event it is "
    f"{TIME_FACTOR} times faster than in life, our own milliseconds among it: a propagation "
    f"that is shown is {TIME_FACTOR} times what this machine took."
)
_KINDS = (
    f"`{MEASURED}`: counted by the product, the same by a fresh count over its rows. `{MODEL}`: "
    "follows from assumptions beside what was counted. `played`: an assumption of the play, which "
    "the product has measured back."
)


def _in_words(counts: Counter[str]) -> str:
    return ", ".join(f"{count} of {name}" for name, count in sorted(counts.items())) or "none"
