"""Child processes on this machine: with our settings, read, put to sleep, and always ended."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.proc import CpuTime, cpu_time, peak_memory_mib
from commands import leash

_ROOT = Path(__file__).parent.parent
_PATIENCE_S = 10.0
_OURS = ("DOORSTEP_", "TEMPORAL_", "TWILIO_")


class ChildDied(RuntimeError):
    """A process that the measurement needs has ended; the run is invalid."""


@dataclass(frozen=True)
class Child:
    """One running child."""

    name: str
    process: asyncio.subprocess.Process
    log: Path

    @property
    def cpu(self) -> CpuTime:
        """The CPU time it has used so far."""
        self.check()
        return cpu_time(self.process.pid)

    @property
    def peak_mib(self) -> float:
        """The most memory it ever held."""
        self.check()
        return peak_memory_mib(self.process.pid)

    def check(self) -> None:
        """Raise ChildDied, with the end of its log, when it has ended."""
        if self.process.returncode is not None:
            said = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise ChildDied(f"{self.name} ended with {self.process.returncode}:\n{said}")

    async def ask(self, order: str, limit_s: float) -> str:
        """Send a line to one that talks; gives the line it answers."""
        pipes = self.process
        if pipes.stdin is None or pipes.stdout is None:
            raise ValueError(f"{self.name} does not talk")
        pipes.stdin.write(f"{order}\n".encode())
        async with asyncio.timeout(limit_s):
            answer = await pipes.stdout.readline()
        if not answer:
            await pipes.wait()
            self.check()
        return answer.decode()

    @contextlib.contextmanager
    def asleep(self) -> Iterator[None]:
        """Stop it from running at all, so that it takes nothing from what is measured now."""
        self.check()
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)


@contextlib.contextmanager
def settings_of_our_own(**settings: str) -> Iterator[None]:
    """Put settings in force for this process and its children; the caller's are left out."""
    before = dict(os.environ)
    for name in before:
        if name.startswith(_OURS):
            del os.environ[name]
    os.environ.update(settings)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def python(*arguments: str) -> list[str]:
    """A command that runs this Python."""
    return [sys.executable, *arguments]


@contextlib.asynccontextmanager
async def running(
    name: str,
    command: Sequence[str],
    folder: Path,
    *,
    talks: bool = False,
    stop_signal: signal.Signals = signal.SIGTERM,
) -> AsyncIterator[Child]:
    """A child for as long as the context lasts, and never longer than this process.

    One that `talks` has pipes; else what it prints is logged. `stop_signal` asks it to stop.
    """
    log = folder / f"{name}.log"
    pipe = asyncio.subprocess.PIPE if talks else None
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            *python("-I", "-S", str(Path(leash.__file__)), str(os.getpid())),
            *command,
            stdin=pipe or asyncio.subprocess.DEVNULL,
            stdout=pipe or errors,
            stderr=errors,
            cwd=_ROOT,
            start_new_session=True,
            limit=2**24,
        )
    try:
        yield Child(name, process, log)
    finally:
        await _end(process, stop_signal)


async def _end(process: asyncio.subprocess.Process, stop_signal: signal.Signals) -> None:
    """Ask it to stop, wait, and kill what does not listen."""
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(stop_signal)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_S):
                await process.wait()
                return
        process.kill()
        await process.wait()
