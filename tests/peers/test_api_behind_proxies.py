"""The API behind real proxies, with the configurations that deploy/ shows."""

import asyncio
import ipaddress
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Request

from commands.serve_api import KEEP_ALIVE_S
from contracts.clock import utc_now
from store.db.database import Database
from store.tracking.links import LinkedOrder, link_token
from tests.deployment.deployment_files import ROOT
from tests.peers.proxies import haproxy_before, nginx_before
from tests.peers.served_api import AUTHORIZATION, Api, client_of, served_app
from tests.support.factories import make_event
from tests.support.waiting import eventually

CLIENTS, ROUNDS = 40, 10
OLD_LIMIT_S = 5.0
"""uvicorn's own limit, at which it closes a connection that a proxy may be about to use."""


@dataclass(frozen=True)
class Proxy:
    """Where a proxy listens, and a client that is signed in as the operator through it."""

    name: str
    port: int
    client: httpx.AsyncClient

    async def exchange(self, *parts: bytes) -> bytes:
        """Send a request piece by piece, with pauses, and read the answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.05)
        answer = await reader.read()
        writer.close()
        return answer


@pytest.fixture(params=["nginx", "haproxy"])
async def proxy(request: pytest.FixtureRequest, api: Api, tmp_path: Path) -> AsyncIterator[Proxy]:
    """Each proxy before the API, with a partner called `shop`."""
    partner = {"id": "shop", "name": "Chai Point", "tier": "growth"}
    assert (await api.client.post("/v1/partners", json=partner)).status_code == 201
    with before(request, api.port, tmp_path) as port:
        async with client_of(port) as client:
            await reaches_the_api(client)
            yield Proxy(request.param, port, client)


@contextmanager
def before(request: pytest.FixtureRequest, api: int, folder: Path) -> Iterator[int]:
    """The proxy that the test's parameter names, before the API on this port."""
    start = {"nginx": nginx_before, "haproxy": haproxy_before}[request.param]
    with start(api, request.getfixturevalue(f"{request.param}_program"), folder) as port:
        yield port


class TestKeptConnections:
    def test_the_api_keeps_them_longer_than_the_proxies_do(self) -> None:
        nginx = (ROOT / "deploy/nginx/doorstep.conf").read_text()
        haproxy = (ROOT / "deploy/haproxy/haproxy.cfg").read_text()
        kept = re.findall(r"keepalive_timeout (\d+)s", nginx)
        kept += re.findall(r"pool-purge-delay (\d+)s", haproxy)
        assert len(kept) == 2
        assert max(map(int, kept)) < KEEP_ALIVE_S

    @pytest.mark.timeout(300)
    async def test_no_post_is_lost_between_two_that_come_seldom(self, proxy: Proxy) -> None:
        """Each client posts about when uvicorn by itself would close the idle connection; real
        time, because the proxies' and the server's clocks are real."""
        answers: Counter[int] = Counter()

        async def post_seldom(number: int) -> None:
            for _ in range(ROUNDS):
                answer = await proxy.client.post("/v1/events", json=make_event())
                answers[answer.status_code] += 1
                await asyncio.sleep(OLD_LIMIT_S + (number - CLIENTS / 2) / 1000)

        await asyncio.gather(*(post_seldom(number) for number in range(CLIENTS)))
        assert answers == {202: CLIENTS * ROUNDS}


class TestRequests:
    async def test_a_body_in_chunks(self, proxy: Proxy) -> None:
        async def chunks() -> AsyncIterator[bytes]:
            for byte in httpx.Request("POST", "http://a", json=make_event()).content:
                yield bytes([byte])

        headers = {"content-type": "application/json"}
        answer = await proxy.client.post("/v1/events", content=chunks(), headers=headers)
        assert answer.status_code == 202

    async def test_a_client_that_asks_before_it_sends_the_body(self, proxy: Proxy) -> None:
        head, body = request_of(b"Expect: 100-continue\r\n")
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        writer.write(head)
        assert (await reader.readline()).split()[1] == b"100"
        writer.write(body)
        answer = await reader.read()
        writer.close()
        assert answer.split()[1] == b"202"

    async def test_a_slow_client(self, proxy: Proxy) -> None:
        head, body = request_of()
        pieces = [body[at : at + 100] for at in range(0, len(body), 100)]
        answer = await proxy.exchange(head[:20], head[20:], *pieces)
        assert answer.split()[1] == b"202"

    async def test_large_headers(self, proxy: Proxy) -> None:
        cookie = {"cookie": "another-shop=" + "x" * 7000}
        answer = await proxy.client.get("/v1/events", headers=cookie)
        assert answer.status_code == 200

    async def test_a_body_over_the_limit_is_refused_in_our_words(self, proxy: Proxy) -> None:
        answer = await proxy.client.post("/v1/events", content=b"x" * 300_000)
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"

    async def test_a_slash_at_the_end_leads_to_no_other_host_or_scheme(self, proxy: Proxy) -> None:
        answer = await proxy.client.post("/v1/events/", json=make_event())
        location = answer.headers.get("location", "/v1/events")
        assert answer.status_code in {202, 307, 404}
        assert httpx.URL(location).host in {"", "127.0.0.1"}
        assert httpx.URL(location).port in {None, proxy.port}
        assert httpx.URL(location).scheme in {"", "https" if proxy.name == "haproxy" else "http"}

    async def test_a_change_with_the_tag_that_came_through_it(self, proxy: Proxy) -> None:
        """nginx, where it compresses, makes the tag weak on its way."""
        tag = (await proxy.client.get("/v1/partners/shop")).headers["etag"]
        assert tag.startswith("W/") is (proxy.name == "nginx")
        for name, status in (("first", 200), ("second", 412)):
            answer = await proxy.client.patch(
                "/v1/partners/shop", json={"name": name}, headers={"if-match": tag}
            )
            assert answer.status_code == status

    async def test_metrics_stay_inside(self, proxy: Proxy) -> None:
        assert (await proxy.client.get("/metrics")).status_code == 404


@pytest.mark.parametrize("name", ["nginx", "haproxy"])
class TestWhoTheClientIs:
    """The client has an address of its own, and says that it has another one."""

    @pytest.mark.parametrize(
        ("proxies", "seen"),
        [(["127.0.0.1/32"], "127.0.0.2"), (["127.0.0.0/8"], "203.0.113.9")],
        ids=["its own address", "what a trusted network says"],
    )
    async def test_a_proxy_s_word_counts_and_the_client_s_does_not(
        self,
        name: str,
        proxies: list[str],
        seen: str,
        request: pytest.FixtureRequest,
        tmp_path: Path,
    ) -> None:
        networks = [ipaddress.ip_network(one) for one in proxies]
        start = {"nginx": nginx_before, "haproxy": haproxy_before}[name]
        async with served_app(mirror(), proxies=networks) as port:
            with start(port, request.getfixturevalue(f"{name}_program"), tmp_path) as public:
                transport = httpx.AsyncHTTPTransport(local_address="127.0.0.2")
                address = f"http://127.0.0.1:{public}"
                async with httpx.AsyncClient(transport=transport, base_url=address) as client:
                    await reaches_the_api(client)
                    said = {"x-forwarded-for": "203.0.113.9"}
                    answer = await client.get("/", headers=said)
        assert answer.json() == seen


class TestACustomer:
    async def test_answers_with_a_browser_that_names_the_origin_only(
        self, proxy: Proxy, database: Database
    ) -> None:
        """Safari before 16.4 sends no Fetch Metadata. The proxy has to pass the host on."""
        change = {"tracking_enabled": True}
        assert (await proxy.client.patch("/v1/partners/shop", json=change)).is_success
        assert (
            await proxy.client.post("/v1/events", json=make_event("delivery_failed"))
        ).is_success
        token = await database.write(link_token, LinkedOrder("shop", "ORD-1"), utc_now())
        place, origin = f"/t/{token}/answer/hold", f"http://127.0.0.1:{proxy.port}"
        form = await proxy.client.get(place)
        [attempt] = re.findall(r'name="attempt" value="([^"]+)"', form.text)
        for site, status in (("https://evil.example", 403), (origin, 303)):
            answer = await proxy.client.post(
                place, data={"attempt": attempt}, headers={"origin": site}
            )
            assert answer.status_code == status
        assert answer.headers["location"] == f"/t/{token}"


async def reaches_the_api(client: httpx.AsyncClient) -> None:
    """Wait until the proxy's own checks, too, have found the API."""
    await eventually(lambda: client.get("/healthz"), lambda answer: answer.status_code == 200)


def mirror() -> FastAPI:
    """An app that says who it thinks the client is."""
    app = FastAPI()

    @app.get("/healthz")
    @app.get("/")
    async def client(request: Request) -> str:
        return request.client.host if request.client else ""

    return app


def request_of(header: bytes = b"") -> tuple[bytes, bytes]:
    """The head and the body of a POST of an event; the connection ends with it."""
    body = httpx.Request("POST", "http://a", json=make_event()).content
    head = (
        b"POST /v1/events HTTP/1.1\r\nhost: doorstep.example\r\nconnection: close\r\n"
        b"content-type: application/json\r\n"
        b"authorization: %b\r\n%bcontent-length: %d\r\n\r\n"
    )
    return head % (AUTHORIZATION["authorization"].encode(), header, len(body)), body
