"""The way to the identity provider: bounded in time and size, and to nowhere else."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI

from contracts.access.identity_provider import IdentityRefusal, IdentityRefused
from provider_http import ProviderHttp
from sandbox.tls import LocalAuthority, self_signed
from tests.support.asking_provider import asking_provider
from tests.support.dns import name_server
from tests.support.serving import serving


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[str]:
    """A server that answers every request with these bytes, and then says no more."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/keys"


@pytest.fixture
async def ask() -> AsyncIterator[ProviderHttp]:
    async with asking_provider(0.5) as ask:
        yield ask


def answer(status: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@pytest.mark.parametrize(
    ("body", "wanted"), [(b'{"keys": []}', {"keys": []}), (b"[1]", {}), (b"<p>", {}), (b"", {})]
)
async def test_an_object_is_read_and_everything_else_is_empty(
    ask: ProviderHttp, body: bytes, wanted: dict[str, list[str]]
) -> None:
    async with answering(answer("200 OK", body)) as url:
        got = await ask.get(url)
    assert (got.status, got.body) == (200, wanted)


async def test_a_redirect_is_not_followed(ask: ProviderHttp) -> None:
    async with answering(answer("302 Found", b"", "location: http://127.0.0.1:1/")) as url:
        assert (await ask.get(url)).status == 302


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"", "(Read)?Timeout"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{", "(Read)?Timeout"),
        (b"nonsense\r\n\r\n", "RemoteProtocolError"),
        (answer("200 OK", b"x" * 1_100_000), "an answer that does not end"),
    ],
    ids=["silent", "stops", "no HTTP", "too long"],
)
async def test_what_gives_nothing_is_away(ask: ProviderHttp, said: bytes, why: str) -> None:
    async with answering(said) as url:
        with pytest.raises(IdentityRefused, match=why) as refused:
            await ask.get(url)
    assert refused.value.refusal is IdentityRefusal.AWAY


async def test_a_certificate_that_nobody_vouches_for_is_refused(
    ask: ProviderHttp, tmp_path: Path
) -> None:
    async with serving(FastAPI(), self_signed()) as url:
        with pytest.raises(IdentityRefused, match="ConnectError"):
            await ask.get(f"{url}/openapi.json")
    authority = LocalAuthority(tmp_path / "authority.pem")
    async with (
        asking_provider(ca_file=authority.ca_file) as trusting,
        serving(FastAPI(), authority.issue()) as url,
    ):
        assert (await trusting.get(f"{url}/openapi.json")).status == 200


async def test_a_name_server_that_hangs_takes_no_thread() -> None:
    """Customers' tracking pages are made in the threads that look-ups of the system would hold."""
    before = set(threading.enumerate())
    with name_server({"sso.example": [["127.0.0.1"]]}, silent=["hangs.example"]) as server:
        async with (
            asking_provider(0.5, name_servers=[server.address]) as ask,
            answering(answer("200 OK", b"{}")) as url,
        ):
            many = [ask.get("http://hangs.example/keys") for _ in range(40)]
            refused = asyncio.gather(*many, return_exceptions=True)
            assert await asyncio.to_thread(lambda: "a page") == "a page"
            assert not refused.done()
            known = url.replace("127.0.0.1", "sso.example")
            assert (await ask.get(known)).status == 200
            assert all(isinstance(one, IdentityRefused) for one in await refused)
            made = [one for one in threading.enumerate() if one not in before]
    assert len([one for one in made if one.name.startswith("asyncio_")]) <= 1, "for the page"
