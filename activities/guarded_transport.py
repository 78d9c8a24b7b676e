"""httpx over connections that were checked: resolve, judge, connect to the judged address.

There is no second look-up between the check and the connection, so a name that changes its
answer meanwhile gains nothing. The TLS name and the Host header stay the partner's own.
"""

import ssl

import httpcore
import httpx

from activities.guarded_network import GuardedBackend
from activities.watched_connection import ReusedConnectionBroke, WatchedPool
from contracts.endpoints.network_guard import NetworkGuard, Resolve

_MOST_KEPT_ALIVE = 200


class WebhookTransport(httpx.AsyncBaseTransport):
    """Sends requests over guarded connections, HTTP/1.1 only (decision 0024).

    Only the pool for https reaches the public internet. What a reused connection breaks before one
    byte of the response has come is sent once more, at once, on a new connection.
    """

    def __init__(self, guard: NetworkGuard, resolve: Resolve, context: ssl.SSLContext) -> None:
        def transport(scheme: str, keep: int) -> httpx.AsyncBaseTransport:
            backend = GuardedBackend(guard, resolve, encrypted=scheme == "https")
            return PoolTransport(backend, context, keep)

        self._kept = {one: transport(one, _MOST_KEPT_ALIVE) for one in ("https", "http")}
        self._new = {one: transport(one, 0) for one in ("https", "http")}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it; httpx's and httpcore's errors, and those of TLS, come through."""
        try:
            return await self._kept[request.url.scheme].handle_async_request(request)
        except ReusedConnectionBroke:
            return await self._new[request.url.scheme].handle_async_request(request)

    async def aclose(self) -> None:
        """Close the kept connections."""
        for transport in (*self._kept.values(), *self._new.values()):
            await transport.aclose()


class PoolTransport(httpx.AsyncHTTPTransport):
    """httpx's own transport over a pool of watched connections."""

    def __init__(
        self, backend: httpcore.AsyncNetworkBackend, context: ssl.SSLContext, keep: int
    ) -> None:
        super().__init__(verify=context, trust_env=False)
        # httpx has no public way to hand it a pool; the tests see it work.
        self._pool = WatchedPool(backend, context, keep)
