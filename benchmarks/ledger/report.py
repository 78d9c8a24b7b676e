"""Shows a run as tables."""

import json
import statistics

from rich.console import Console
from rich.table import Table

from benchmarks.ledger.compare import duplicates
from benchmarks.ledger.recovery import Recovery
from benchmarks.ledger.run import Result
from benchmarks.ledger.verdict import Verdict

_MOST_SHOWN = 20


def show(result: Result, verdict: Verdict, console: Console) -> None:
    """Print everything that a reader needs to believe it, or not to."""
    options = result.options
    console.print(_counts(result, verdict))
    console.print(_recoveries(verdict.recoveries))
    console.print(f"answers to the sender: {_in_words(dict(result.answers))}; {_waits(result)}")
    if result.asked:
        asked = {f"{what} {status}": count for (what, status), count in result.asked.items()}
        console.print(f"answers to questions and retries meanwhile: {_in_words(asked)}")
    console.print(f"workflows in Temporal: {_in_words(dict(result.workflows))}")
    if verdict.delays is not None:
        waited = verdict.delays
        console.print(
            f"from a 202 to the first arrival at a merchant: {waited.median_s:.1f} s (median), "
            f"{waited.p99_s:.1f} s (p99), {waited.worst_s:.1f} s (worst)"
        )
    console.print(
        f"handed in over {result.play_s:.0f} s, settled {result.settle_s:.0f} s later; "
        f"{len(result.kills)} kills"
    )
    for trouble in verdict.troubles[:_MOST_SHOWN]:
        console.print(f"[red]trouble[/] {trouble}", highlight=False)
    for fault in verdict.faults[:_MOST_SHOWN]:
        console.print(f"[red]{fault.kind}[/]: {fault.subject}", highlight=False)
    if len(verdict.faults) > _MOST_SHOWN:
        console.print(f"… and {len(verdict.faults) - _MOST_SHOWN} more")
    says = "[green]balanced: nothing lost[/]" if verdict.passed else "[red]NOT balanced[/]"
    console.print(f"{says} · seed {options.seed} · repeat with: {options.command}", soft_wrap=True)


def as_json(result: Result, verdict: Verdict) -> str:
    """The same as a document, with what was delivered more than once."""
    return json.dumps(
        {
            "command": result.options.command,
            "seed": result.options.seed,
            **verdict.as_json(),
            "answers": dict(result.answers),
            "workflows": dict(result.workflows),
            "seconds": {"play": round(result.play_s, 1), "settle": round(result.settle_s, 1)},
            "kills": [vars(kill) for kill in result.kills],
            "again": [[*pair, times] for pair, times in duplicates(result.counts).items()],
        },
        indent=2,
    )


def _counts(result: Result, verdict: Verdict) -> Table:
    table = Table(title=f"{result.options.events} events")
    table.add_column("counted")
    table.add_column("number", justify="right")
    for name, number in verdict.counts.items():
        table.add_row(name, f"{number:,}")
    table.add_row("[bold]lost", f"[bold]{verdict.lost:,}")
    return table


def _recoveries(found: list[Recovery]) -> Table:
    table = Table(title="seconds from the restart to the first sign of life")
    for column in ("killed", "times", "least", "median", "most", "nothing left to do"):
        table.add_column(column, justify="left" if column == "killed" else "right")
    for one in found:
        numbers = [_seconds(value) for value in (one.least_s, one.median_s, one.most_s)]
        table.add_row(one.process, str(one.kills), *numbers, str(one.unseen))
    return table


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _waits(result: Result) -> str:
    if len(result.waits_s) < 2:
        return "too few 202s for a percentile"
    cuts = statistics.quantiles(result.waits_s, n=100)
    return f"a 202 took {cuts[49] * 1000:.0f} ms (median), {cuts[98] * 1000:.0f} ms (p99)"


def _in_words(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items())) or "none"
