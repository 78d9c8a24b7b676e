"""HTTP/1.1 connections that keep the first bytes of each response, and are reused with care.

httpcore raises for a response whose head it cannot read and drops what had come of it. Here the
bytes are kept beside it, in the `Received` that travels with the request, so that a status line
that came is known whatever came after it.
"""

import ssl
import time

import httpcore

from activities.response_start import Received
from activities.tapped_stream import Tap, TappedBackend

RECEIVED = "received"
"""The request extension under which a request carries its `Received`."""

KEPT_ALIVE_S = 4.0
"""Seconds an idle connection is kept: fewer than the 5 s of Node, Apache and uvicorn, so that we
close it before they do. Servers that close sooner are met by the one repeat."""

LONGEST_LIFE_S = 60.0
"""Seconds after which a connection takes no more requests, however busy: a merchant who moves to
another address is followed within them."""

_BROKEN = (httpcore.ReadError, httpcore.WriteError, httpcore.RemoteProtocolError, ssl.SSLError)
_NOT_IN_TIME = 408


class ReusedConnectionBroke(Exception):
    """A kept connection was closed or reset before one byte of the response came, or ended by 408:
    it was most likely closed for being idle while the request was on its way."""


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
        self._made_at = time.monotonic()
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
            response = await super().handle_async_request(request)
        except _BROKEN as error:
            if reused and not received:
                raise ReusedConnectionBroke from error
            raise
        finally:
            self._starting = False
        if reused and _says_idle(response):
            await response.aclose()
            received.clear()
            raise ReusedConnectionBroke
        return response

    def is_available(self) -> bool:
        """Whether the pool may give it to another request."""
        return super().is_available() and not self._starting

    def has_expired(self) -> bool:
        """Whether it must not be used again: also when it is old, and when more has come than the
        last response, which the next request would take for its own.
        """
        if super().has_expired():
            return True
        is_old = time.monotonic() - self._made_at > LONGEST_LIFE_S
        return self.is_idle() and (is_old or self._has_surplus())

    def _has_surplus(self) -> bool:
        inner = self._connection
        if not isinstance(inner, httpcore.AsyncHTTP11Connection):
            return False
        # httpcore shows nothing of its parser; a test sees that this is where the surplus lies.
        return bool(inner._h11_state.trailing_data[0])


def _says_idle(response: httpcore.Response) -> bool:
    """Whether the server closes because no request had come in time (RFC 9110, 15.5.9)."""
    closes = (b"connection", b"close")
    named = ((name.lower(), value.strip().lower()) for name, value in response.headers)
    return response.status == _NOT_IN_TIME and closes in named
