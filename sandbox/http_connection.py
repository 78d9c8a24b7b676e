"""One server-side HTTP/1.1 connection on h11, so that it can be broken below HTTP."""

import asyncio
import contextlib
import socket
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass

import h11

_CHUNK = 65536
_BODILESS = frozenset({204, 304})


@dataclass(frozen=True)
class Head:
    """What is known of a request before its body is read."""

    method: str
    path: str
    headers: dict[str, str]
    first_byte_at: float

    @property
    def webhook_id(self) -> str:
        """The `webhook-id` header, or the empty string."""
        return self.headers.get("webhook-id", "")


class HttpConnection:
    """Reads requests and answers them, properly or not."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._http = h11.Connection(h11.SERVER)
        self._first_byte_at = 0.0

    async def read_head(self) -> Head | None:
        """Wait for the next request's head; None when the client has closed."""
        self._first_byte_at = time.time() if self._http.trailing_data[0] else 0.0
        event = await self._next_event()
        if not isinstance(event, h11.Request):
            return None
        headers = {name.decode(): value.decode("latin-1") for name, value in event.headers}
        method, path = event.method.decode(), event.target.decode("latin-1")
        return Head(method, path, headers, self._first_byte_at)

    async def read_body(self) -> bytes:
        """Read the body of the request whose head has been read."""
        parts: list[bytes] = []
        while isinstance(event := await self._next_event(), h11.Data):
            parts.append(bytes(event.data))
        return b"".join(parts)

    async def respond(
        self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> None:
        """Answer in one piece."""
        body = b"" if status in _BODILESS else body
        self._write(self._head(status, len(body), headers or {}) + self._rest(body))
        await self._writer.drain()

    async def drip(self, status: int, body: bytes, pause_s: float) -> None:
        """Answer the head at once, then the body byte by byte."""
        self._write(self._head(status, len(body), {}))
        for index in range(len(body)):
            await self._writer.drain()
            await asyncio.sleep(pause_s)
            self._write(self._http.send(h11.Data(data=body[index : index + 1])) or b"")
        self._write(self._http.send(h11.EndOfMessage()) or b"")
        await self._writer.drain()

    async def send_raw(self, data: bytes) -> None:
        """Send bytes as they are, HTTP or not."""
        self._write(data)
        await self._writer.drain()

    async def client_leaves(self) -> None:
        """Return when the client has closed its side."""
        with contextlib.suppress(ConnectionError):
            while data := await self._reader.read(_CHUNK):
                self._http.receive_data(data)

    def ready_for_another(self) -> bool:
        """Go on to the next request where both sides keep the connection alive."""
        if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
            return False
        self._http.start_next_cycle()
        return True

    def reset(self) -> None:
        """Tear the connection down with a TCP RST."""
        plain_socket = self._writer.get_extra_info("socket")
        plain_socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    async def close(self, *, patience_s: float = 1.0) -> None:
        """Close in good order, or without ceremony when the client does not play along."""
        self._writer.close()
        try:
            async with asyncio.timeout(patience_s):
                await self._writer.wait_closed()
        except (TimeoutError, OSError):
            self._writer.transport.abort()

    async def abort(self) -> None:
        """Drop the connection at once."""
        self._writer.transport.abort()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    def _head(self, status: int, length: int, headers: Mapping[str, str]) -> bytes:
        fields = list(headers.items())
        if status not in _BODILESS:
            fields.append(("content-length", str(length)))
        response = h11.Response(status_code=status, headers=fields, reason=b"")
        return self._http.send(response) or b""

    def _rest(self, body: bytes) -> bytes:
        data = self._http.send(h11.Data(data=body)) or b"" if body else b""
        return data + (self._http.send(h11.EndOfMessage()) or b"")

    def _write(self, data: bytes) -> None:
        if self._writer.is_closing():
            raise ConnectionResetError("the client has left")
        self._writer.write(data)

    async def _next_event(self) -> object:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            data = await self._reader.read(_CHUNK)
            self._first_byte_at = self._first_byte_at or time.time()
            self._http.receive_data(data)
        return event
