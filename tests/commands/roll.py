"""A roll of who lives: children report to it, and it sees them go.

Loaded by programs that tests start, so it loads nothing of ours.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


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
