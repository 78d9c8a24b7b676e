"""Starts programs in order, starts again what dies, and stops all of them together."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

from commands.errors import CommandFailed
from commands.program import Child, Program

T = TypeVar("T")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Patience:
    """How long a program may take to serve, and how often it may die soon after its start."""

    ready_within_s: float = 60.0
    first_pause_s: float = 1.0
    longest_pause_s: float = 10.0
    most_early_deaths: int = 5
    early_s: float = 60.0


class Supervisor:
    """A context: programs run inside, none is left behind."""

    def __init__(self, say: Say, patience: Patience = Patience()) -> None:
        self._say = say
        self._patience = patience
        self._children: dict[str, Child] = {}
        self._keepers: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Nothing runs yet."""
        return self

    async def __aexit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop everything, the last one started first; at once if the stopping is called off."""
        for keeper in self._keepers:
            keeper.cancel()
        try:
            await asyncio.gather(*self._keepers, return_exceptions=True)
            for child in reversed(self._children.values()):
                await child.stop()
        finally:
            for child in self._children.values():
                child.kill()

    async def start(self, program: Program) -> None:
        """Start a program and wait until it serves. CommandFailed shows why it does not."""
        program.begin_log()
        child = await self._start(program)
        ended, serves = asyncio.create_task(child.ended()), asyncio.create_task(child.serves())
        try:
            await asyncio.wait(
                {ended, serves},
                timeout=self._patience.ready_within_s,
                return_when=asyncio.FIRST_COMPLETED,
            )
            if ended.done() or not serves.done():
                raise CommandFailed(_never_served(program, ended))
            serves.result()
        finally:
            for task in (ended, serves):
                task.cancel()
        self._keepers.append(asyncio.create_task(self._keep(child)))

    async def guard(self, work: Coroutine[Any, Any, T]) -> T:
        """Do `work` while the programs live; CommandFailed when one of them keeps dying."""
        task = asyncio.create_task(work)
        try:
            await asyncio.wait({task, *self._keepers}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                next(keeper for keeper in self._keepers if keeper.done()).result()
            return await task
        finally:
            task.cancel()
            await asyncio.wait({task})

    async def _start(self, program: Program) -> Child:
        child = await Child.start(program)
        self._children[program.name] = child
        return child

    async def _keep(self, child: Child) -> None:
        """Start it again whenever it ends, after longer and longer pauses, until it is hopeless."""
        program, patience, clock = child.program, self._patience, asyncio.get_running_loop().time
        deaths, pause_s = 0, patience.first_pause_s
        while True:
            started = clock()
            code = await child.ended()
            if clock() - started > patience.early_s:
                deaths, pause_s = 0, patience.first_pause_s
            deaths += 1
            if deaths > patience.most_early_deaths:
                raise CommandFailed(
                    f"{program.name} died {deaths} times soon after its start, the last time with "
                    f"{_in_words(code)}; its log is {program.log}"
                )
            self._say(
                f"{program.name} ended with {_in_words(code)} and is started again in {pause_s:g} s"
                f"; its log is {program.log}"
            )
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, patience.longest_pause_s)
            child = await self._start(program)


def _never_served(program: Program, ended: "asyncio.Task[int]") -> str:
    how = f"ended with {_in_words(ended.result())}" if ended.done() else "does not answer"
    return f"{program.name} {how} at its start; its log {program.log} ends: {program.last_words()}"


def _in_words(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {-code}"
