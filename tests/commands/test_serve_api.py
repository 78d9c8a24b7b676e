"""Serving the API: whose word on who a client is counts."""

import asyncio
import ipaddress
import socket

import httpx
import pytest
from fastapi import FastAPI, Request

from commands.serve_api import serve_app
from settings import Network, Settings

THIS_MACHINE, OTHER = "127.0.0.1", "127.0.0.2"
CLIENT = "203.0.113.7"


def mirror() -> FastAPI:
    """An app that says who it thinks the client is."""
    app = FastAPI()

    @app.get("/")
    async def client(request: Request) -> str:
        return request.client.host if request.client else ""

    return app


@pytest.mark.parametrize(
    ("proxies", "asked_from", "seen"),
    [
        ((), THIS_MACHINE, CLIENT),
        ((), OTHER, OTHER),
        ((ipaddress.ip_network("127.0.0.2/31"),), OTHER, CLIENT),
    ],
    ids=["this machine", "anybody", "a proxy that is named"],
)
async def test_only_a_proxy_says_who_the_client_is(
    proxies: tuple[Network, ...], asked_from: str, seen: str
) -> None:
    listening, stop = socket.create_server((THIS_MACHINE, 0)), asyncio.Event()
    serving = asyncio.create_task(serve_app(mirror(), listening, stop, proxies=proxies))
    transport = httpx.AsyncHTTPTransport(local_address=asked_from)
    async with httpx.AsyncClient(transport=transport) as client:
        answer = await client.get(
            f"http://{THIS_MACHINE}:{listening.getsockname()[1]}/",
            headers={"x-forwarded-for": CLIENT},
        )
    stop.set()
    await serving
    assert answer.json() == seen


def test_proxies_are_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORSTEP_PROXIES", "172.16.0.0/12, 10.1.2.3")
    assert list(map(str, Settings().proxies)) == ["172.16.0.0/12", "10.1.2.3/32"]
