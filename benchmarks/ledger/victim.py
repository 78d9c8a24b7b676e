"""A process that can be killed with SIGKILL and started again. It is a child of this one alone."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from commands import leash

_ROOT = Path(__file__).parent.parent.parent
_PATIENCE_S = 30.0
_PAUSE_S = 1.0


@dataclass(frozen=True)
class Way:
    """How a process is started, each time after `prepare`, and asked to stop."""

    name: str
    command: Sequence[str]
    log: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[], None] | None = None
    stop_signal: signal.Signals = signal.SIGTERM


@dataclass(frozen=True)
class OwnEnd:
    """A process ended although nobody killed it."""

    name: str
    code: int
    last_words: str


class Victim:
    """One process. When it ends by itself that is noted, and it is started again."""

    def __init__(self, way: Way) -> None:
        self.way = way
        self.own_ends: list[OwnEnd] = []
        self._process: asyncio.subprocess.Process | None = None
        self._wanted = False
        self._keeper: asyncio.Task[None] | None = None

    async def start(self) -> float:
        """Start it; gives the moment. Returns before it serves."""
        self._wanted = True
        started_at = time.time()
        self._process = await self._spawn()
        self._keeper = asyncio.create_task(self._keep(self._process))
        return started_at

    async def kill(self) -> None:
        """Kill it and its children with SIGKILL; returns once it is gone."""
        process = self._let_go()
        family = _descendants(process.pid)
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        for pid in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        await process.wait()

    async def stop(self) -> None:
        """Ask it to end in good order; kill what does not listen."""
        if self._process is None:
            return
        process = self._let_go()
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(self.way.stop_signal)
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

    def _let_go(self) -> asyncio.subprocess.Process:
        """From now on its end is our doing."""
        if self._process is None or self._keeper is None:
            raise RuntimeError(f"{self.way.name} was never started")
        self._wanted = False
        self._keeper.cancel()
        return self._process

    async def _keep(self, process: asyncio.subprocess.Process) -> None:
        while True:
            code = await process.wait()
            self.own_ends.append(OwnEnd(self.way.name, code, self._last_words()))
            await asyncio.sleep(_PAUSE_S)
            process = self._process = await self._spawn()

    async def _spawn(self) -> asyncio.subprocess.Process:
        if self.way.prepare is not None:
            await asyncio.to_thread(self.way.prepare)
        on_a_leash = [sys.executable, "-I", "-S", leash.__file__, str(os.getpid())]
        with self.way.log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *on_a_leash,
                *self.way.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **self.way.settings},
                cwd=_ROOT,
                start_new_session=True,
            )

    def _last_words(self) -> str:
        lines = self.way.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1] if lines else ""


def _descendants(pid: int) -> list[int]:
    """The children of our own child: PostgreSQL has one for each connection."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
        for child in map(int, text.split()):
            found += [child, *_descendants(child)]
    return found
