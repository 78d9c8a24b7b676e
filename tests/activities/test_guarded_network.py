"""Connecting to the addresses of a name: each has its share of the time, all are judged first."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import httpcore
import pytest

from activities.guarded_network import (
    ForbiddenAddress,
    GuardedBackend,
    NameUnknown,
    ResolverUnavailable,
    in_turn,
)
from contracts.endpoints.network_guard import NameServerSilent
from sandbox.merchant import Merchant
from tests.support.parts import LOOPBACK

V4, OTHER_V4, V6, OTHER_V6 = "192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2"


@contextmanager
def dropping(host: str, port: int) -> Iterator[None]:
    """A listener whose queue is full: the kernel drops every further SYN."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        try:
            for one in waiting:
                one.setblocking(False)
                one.connect_ex((host, port))
            yield
        finally:
            for one in waiting:
                one.close()


def backend_of(*addresses: str) -> GuardedBackend:
    """A backend for which every name has these addresses."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        return addresses

    return GuardedBackend(LOOPBACK, resolve, encrypted=False)


class TestSeveralAddresses:
    async def test_one_that_drops_everything_gives_way_to_the_next(self) -> None:
        async with Merchant() as merchant:
            port = int(merchant.origin.rpartition(":")[2])
            with dropping("127.0.0.2", port):
                backend = backend_of("127.0.0.2", "127.0.0.1")
                stream = await backend.connect_tcp("shop.example", port, timeout=1)
            await stream.aclose()

    async def test_so_does_one_that_refuses(self) -> None:
        async with Merchant() as merchant:
            port = int(merchant.origin.rpartition(":")[2])
            backend = backend_of("127.0.0.3", "127.0.0.2", "127.0.0.1")
            stream = await backend.connect_tcp("shop.example", port, timeout=10)
            await stream.aclose()

    async def test_where_none_answers_the_last_one_s_error_comes_through(self) -> None:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            port = closed.getsockname()[1]
        with pytest.raises(httpcore.ConnectError):
            await backend_of("127.0.0.2", "127.0.0.1").connect_tcp("shop.example", port, 10)

    async def test_one_that_is_forbidden_forbids_all(self) -> None:
        with pytest.raises(ForbiddenAddress):
            await backend_of("127.0.0.1", "10.0.0.1").connect_tcp("shop.example", 443, 10)

    @pytest.mark.parametrize(
        ("addresses", "turns"),
        [
            ([V4], [V4]),
            ([V6, OTHER_V6, V4], [V6, V4, OTHER_V6]),
            ([V4, OTHER_V4, V6], [V4, V6, OTHER_V4]),
            ([V4, OTHER_V4], [V4, OTHER_V4]),
        ],
    )
    def test_the_families_take_turns(self, addresses: list[str], turns: list[str]) -> None:
        assert in_turn(addresses) == turns


class TestNamesThatLeadNowhere:
    @pytest.mark.parametrize(
        ("error", "raised"),
        [
            (socket.gaierror(socket.EAI_NONAME, "no such name"), NameUnknown),
            (UnicodeError("too long"), NameUnknown),
            (NameServerSilent(), ResolverUnavailable),
        ],
    )
    async def test_whose_fault_it_is(
        self, error: Exception, raised: type[httpcore.ConnectError]
    ) -> None:
        async def resolve(host: str, port: int) -> Sequence[str]:
            raise error

        backend = GuardedBackend(LOOPBACK, resolve, encrypted=True)
        with pytest.raises(raised):
            await backend.connect_tcp("shop.example", 443, 10)
