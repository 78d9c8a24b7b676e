"""A supervisor as a program of its own, to be killed by tests: `PORT FOLDER`.

It starts two children that report to the roll on that port, says `up`, and waits for a signal.
"""

import asyncio
import sys
from pathlib import Path

from commands.program import Program
from commands.signals import stop_on_signals
from commands.supervisor import Supervisor
from tests.commands.roll import Roll


async def _always(_pid: int) -> bool:
    return True


async def main(port: int, folder: Path) -> None:
    """Run until asked to stop."""
    roll, stop = Roll(), stop_on_signals()
    roll.port = port
    async with Supervisor(print) as supervisor:
        for name in ("first", "second"):
            await supervisor.start(Program(name, roll.command(), folder / f"{name}.log", _always))
        print("up", flush=True)
        await supervisor.guard(stop.wait())
    print("stopped", flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2])))
