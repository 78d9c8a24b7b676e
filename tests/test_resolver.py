"""Looking names up: at a real name server that knows them, does not, fails or keeps silent."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress

import pytest

from contracts.endpoints.network_guard import NameServerSilent
from resolver import NameLookUps
from tests.support.dns import NameServer, name_server

SHOP, HANGING, FAILING = "hooks.shop.example", "hanging.example", "failing.example"
TIME_LIMIT = 0.5
V4, V6 = "93.184.216.34", "2606:4700:4700::1111"


@pytest.fixture
def server() -> Iterator[NameServer]:
    with name_server({SHOP: [[V4, V6]]}, silent=[HANGING], failing=[FAILING]) as server:
        yield server


@asynccontextmanager
async def look_ups_at(*addresses: str) -> AsyncIterator[NameLookUps]:
    look_ups = NameLookUps(addresses, time_limit=TIME_LIMIT)
    yield look_ups
    await look_ups.aclose()


@pytest.fixture
async def look_ups(server: NameServer) -> AsyncIterator[NameLookUps]:
    async with look_ups_at(server.address) as look_ups:
        yield look_ups


class TestANameThatIsKnown:
    async def test_all_its_addresses(self, look_ups: NameLookUps) -> None:
        assert set(await look_ups(SHOP, 443)) == {V4, V6}

    async def test_an_address_is_its_own_answer(
        self, look_ups: NameLookUps, server: NameServer
    ) -> None:
        assert list(await look_ups("192.0.2.7", 443)) == ["192.0.2.7"]
        assert list(await look_ups("2001:db8::1", 443)) == ["2001:db8::1"]
        assert server.asked == []

    async def test_this_machine_is_known_without_asking(
        self, look_ups: NameLookUps, server: NameServer
    ) -> None:
        assert list(await look_ups("localhost", 443)) == ["127.0.0.1"]
        assert server.asked == []

    async def test_many_who_ask_at_once_and_soon_after_are_one_question(
        self, look_ups: NameLookUps, server: NameServer
    ) -> None:
        await asyncio.gather(*(look_ups(SHOP, 443) for _ in range(50)))
        asked = len(server.asked)
        await look_ups(SHOP, 8443)
        assert len(server.asked) == asked <= 2, "one for each family"

    async def test_it_is_taken_as_absolute(self, look_ups: NameLookUps, server: NameServer) -> None:
        with pytest.raises(OSError, match="does not resolve"):
            await look_ups("shop", 443)
        assert set(server.asked) == {"shop"}

    async def test_one_that_comes_late_from_a_server_that_is_quick_else(
        self, server: NameServer
    ) -> None:
        """The DNS library expects of a server what it is used to: here a few milliseconds."""
        look_ups = NameLookUps([server.address])
        for number in range(8):
            with suppress(OSError):
                await look_ups(f"{number}.example", 443)
        server.unheard[SHOP] = 4  # both questions, twice
        assert V4 in await look_ups(SHOP, 443)
        await look_ups.aclose()


@pytest.mark.extended
class TestANameThatIsNot:
    @pytest.mark.parametrize("name", ["nobody.example", HANGING, FAILING])
    async def test_it_is_the_name_s_own_fault_while_our_server_answers(
        self, look_ups: NameLookUps, name: str
    ) -> None:
        with pytest.raises(OSError, match="does not resolve") as caught:
            await look_ups(name, 443)
        assert not isinstance(caught.value, NameServerSilent)

    async def test_one_that_hangs_keeps_nobody_waiting(self, look_ups: NameLookUps) -> None:
        hanging = [asyncio.create_task(look_ups(f"{n}.{HANGING}", 443)) for n in range(200)]
        hanging += [asyncio.create_task(look_ups(HANGING, 443)) for _ in range(200)]
        assert V4 in await look_ups(SHOP, 443)
        assert not hanging[-1].done()
        await asyncio.gather(*hanging, return_exceptions=True)

    async def test_a_caller_who_gives_up_takes_it_from_nobody_else(
        self, look_ups: NameLookUps
    ) -> None:
        impatient = asyncio.create_task(look_ups(SHOP, 443))
        patient = asyncio.create_task(look_ups(SHOP, 443))
        await asyncio.sleep(0)
        impatient.cancel()
        assert V4 in await patient


class TestOurOwnNameServer:
    async def test_one_that_is_silent_is_no_fault_of_the_name(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nobody:
            nobody.bind(("127.0.0.1", 0))
            async with look_ups_at(f"127.0.0.1:{nobody.getsockname()[1]}") as look_ups:
                with pytest.raises(NameServerSilent):
                    await look_ups(SHOP, 443)

    async def test_nor_is_one_that_is_gone(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as gone:
            gone.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{gone.getsockname()[1]}"
        async with look_ups_at(address) as look_ups:
            with pytest.raises(NameServerSilent):
                await look_ups(SHOP, 443)

    async def test_the_second_one_is_asked_where_the_first_is_gone(
        self, server: NameServer
    ) -> None:
        async with look_ups_at("127.0.0.9:9", server.address) as look_ups:
            assert V4 in await look_ups(SHOP, 443)
