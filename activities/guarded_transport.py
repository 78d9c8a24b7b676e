"""httpx over connections that were checked: resolve, judge, connect to the judged address.

There is no second look-up between the check and the connection, so a name that changes its
answer meanwhile gains nothing. The TLS name and the Host header stay the partner's own.
"""

import ssl
from collections.abc import Iterable, Sequence
from typing import Any

import httpcore
import httpx

from contracts.endpoint_url import is_inside_name
from contracts.network_guard import NetworkGuard, Resolve

_MOST_CONNECTIONS = 1_000
_MOST_KEPT_ALIVE = 200
_KEPT_ALIVE_S = 30.0


class ForbiddenAddress(Exception):
    """The endpoint's name leads to an address that webhooks must not reach."""


class GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's own transport over a pool whose every connection passes the network guard."""

    def __init__(
        self, guard: NetworkGuard, resolve: Resolve, context: ssl.SSLContext, *, encrypted: bool
    ) -> None:
        super().__init__(verify=context, trust_env=False)
        # httpx has no public way to hand a network backend to its pool; the tests see it work.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=_MOST_CONNECTIONS,
            max_keepalive_connections=_MOST_KEPT_ALIVE,
            keepalive_expiry=_KEPT_ALIVE_S,
            http2=encrypted,
            network_backend=_GuardedBackend(guard, resolve, encrypted),
        )


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
