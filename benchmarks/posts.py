"""Posts events over kept-alive connections, with as little CPU of its own as it can.

A full HTTP client costs about as much CPU as the API it would measure, on the same cores.
"""

import asyncio
import re
import time
from contextlib import suppress
from dataclasses import dataclass

from commands.ports import LOOPBACK

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_IDLE_S = 2.0  # uvicorn closes idle connections after 5 s
_LIMIT_S = 30.0


class Refused(RuntimeError):
    """The API did not answer 202."""


@dataclass
class _Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    used_at: float = 0.0


class EventPoster:
    """Posts to `/v1/events`, over another connection whenever all are in use.

    `taken` counts the events that were answered 202.
    """

    def __init__(self, port: int, operator_key: str) -> None:
        self._port = port
        self._head = (
            f"POST /v1/events HTTP/1.1\r\nhost: {LOOPBACK}:{port}\r\n"
            f"authorization: Bearer {operator_key}\r\ncontent-type: application/json\r\n"
        )
        self.taken = 0
        self._idle: list[_Connection] = []

    async def post(self, body: bytes) -> float:
        """Post one event; gives the moment at which the 202 was read. Refused for other answers."""
        async with asyncio.timeout(_LIMIT_S):
            connection = await self._connection()
            connection.writer.write(f"{self._head}content-length: {len(body)}\r\n\r\n".encode())
            connection.writer.write(body)
            head = await connection.reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            answer = await connection.reader.readexactly(int(length.group(1)) if length else 0)
        accepted_at = connection.used_at = time.time()
        self._idle.append(connection)
        status_line = head.partition(b"\r\n")[0]
        if not status_line.startswith(b"HTTP/1.1 202"):
            raise Refused(f"{status_line.decode()}: {answer[:500].decode(errors='replace')}")
        self.taken += 1
        return accepted_at

    async def aclose(self) -> None:
        """Close the kept connections."""
        while self._idle:
            await _close(self._idle.pop())

    async def _connection(self) -> _Connection:
        while self._idle:
            connection = self._idle.pop()
            if time.time() - connection.used_at < _IDLE_S:
                return connection
            await _close(connection)
        return _Connection(*await asyncio.open_connection(LOOPBACK, self._port))


async def _close(connection: _Connection) -> None:
    connection.writer.close()
    with suppress(OSError):
        await connection.writer.wait_closed()
