"""`make bench`: measure Doorstep on this machine, in one run.

Exit codes: 0: measured · 1: an event was lost, a page of the log reads a whole table, or the run
is invalid · 2: the engine cannot be had here. A missed aim is printed, and is no error.
"""

import argparse
import asyncio
import os
import signal
import sys
import traceback
from collections.abc import Collection
from pathlib import Path

from rich.console import Console

from benchmarks.engine.choice import add_engine_option, engine_of
from benchmarks.engine.engine import EngineFactory
from benchmarks.parts import EVERY_PART, Measured, Part, Sizes, measure
from benchmarks.report_parts import show, to_json
from benchmarks.run import Plan
from commands.errors import CommandFailed


def main() -> int:
    """Run, print, and give the exit code."""
    options = _parser().parse_args()
    sizes = Sizes.quick() if options.quick else Sizes(Plan.lasting(options.seconds))
    parts = {options.only} if options.only else EVERY_PART
    try:
        engine = engine_of(options.engine, _say)
        results = asyncio.run(_until_asked(parts, sizes, engine))
        results.machine["Temporal server"] = options.engine
    except CommandFailed as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except (KeyboardInterrupt, asyncio.CancelledError):
        sys.stderr.write("stopped before the end\n")
        return 1
    except Exception:  # whatever it is, nothing was measured
        traceback.print_exc()
        sys.stderr.write("the run is invalid\n")
        return 1
    show(results, Console(width=None if sys.stdout.isatty() else 120))
    if options.json:
        options.json.write_text(to_json(results) + "\n", encoding="utf-8")
    return 1 if results.faults else 0


async def _until_asked(parts: Collection[Part], sizes: Sizes, engine: EngineFactory) -> Measured:
    """Run; a TERM signal ends it in good order, with everything stopped."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await measure(parts, sizes, _say, engine)


def _say(line: str) -> None:
    print(line, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--seconds", type=_seconds, default=20.0, help="at each rate; a round lasts half of it"
    )
    parser.add_argument("--quick", action="store_true", help="a few minutes; nothing to quote")
    parser.add_argument(
        "--only", type=Part, choices=list(Part), metavar="PART", help=f"one of {', '.join(Part)}"
    )
    add_engine_option(parser)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything measured here")
    return parser


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 4 <= seconds <= 600:
        raise argparse.ArgumentTypeError("4 to 600 seconds")
    return seconds


if __name__ == "__main__":
    code = main()
    # Not by returning: a process that used a Temporal client sometimes aborts while the
    # interpreter shuts down, which would replace the exit code.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
