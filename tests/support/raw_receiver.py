"""A receiver on raw sockets, to answer what no HTTP library would let it."""

import asyncio
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from tests.support.listener import read_request


class Peer:
    """One connection, from the receiver's side; `number` counts them from 1."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int
    ) -> None:
        self.reader, self.writer, self.number = reader, writer, number

    async def send(self, data: bytes) -> None:
        """Send these bytes."""
        self.writer.write(data)
        await self.writer.drain()

    async def request(self) -> bytes:
        """The next request; nothing when the client has closed."""
        return await read_request(self.reader)

    async def left(self) -> None:
        """Wait until the client has closed its side."""
        while await self.reader.read(65536):
            pass

    def reset(self) -> None:
        """End it with a TCP RST."""
        plain = self.writer.get_extra_info("socket")
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Script = Callable[[Peer], Awaitable[None]]


class RawReceiver:
    """Runs a script for each connection on 127.0.0.1, or all of this machine's addresses with
    `host="0.0.0.0"`, and then closes it."""

    def __init__(
        self, script: Script, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
    ) -> None:
        self.peers: list[Peer] = []
        self.closed = 0
        self.url = ""
        self._script, self._tls, self._host = script, tls, host
        self._server: asyncio.Server | None = None
        self._running: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        """Listen."""
        self._server = await asyncio.start_server(self._serve, self._host, 0, ssl=self._tls)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"{'https' if self._tls else 'http'}://127.0.0.1:{port}/hook"
        return self

    async def __aexit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop and drop every connection."""
        assert self._server is not None
        self._server.close()
        for task in self._running:
            task.cancel()
        for peer in self.peers:
            peer.writer.transport.abort()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        peer = Peer(reader, writer, len(self.peers) + 1)
        self.peers.append(peer)
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._script(peer)
        except asyncio.CancelledError:
            pass
        finally:
            self.closed += 1
            self._running.discard(task)
            writer.close()
