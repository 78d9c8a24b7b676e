"""`make bench`: measure Doorstep on this machine, in one run.

Exit codes: 0: measured · 1: an event was lost, or the run is invalid. A missed aim is printed, and
is no error.
"""

import argparse
import asyncio
import os
import signal
import sys
import traceback
from pathlib import Path

from rich.console import Console

from benchmarks.report import show, to_json
from benchmarks.run import Plan, Results, run


def main() -> int:
    """Run, print, and give the exit code."""
    options = _parser().parse_args()
    plan = Plan.quick() if options.quick else Plan.lasting(options.seconds)
    try:
        results = asyncio.run(_until_asked(plan))
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
    return 1 if results.count.faults else 0


async def _until_asked(plan: Plan) -> Results:
    """Run; a TERM signal ends it in good order, with everything stopped."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await run(plan, lambda line: print(line, flush=True))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--seconds", type=_seconds, default=20.0, help="at each rate; a round lasts half of it"
    )
    parser.add_argument("--quick", action="store_true", help="about a minute; nothing to quote")
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
