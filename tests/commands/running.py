"""Running `doorstep` and children for real: a clean environment, and a roll of who lives."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from commands.system import doorstep_command

_OURS = ("DOORSTEP_", "OTEL_", "TEMPORAL_", "TWILIO_")


@dataclass(frozen=True)
class Finished:
    """A command that has ended."""

    code: int
    out: str
    err: str


def clean_environment(**variables: str) -> dict[str, str]:
    """This environment with no setting of ours but the ones given."""
    rest = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return rest | variables


async def doorstep(*arguments: str, folder: Path, stdin: str = "", **variables: str) -> Finished:
    """Run `doorstep` in a folder and wait for its end."""
    process = await start_doorstep(*arguments, folder=folder, **variables)
    out, err = await process.communicate(stdin.encode())
    assert process.returncode is not None
    return Finished(process.returncode, out.decode(), err.decode())


async def start_doorstep(
    *arguments: str, folder: Path, **variables: str
) -> asyncio.subprocess.Process:
    """Start `doorstep` in a folder."""
    _, *words = doorstep_command(*arguments)
    return await start_python(*words, folder=folder, environment=variables)


async def start_python(
    *arguments: str, folder: Path, environment: Mapping[str, str]
) -> asyncio.subprocess.Process:
    """Start this Python with pipes."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=folder,
        env=clean_environment(**environment),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@dataclass
class Reported:
    """A child that has reported to the roll. `word` is set when it says something more."""

    pid: int
    word: asyncio.Event = field(default_factory=asyncio.Event)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    last_word: str = ""


class Roll:
    """Children connect to it and say their pid; a closed connection is a child that is gone."""

    def __init__(self) -> None:
        self.port = 0
        self.present: asyncio.Queue[Reported] = asyncio.Queue()
        self.pids: set[int] = set()

    def command(self, *, at_term: str = "sys.exit(0)") -> list[str]:
        """A child that reports, then waits for TERM and does `at_term` about it."""
        return [sys.executable, "-c", _CHILD.format(port=self.port, at_term=at_term)]

    async def next(self) -> Reported:
        """The next child that reports."""
        return await asyncio.wait_for(self.present.get(), timeout=20)

    async def knows(self, pid: int) -> bool:
        """Whether this child has reported: what `Program.ready` asks."""
        return pid in self.pids

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reported = Reported(pid=int(await reader.readline()))
        self.pids.add(reported.pid)
        self.present.put_nowait(reported)
        with suppress(ConnectionError):
            while said := await reader.read(1000):
                reported.last_word += said.decode()
                reported.word.set()
        reported.gone.set()
        writer.close()


@asynccontextmanager
async def open_roll() -> AsyncIterator[Roll]:
    """A roll that listens."""
    roll = Roll()
    server = await asyncio.start_server(roll._meet, "127.0.0.1", 0)
    roll.port = server.sockets[0].getsockname()[1]
    try:
        yield roll
    finally:
        server.close()
        await server.wait_closed()


_CHILD = """
import os, signal, socket, sys
line = socket.create_connection(("127.0.0.1", {port}))
def on_term(*_):
    line.sendall(b"asked to end")
    {at_term}
signal.signal(signal.SIGTERM, on_term)
line.sendall(b"%d\\n" % os.getpid())
while True:
    signal.pause()
"""
