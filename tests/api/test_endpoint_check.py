"""Looking up where a saved URL leads: bounded for each caller, and our faults are not the URL's."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from api.dependencies import Parts
from api.endpoint_check import EndpointCheck
from contracts.endpoints.network_guard import NameServerSilent, NetworkGuard
from contracts.errors import Busy, Invalid, NameServerUnavailable
from tests.support.stack import Stack

URL = "https://hooks.shop.example/doorstep"
PUBLIC = "93.184.216.34"


class Names:
    """Names of which some hang until they are let go."""

    def __init__(self) -> None:
        self.released, self.is_asked = asyncio.Event(), asyncio.Event()
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """A name with `hanging` in it hangs."""
        self.asked.append(host)
        self.is_asked.set()
        if "hanging" in host:
            await self.released.wait()
            raise OSError("the name does not resolve")
        return [PUBLIC]


def hanging(number: int) -> str:
    return f"https://{number}.hanging.example/"


class TestManyAtOnce:
    async def test_one_caller_s_hanging_names_are_bounded_and_nobody_else_s_matter(self) -> None:
        names = Names()
        check = EndpointCheck(NetworkGuard(), names)
        saves = [
            asyncio.create_task(check.require_reachable(hanging(number), caller="noisy"))
            for number in range(8)
        ]
        await check.require_reachable(URL, caller="quiet")
        refused, _ = await asyncio.wait(saves, return_when=asyncio.FIRST_COMPLETED)
        assert [type(one.exception()) for one in refused] == [Busy] * 4
        names.released.set()
        ended = await asyncio.gather(*saves, return_exceptions=True)
        assert sum(isinstance(one, Invalid) for one in ended) == 4
        await check.require_reachable(URL, caller="noisy")

    async def test_people_sign_in_meanwhile(self, stack: Stack) -> None:
        assert stack.app is not None
        names, parts = Names(), stack.app.state.parts
        stack.app.state.parts = replace(parts, endpoint_check=EndpointCheck(NetworkGuard(), names))
        await stack.add_partner()
        body = {"partner_id": "shop", "url": hanging(1)}
        saving = asyncio.create_task(stack.api.post("/v1/endpoints", json=body))
        await names.is_asked.wait()
        sign_in: Parts = stack.app.state.parts
        assert await sign_in.sign_in.hashed("a password like no other")
        assert not saving.done()
        names.released.set()
        assert (await saving).status_code == 422


class TestWhoseFaultItIs:
    async def test_our_own_name_server_is_a_503_and_says_so(self, stack: Stack) -> None:
        async def silent(host: str, port: int) -> Sequence[str]:
            raise NameServerSilent

        assert stack.app is not None
        check = EndpointCheck(NetworkGuard(), silent)
        with pytest.raises(NameServerUnavailable):
            await check.require_reachable(URL, caller="shop")
        stack.app.state.parts = replace(stack.app.state.parts, endpoint_check=check)
        await stack.add_partner()
        answer = await stack.api.post("/v1/endpoints", json={"partner_id": "shop", "url": URL})
        assert (answer.status_code, "retry-after" in answer.headers) == (503, True)

    async def test_whoever_may_not_save_it_has_nothing_looked_up(self, stack: Stack) -> None:
        assert stack.app is not None
        names = Names()
        check = EndpointCheck(NetworkGuard(), names)
        stack.app.state.parts = replace(stack.app.state.parts, endpoint_check=check)
        create = await stack.api.post("/v1/endpoints", json={"partner_id": "none", "url": URL})
        change = await stack.api.patch("/v1/endpoints/ep_none", json={"url": URL})
        assert (create.status_code, change.status_code) == (422, 404)
        assert names.asked == []
