"""httpx over connections that were checked: resolve, judge, connect to the judged address.

There is no second look-up between the check and the connection, so a name that changes its
answer meanwhile gains nothing. The TLS name and the Host header stay the partner's own.
"""

import ssl
from collections.abc import Iterable, Sequence
from typing import Any

import httpcore
import httpx

from activities.watched_connection import ReusedConnectionBroke, WatchedPool
from contracts.endpoint_url import is_inside_name
from contracts.network_guard import NetworkGuard, Resolve

_MOST_KEPT_ALIVE = 200


class ForbiddenAddress(Exception):
    """The endpoint's name leads to an address that webhooks must not reach."""


class WebhookTransport(httpx.AsyncBaseTransport):
    """Sends requests over guarded connections, HTTP/1.1 only (decision 0024).

    Only the pool for https reaches the public internet. What a reused connection breaks before one
    byte of the response has come is sent once more, at once, on a new connection.
    """

    def __init__(self, guard: NetworkGuard, resolve: Resolve, context: ssl.SSLContext) -> None:
        def transport(scheme: str, keep: int) -> httpx.AsyncBaseTransport:
            backend = _GuardedBackend(guard, resolve, encrypted=scheme == "https")
            return _PoolTransport(backend, context, keep)

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


class _PoolTransport(httpx.AsyncHTTPTransport):
    """httpx's own transport over a pool of watched connections."""

    def __init__(
        self, backend: httpcore.AsyncNetworkBackend, context: ssl.SSLContext, keep: int
    ) -> None:
        super().__init__(verify=context, trust_env=False)
        # httpx has no public way to hand it a pool; the tests see it work.
        self._pool = WatchedPool(backend, context, keep)


class _GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens TCP connections to addresses that the guard allows, and to nothing else."""

    def __init__(self, guard: NetworkGuard, resolve: Resolve, encrypted: bool) -> None:
        self._guard = guard
        self._resolve = resolve
        self._encrypted = encrypted
        self._tcp = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of `host` that answers; refuse if any is forbidden."""
        addresses = await self._addresses(host, port)
        public = self._encrypted and not is_inside_name(host)
        if not self._guard.allows_all(addresses, public=public):
            raise ForbiddenAddress
        for address in addresses[:-1]:
            try:
                return await self._tcp.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except httpcore.ConnectError:
                continue
        return await self._tcp.connect_tcp(
            addresses[-1], port, timeout, local_address, socket_options
        )

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Never: a webhook does not go to a socket of this machine."""
        raise ForbiddenAddress

    async def sleep(self, seconds: float) -> None:
        """Wait, for the pool's own retries."""
        await self._tcp.sleep(seconds)

    async def _addresses(self, host: str, port: int) -> Sequence[str]:
        """Every address of a name, looked up once. httpcore's ConnectError when it has none."""
        try:
            return await self._resolve(host, port)
        except OSError as error:
            raise httpcore.ConnectError("the name does not resolve") from error
