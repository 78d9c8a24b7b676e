"""A program that is run as a child process, and the running child."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from commands import leash

_LOOK_EVERY_S = 0.1


@dataclass(frozen=True)
class Program:
    """How a program is started, where it logs, and how to see that it serves.

    `ready` is given the child's process id. `grace_s` is how long it may take to end in order,
    after `stop_signal`.
    """

    name: str
    command: Sequence[str]
    log: Path
    ready: Callable[[int], Awaitable[bool]]
    grace_s: float = 10.0
    environment: Mapping[str, str] | None = None
    stop_signal: signal.Signals = signal.SIGTERM

    def last_words(self) -> str:
        """The last line of its log, to show when it has failed."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1] if lines else "nothing"

    def begin_log(self) -> None:
        """Begin a new log; the one before is kept under another name."""
        self.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".previous.log"))
        self.log.touch(mode=0o600)


class Child:
    """One running process of a program, in a session of its own: a Ctrl-C in the terminal
    reaches the supervisor only, which stops the children in order."""

    def __init__(self, program: Program, process: asyncio.subprocess.Process) -> None:
        self.program = program
        self._process = process

    @classmethod
    async def start(cls, program: Program) -> Self:
        """Start it on a leash: it ends when this process ends, however that comes."""
        on_a_leash = [sys.executable, "-I", "-S", str(Path(leash.__file__)), str(os.getpid())]
        with program.log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *on_a_leash,
                *program.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=program.environment,
                start_new_session=True,
            )
        return cls(program, process)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    async def ended(self) -> int:
        """Wait for its end; gives the exit code, or minus the signal that ended it."""
        return await self._process.wait()

    async def serves(self) -> None:
        """Wait until it is ready."""
        while True:
            if await self.program.ready(self.pid):
                return
            await asyncio.sleep(_LOOK_EVERY_S)

    async def stop(self) -> None:
        """Ask it to end; kill it when its grace is over."""
        with suppress(ProcessLookupError):
            self._process.send_signal(self.program.stop_signal)
        try:
            async with asyncio.timeout(self.program.grace_s):
                await self._process.wait()
        except TimeoutError:
            self.kill()
            await self._process.wait()

    def kill(self) -> None:
        """Kill it unless it has ended."""
        with suppress(ProcessLookupError):
            self._process.kill()
