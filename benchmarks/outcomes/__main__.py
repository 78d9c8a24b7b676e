"""`python -m benchmarks.outcomes`: play, print, and end with 0 only when every event is accounted
for."""

import asyncio
import contextlib
import os
import sys

from rich.console import Console

from benchmarks.engine.development import DevelopmentEngine
from benchmarks.outcomes.options import read_options
from benchmarks.outcomes.report import as_json, show, write
from benchmarks.outcomes.run import run
from contracts.clock import utc_now

_WIDE = 140
"""Columns in a file, where no terminal says how many there are."""


def main() -> int:
    """Do one play; gives the exit code."""
    options = read_options()
    console = Console(width=None if sys.stdout.isatty() else _WIDE)
    console.print(f"seed {options.seed} · {options.command}", soft_wrap=True)
    played = asyncio.run(run(options, console.print, DevelopmentEngine))
    show(played, console)
    if options.json is not None:
        options.json.write_text(as_json(played) + "\n", encoding="utf-8")
    if options.write:
        write(played, utc_now().date())
    return 0 if played.account.passed else 1


if __name__ == "__main__":
    code = main()
    # Not by returning: see benchmarks/ledger/__main__.py
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):
            stream.flush()
    os._exit(code)
