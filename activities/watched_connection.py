"""HTTP/1.1 connections that keep the first bytes of each response, and are reused with care.

httpcore raises for a response whose head it cannot read and drops what had come of it. Here the
bytes are kept beside it, in the `Received` that travels with the request, so that a status line
that came is known whatever came after it.
"""

import ssl
from collections.abc import Iterable
from typing import Any

import httpcore

RECEIVED = "received"
"""The request extension under which a request carries its `Received`."""

KEPT_ALIVE_S = 4.0
"""Seconds an idle connection is kept: fewer than the 5 s of Node, Apache and uvicorn, so that we
close it before they do. Servers that close sooner are met by the one repeat."""

_KEPT_BYTES = 16 * 1024
_BROKEN = (httpcore.ReadError, httpcore.WriteError, httpcore.RemoteProtocolError)


class Received(bytearray):
    """The first 16 KiB that came back for one request, TLS taken off."""

    def note(self, data: bytes) -> None:
        """Keep what there is room for."""
        self.extend(data[: max(_KEPT_BYTES - len(self), 0)])


class ReusedConnectionBroke(Exception):
    """A kept connection was closed or reset before one byte of the response came: it was most
    likely closed for being idle while the request was on its way."""


class WatchedPool(httpcore.AsyncConnectionPool):
    """A pool of watched connections. `keep`: how many idle ones are kept; 0 makes each a new one.

    It has no limit of its own, for the worker's slots are one: a request that waits in httpcore's
    queue and is cancelled there can leave a connection behind that nobody uses or closes.
    """

    def __init__(
        self, backend: httpcore.AsyncNetworkBackend, context: ssl.SSLContext, keep: int
    ) -> None:
        super().__init__(
            ssl_context=context,
            max_connections=None,
            max_keepalive_connections=keep,
            keepalive_expiry=KEPT_ALIVE_S,
            network_backend=backend,
        )
        self._watched_backend, self._watched_context = backend, context

    def create_connection(self, origin: httpcore.Origin) -> httpcore.AsyncConnectionInterface:
        """Open a connection, called by the pool."""
        return _WatchedConnection(origin, self._watched_context, self._watched_backend)


class _WatchedConnection(httpcore.AsyncHTTPConnection):
    """One connection, which serves one request at a time."""

    def __init__(
        self,
        origin: httpcore.Origin,
        context: ssl.SSLContext,
        backend: httpcore.AsyncNetworkBackend,
    ) -> None:
        self._tap = _Tap()
        self._used = self._starting = False
        super().__init__(
            origin,
            ssl_context=context,
            keepalive_expiry=KEPT_ALIVE_S,
            network_backend=_TappedBackend(backend, self._tap),
        )

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Make the exchange up to the response's head."""
        if self._starting or (self._used and not self.is_idle()):
            raise httpcore.ConnectionNotAvailable  # the pool gave it to two requests at once
        received: Received = request.extensions.get(RECEIVED, Received())
        self._tap.received, self._starting = received, True
        reused, self._used = self._used, True
        try:
            return await super().handle_async_request(request)
        except _BROKEN as error:
            if reused and not received:
                raise ReusedConnectionBroke from error
            raise
        finally:
            self._starting = False

    def is_available(self) -> bool:
        """Whether the pool may give it to another request."""
        return super().is_available() and not self._starting

    def has_expired(self) -> bool:
        """Whether it must not be used again: also when more has come than the last response.

        The next request would take that for its own response.
        """
        return super().has_expired() or (self.is_idle() and self._has_surplus())

    def _has_surplus(self) -> bool:
        inner = self._connection
        if not isinstance(inner, httpcore.AsyncHTTP11Connection):
            return False
        # httpcore shows nothing of its parser; a test sees that this is where the surplus lies.
        return bool(inner._h11_state.trailing_data[0])


class _Tap:
    """Where the bytes of a connection are noted: in the `Received` of its present request."""

    def __init__(self) -> None:
        self.received = Received()


class _TappedBackend(httpcore.AsyncNetworkBackend):
    """Opens the streams of one connection."""

    def __init__(self, backend: httpcore.AsyncNetworkBackend, tap: _Tap) -> None:
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
    """A stream that notes what is read."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, tap: _Tap) -> None:
        self._stream, self._tap = stream, tap

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read, and note it."""
        data = await self._stream.read(max_bytes, timeout)
        self._tap.received.note(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write."""
        await self._stream.write(buffer, timeout)

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
