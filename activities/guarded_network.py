"""TCP connections to addresses that were judged: resolve, judge, connect to a judged address."""

import asyncio
from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest
from typing import Any

import httpcore

from contracts.endpoints.network_guard import NameServerSilent, NetworkGuard, Resolve
from contracts.endpoints.url import is_inside_name

_MOST_FOR_ONE_S = 2.0
"""An address that does not answer in this time gives way to the next: room for one more SYN."""


class ForbiddenAddress(Exception):
    """The endpoint's name leads to an address that webhooks must not reach."""


class NameUnknown(httpcore.ConnectError):
    """The endpoint's name has no address, or its own name servers do not say which."""


class ResolverUnavailable(httpcore.ConnectError):
    """Our own name server does not answer: no fault of the endpoint."""


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens TCP connections to addresses that the guard allows, and to nothing else."""

    def __init__(self, guard: NetworkGuard, resolve: Resolve, *, encrypted: bool) -> None:
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
        """Connect to the first address of `host` that answers; refuse if any is forbidden.

        Each address has its share of the time, so that a dead one does not use it up.
        """
        addresses = await self._addresses(host, port)
        public = self._encrypted and not is_inside_name(host)
        if not self._guard.allows_all(addresses, public=public):
            raise ForbiddenAddress
        *others, last = in_turn(addresses)
        clock = asyncio.get_running_loop().time
        until = None if timeout is None else clock() + timeout
        for number, address in enumerate(others):
            left = _MOST_FOR_ONE_S if until is None else until - clock()
            share = min(_MOST_FOR_ONE_S, max(left, 0.0) / (len(addresses) - number))
            try:
                return await self._tcp.connect_tcp(
                    address, port, share, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        left_for_last = None if until is None else max(until - clock(), 0.0)
        return await self._tcp.connect_tcp(last, port, left_for_last, local_address, socket_options)

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
        """Every address of a name, looked up once."""
        try:
            return await self._resolve(host, port)
        except NameServerSilent as error:
            raise ResolverUnavailable("our name server does not answer") from error
        except (OSError, UnicodeError) as error:
            raise NameUnknown("the name does not resolve") from error


def in_turn(addresses: Sequence[str]) -> list[str]:
    """The addresses with their families by turns, the first one's first: where one family leads
    nowhere, the other is soon tried (RFC 8305, section 4)."""
    first_is_v6 = ":" in addresses[0]
    alike = [one for one in addresses if (":" in one) is first_is_v6]
    others = [one for one in addresses if (":" in one) is not first_is_v6]
    by_turns = chain.from_iterable(zip_longest(alike, others))
    return [one for one in by_turns if one is not None]
