"""HTTP over kept-alive connections, with as little CPU of its own as it can.

A full HTTP client costs about as much CPU as the API it would measure, on the same cores.
"""

import asyncio
import re
import time
from contextlib import suppress
from dataclasses import dataclass

from commands.ports import LOOPBACK

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_LOCATION = re.compile(rb"\r\nlocation: *([^\r]+)", re.IGNORECASE)
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"
_IDLE_S = 2.0  # uvicorn closes idle connections after 5 s
_LIMIT_S = 30.0


@dataclass(frozen=True)
class Answer:
    """An answer, and the moment (seconds since 1970) at which all of it was read; `location` is
    where it leads on to."""

    status: int
    body: bytes
    read_at: float
    location: str | None = None

    @property
    def words(self) -> str:
        """The beginning of it, for an error."""
        return f"{self.status}: {self.body[:500].decode(errors='replace')}"


@dataclass
class _Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    used_at: float = 0.0


class Wire:
    """Asks one server on this machine, over another connection whenever all are in use."""

    def __init__(self, port: int, key: str) -> None:
        self._port = port
        self._head = f"host: {LOOPBACK}:{port}\r\nauthorization: Bearer {key}\r\n"
        self._idle: list[_Connection] = []

    async def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        cookie: str | None = None,
        client: str | None = None,
        *,
        is_form: bool = False,
    ) -> Answer:
        """Send a request and read its answer, whatever its status. `client` is the address that a
        proxy in front would name; a body is JSON, or a form's."""
        kept = f"cookie: {cookie}\r\n" if cookie else ""
        kept += f"x-forwarded-for: {client}\r\n" if client else ""
        kept += f"content-type: {_FORM if is_form else _JSON}\r\n"
        length = f"content-length: {len(body)}\r\n\r\n"
        head = f"{method} {path} HTTP/1.1\r\n{self._head}{kept}{length}"
        async with asyncio.timeout(_LIMIT_S):
            connection = await self._connection()
            try:
                connection.writer.write(head.encode())
                connection.writer.write(body)
                answer_head = await connection.reader.readuntil(b"\r\n\r\n")
                size = _LENGTH.search(answer_head)
                answer = await connection.reader.readexactly(int(size.group(1)) if size else 0)
            except BaseException:
                connection.writer.close()
                raise
        connection.used_at = time.time()
        self._idle.append(connection)
        status, location = int(answer_head.split(maxsplit=2)[1]), _LOCATION.search(answer_head)
        place = location.group(1).decode() if location else None
        return Answer(status, answer, connection.used_at, place)

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
