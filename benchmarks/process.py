"""A process of ours on this machine: read, put to sleep, killed, started again, always ended."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.proc import CpuTime, Usage, cpu_time, descendants, peak_memory_mib, usage
from commands import leash

_ROOT = Path(__file__).parent.parent
_STOPS_WITHIN_S = 30.0
_RESTART_PAUSE_S = 1.0
_OURS = ("DOORSTEP_", "TEMPORAL_", "TWILIO_")


class ProcessDied(RuntimeError):
    """A process that the measurement needs has ended by itself; the run is invalid."""


@dataclass(frozen=True)
class Command:
    """How a process is started, each time after `prepare`, and asked to stop.

    One that `talks` has pipes; else what it prints is logged.
    """

    name: str
    words: Sequence[str]
    settings: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[], None] | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    talks: bool = False


@dataclass(frozen=True)
class Exit:
    """A process ended although nobody asked it to."""

    name: str
    code: int
    last_line: str

    def __str__(self) -> str:
        return f"{self.name} ended by itself with {self.code}: {self.last_line}"


class Process:
    """One process. When it ends by itself that is noted, and it is started again."""

    def __init__(self, command: Command, folder: Path) -> None:
        self.command = command
        self.exits: list[Exit] = []
        self._log = folder / f"{command.name}.log"
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None

    async def start(self) -> float:
        """Start it; gives the moment. Returns before it serves."""
        started_at = time.time()
        self._process = await self._spawn()
        self._keeper = asyncio.create_task(self._keep(self._process))
        return started_at

    async def kill(self) -> None:
        """Kill it and its children with SIGKILL; returns once it is gone."""
        process = self._let_go()
        for pid in (process.pid, *descendants(process.pid)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        await process.wait()

    async def stop(self) -> None:
        """Ask it to end in good order; kill what does not listen."""
        if self._process is None:
            return
        process = self._let_go()
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(self.command.stop_signal)
        try:
            async with asyncio.timeout(_STOPS_WITHIN_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

    def check(self) -> None:
        """Raise ProcessDied, with the end of its log, when it has ended by itself."""
        if self.exits:
            raise ProcessDied(f"{self.exits[-1]}\n{self._logged()[-2000:]}")

    @property
    def cpu(self) -> CpuTime:
        """The CPU time it and its children have used so far."""
        self.check()
        return cpu_time(self._running.pid)

    @property
    def peak_mib(self) -> float:
        """The most memory it ever held."""
        self.check()
        return peak_memory_mib(self._running.pid)

    @property
    def usage(self) -> Usage:
        """What it and its children hold now. ProcessLookupError while it is dead."""
        return usage(self._running.pid)

    async def ask(self, order: str, limit_s: float) -> str:
        """Send a line to one that talks; gives the line it answers."""
        pipes = self._running
        if pipes.stdin is None or pipes.stdout is None:
            raise ValueError(f"{self.command.name} does not talk")
        pipes.stdin.write(f"{order}\n".encode())
        async with asyncio.timeout(limit_s):
            answer = await pipes.stdout.readline()
        if not answer:
            raise ProcessDied(f"{self.command.name} ended:\n{self._logged()[-2000:]}")
        return answer.decode()

    @contextlib.contextmanager
    def asleep(self) -> Iterator[None]:
        """Stop it from running at all, so that it takes nothing from what is measured now."""
        self.check()
        self._running.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._running.send_signal(signal.SIGCONT)

    @property
    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise RuntimeError(f"{self.command.name} was never started")
        return self._process

    def _let_go(self) -> asyncio.subprocess.Process:
        """From now on its end is our doing."""
        if self._keeper is not None:
            self._keeper.cancel()
        return self._running

    async def _keep(self, process: asyncio.subprocess.Process) -> None:
        while True:
            code = await process.wait()
            lines = self._logged().strip().splitlines()
            self.exits.append(Exit(self.command.name, code, lines[-1] if lines else ""))
            await asyncio.sleep(_RESTART_PAUSE_S)
            process = self._process = await self._spawn()

    async def _spawn(self) -> asyncio.subprocess.Process:
        if self.command.prepare is not None:
            await asyncio.to_thread(self.command.prepare)
        pipe = asyncio.subprocess.PIPE if self.command.talks else None
        with self._log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *python("-I", "-S", str(Path(leash.__file__)), str(os.getpid())),
                *self.command.words,
                stdin=pipe or asyncio.subprocess.DEVNULL,
                stdout=pipe or log,
                stderr=log,
                env={**os.environ, **self.command.settings},
                cwd=_ROOT,
                start_new_session=True,
                limit=2**24,
            )

    def _logged(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")


def python(*arguments: str) -> list[str]:
    """A command that runs this Python."""
    return [sys.executable, *arguments]


@contextlib.contextmanager
def settings_of_our_own(settings: Mapping[str, str]) -> Iterator[None]:
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
