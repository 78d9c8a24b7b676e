"""`python -m benchmarks.ledger`: run, print, and end with 0 only when nothing was lost."""

import asyncio
import contextlib
import os
import sys

from rich.console import Console

from benchmarks.engine.choice import engine_of
from benchmarks.ledger.options import read_options
from benchmarks.ledger.report import as_json, show
from benchmarks.ledger.run import run
from benchmarks.ledger.verdict import judge
from benchmarks.proxy import NoProxy
from commands.errors import CommandFailed


def main() -> int:
    """Do one run; gives the exit code."""
    options = read_options()
    console = Console()
    try:
        engine = engine_of(options.engine, console.print)
    except CommandFailed as error:
        sys.stderr.write(f"{error}\n")
        return 2
    console.print(f"seed {options.seed} · {options.command}", soft_wrap=True)
    try:
        result = asyncio.run(run(options, console.print, engine))
    except NoProxy as missing:
        console.print(str(missing))
        return 2
    verdict = judge(result)
    show(result, verdict, console)
    if options.json is not None:
        options.json.write_text(as_json(result, verdict) + "\n", encoding="utf-8")
    return 0 if verdict.passed else 1


if __name__ == "__main__":
    code = main()
    # Not by returning: a process that used a Temporal client sometimes aborts while the
    # interpreter shuts down (sdk-python issue 300), which would replace the exit code.
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):
            stream.flush()
    os._exit(code)
