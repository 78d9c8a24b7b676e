"""`doorstep worker --processes N`: workers for the cores of one host, started and stopped as one.

Each is a `doorstep worker` of its own: nothing is shared but the log. One that ends by itself ends
all of them, and whoever runs the command starts it again whole: fewer workers than asked for would
look well from outside.
"""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from commands import leash
from commands.errors import CommandFailed
from commands.signals import stop_on_signals
from commands.system import doorstep_command
from settings import Settings

log = logging.getLogger(__name__)

PORTS_APART = 10
"""From one process's metrics port to the next one's."""


async def serve_workers(settings: Settings, processes: int) -> None:
    """Run so many workers until a signal comes, then let all of them end in good order.

    CommandFailed when one of them ends unasked.
    """
    stop = stop_on_signals()
    workers = [await _start(metrics_ports(settings, number)) for number in range(processes)]
    log.info("workers %s are started", ", ".join(str(one.pid) for one in workers))
    ends = [asyncio.create_task(one.wait()) for one in workers]
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([stopping, *ends], return_when=asyncio.FIRST_COMPLETED)
    ended = [one.pid for one in workers if one.returncode is not None]
    for one in workers:
        if one.returncode is None:
            one.send_signal(signal.SIGTERM)
    codes = await asyncio.gather(*ends)
    stopping.cancel()
    if ended and not stop.is_set():
        raise CommandFailed(
            f"worker {ended[0]} ended by itself, so the others were ended, too: its reason is in "
            "the log above"
        )
    if any(codes):
        raise CommandFailed(f"the workers ended with {', '.join(map(str, codes))}")


def metrics_ports(settings: Settings, number: int) -> Mapping[str, str]:
    """Where the process of this number, from 0, serves its metrics, as settings."""
    ports = {
        "DOORSTEP_WORKER_METRICS_PORT": settings.worker_metrics_port,
        "DOORSTEP_SDK_METRICS_PORT": settings.sdk_metrics_port,
    }
    return {
        name: str(port + PORTS_APART * number) for name, port in ports.items() if port is not None
    }


async def _start(ports: Mapping[str, str]) -> asyncio.subprocess.Process:
    """On a leash, so that none outlives this process; in a session of its own, so that a Ctrl-C in
    the terminal reaches this process alone."""
    command: Sequence[str] = doorstep_command("worker")
    on_a_leash = [sys.executable, "-I", "-S", str(Path(leash.__file__)), str(os.getpid())]
    return await asyncio.create_subprocess_exec(
        *on_a_leash, *command, env={**os.environ, **ports}, start_new_session=True
    )
