"""HTTP/1.1 connections that keep the first bytes of each response, and are reused with care.

httpcore raises for a response whose head it cannot read and drops what had come of it. Here the
bytes are kept beside it, in the `Received` that travels with the request, so that a status line
that came is known whatever came after it.
"""

import ssl

import httpcore

from activities.response_start import Received
from activities.tapped_stream import Tap, TappedBackend

RECEIVED = "received"
"""The request extension under which a request carries its `Received`."""

KEPT_ALIVE_S = 4.0
"""Seconds an idle connection is kept: fewer than the 5 s of Node, Apache and uvicorn, so that we
close it before they do. Servers that close sooner are met by the one repeat."""

_BROKEN = (httpcore.ReadError, httpcore.WriteError, httpcore.RemoteProtocolError)


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
        self._tap = Tap()
        self._used = self._starting = False
        super().__init__(
            origin,
            ssl_context=context,
            keepalive_expiry=KEPT_ALIVE_S,
            network_backend=TappedBackend(backend, self._tap),
        )

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Make the exchange up to the response's head."""
        if self._starting or (self._used and not self.is_idle()):
            raise httpcore.ConnectionNotAvailable  # the pool gave it to two requests at once
        received: Received = request.extensions.get(RECEIVED, Received())
        self._tap.begin(received)
        reused, self._used, self._starting = self._used, True, True
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
