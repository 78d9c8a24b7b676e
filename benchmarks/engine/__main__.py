"""`make engine`: build production's Temporal server, and see that a run can use it.

Exit codes: 0: it serves · 1: it does not · 2: it cannot be built here.
"""

import asyncio
import os
import sys
import traceback

from benchmarks.engine.check import check
from benchmarks.engine.choice import engine_of
from benchmarks.engine.engine import EngineKind
from commands.errors import CommandFailed


def main() -> int:
    """Build, check, and give the exit code."""
    try:
        engine = engine_of(EngineKind.PRODUCTION, _say)
    except CommandFailed as error:
        sys.stderr.write(f"{error}\n")
        return 2
    try:
        asyncio.run(check(engine, _say))
    except Exception:  # whatever it is, it does not serve
        traceback.print_exc()
        return 1
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    code = main()
    # Not by returning: a process that used a Temporal client sometimes aborts while the
    # interpreter shuts down, which would replace the exit code.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
