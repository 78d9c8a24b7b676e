"""What goes over one connection, on its way to the HTTP library and from it."""

import ssl
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import httpcore

from activities.response_start import Received, ResponseStart


class Tap:
    """What goes over a connection for its present request: what is still to be sent, and what of
    the response has come."""

    def __init__(self) -> None:
        self.begin(Received())

    def begin(self, received: Received) -> None:
        """The next request begins; what comes for it is noted there."""
        self.start = ResponseStart(received)
        self.unsent = bytearray()


class TappedBackend(httpcore.AsyncNetworkBackend):
    """Opens the streams of one connection."""

    def __init__(self, backend: httpcore.AsyncNetworkBackend, tap: Tap) -> None:
        self._backend, self._tap = backend, tap

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect, and note what is read."""
        stream = await self._backend.connect_tcp(host, port, timeout, local_address, socket_options)
        return _TappedStream(stream, self._tap)

    async def sleep(self, seconds: float) -> None:
        """Wait, for httpcore's own retries."""
        await self._backend.sleep(seconds)


class _TappedStream(httpcore.AsyncNetworkStream):
    """A stream that notes what is read, and sends a request as a whole.

    Whoever answers before they have read it, and closes, resets the connection at its second part;
    the answer would be lost with it.
    """

    def __init__(self, stream: httpcore.AsyncNetworkStream, tap: Tap) -> None:
        self._stream, self._tap = stream, tap

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Send what was written, and read on to what says something."""
        with suppress(httpcore.WriteError):  # there may be an answer all the same
            await self._send(timeout)
        while True:
            seen = self._tap.start.take(await self._stream.read(max_bytes, timeout))
            if seen is not None:
                return seen

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write, to be sent with the rest of the request."""
        self._tap.unsent += buffer

    async def _send(self, timeout: float | None) -> None:
        unsent, self._tap.unsent = bytes(self._tap.unsent), bytearray()
        if unsent:
            await self._stream.write(unsent, timeout)

    async def aclose(self) -> None:
        """Close."""
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Put TLS on it; what is noted is what TLS carries."""
        stream = await self._stream.start_tls(ssl_context, server_hostname, timeout)
        return _TappedStream(stream, self._tap)

    def get_extra_info(self, info: str) -> Any:
        """What is known of the socket."""
        return self._stream.get_extra_info(info)
