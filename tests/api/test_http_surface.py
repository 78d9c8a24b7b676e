"""The rules of HTTP that hold on every route: HEAD, slashes, queries, heads and hosts."""

import asyncio
import socket
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from api.dependencies import Parts
from commands.serve_api import KEEP_ALIVE_S, serve_app
from tests.api.input_models import api_routes
from tests.support.bare_app import BARE_APP
from tests.support.document import DOCUMENT

GETS = sorted(route.path for route in api_routes(BARE_APP) if "GET" in (route.methods or ()))
SLASHLESS = sorted({route.path for route in api_routes(BARE_APP)} - {"/dashboard"})
"""Paths that are nothing with a slash behind them; `/dashboard/` is a page of its own."""
TIMED = ["/v1/events", "/v1/dead-letters", "/v1/audit"]
LISTS = sorted(
    path
    for path, operations in DOCUMENT["paths"].items()
    if "get" in operations and path.startswith("/v1/") and not path.startswith("/v1/schemas")
)


def filled(path: str) -> str:
    """A path with something for each of its names."""
    return path.replace("{", "").replace("}", "")


@pytest.mark.usefixtures("lonely")
class TestHead:
    @pytest.mark.parametrize("path", GETS)
    async def test_it_is_answered_like_get_without_content(
        self, api: httpx.AsyncClient, path: str
    ) -> None:
        get, head = await api.get(filled(path)), await api.head(filled(path))
        assert head.status_code == get.status_code != 405
        assert head.headers.get("content-type") == get.headers.get("content-type")
        assert head.content == b""

    @pytest.mark.parametrize("path", ["/dashboard/sign-in", "/openapi.json"])
    async def test_beside_the_api_too(self, api: httpx.AsyncClient, path: str) -> None:
        assert (await api.head(path)).status_code == 200

    async def test_a_wrong_method_names_it_beside_get(self, api: httpx.AsyncClient) -> None:
        answer = await api.post("/healthz")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")

    @pytest.mark.parametrize(
        ("path", "allowed"),
        [
            ("/dashboard/sign-in", "GET, HEAD, POST"),
            ("/dashboard/sign-out", "POST"),
            ("/dashboard/p/shop/orders.csv", "GET, HEAD"),
            ("/t/token/code", "GET, HEAD, POST"),
            ("/t/token/code/again", "POST"),
            ("/o/token", "GET, HEAD, POST"),
        ],
    )
    @pytest.mark.parametrize("method", ["DELETE", "OPTIONS", "TRACE", "BREW"])
    async def test_pages_name_the_right_ones_too(
        self, api: httpx.AsyncClient, method: str, path: str, allowed: str
    ) -> None:
        answer = await api.request(method, path)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


@pytest.mark.usefixtures("lonely")
class TestSlashes:
    @pytest.mark.parametrize("path", [*SLASHLESS, "/dashboard/sign-in", "/openapi.json"])
    async def test_nobody_is_sent_to_where_the_host_header_says(
        self, api: httpx.AsyncClient, path: str
    ) -> None:
        for method in ("GET", "POST"):
            headers = {"host": "evil.example"}
            answer = await api.request(method, filled(path) + "/", headers=headers)
            assert not answer.is_redirect
            assert "evil" not in answer.headers.get("location", "")

    async def test_the_dashboard_is_found_without_one(self, api: httpx.AsyncClient) -> None:
        answer = await api.get("/dashboard", headers={"host": "evil.example"})
        assert answer.headers["location"] == "dashboard/"
        page = await api.get("/dashboard/", headers={"host": "evil.example"})
        assert (page.status_code, page.headers["location"]) == (303, "/dashboard/sign-in")


@pytest.mark.usefixtures("lonely")
class TestQueries:
    @pytest.mark.parametrize("path", LISTS)
    async def test_a_name_that_is_not_known_is_a_422(
        self, api: httpx.AsyncClient, path: str
    ) -> None:
        answer = await api.get(filled(path), params={"partner": "shop"})
        assert answer.status_code == 422
        assert [one["field"] for one in answer.json()["errors"]] == ["partner"]

    @pytest.mark.parametrize("path", [path for path in LISTS if "{" not in path])
    async def test_a_name_that_is_there_twice_is_a_422(
        self, api: httpx.AsyncClient, path: str
    ) -> None:
        assert (await api.get(f"{path}?limit=5&limit=6")).status_code == 422

    @pytest.mark.parametrize("path", TIMED)
    @pytest.mark.parametrize("name", ["since", "until"])
    async def test_a_plus_need_not_be_encoded(
        self, api: httpx.AsyncClient, path: str, name: str
    ) -> None:
        answer = await api.get(f"{path}?{name}=2026-11-23T00:00:00+05:30")
        assert answer.status_code == 200, answer.text

    @pytest.mark.parametrize("limit", ["1_0", " 5", "+5", "५", "5.0", "true", "0", "101"])
    async def test_a_limit_is_written_in_digits(self, api: httpx.AsyncClient, limit: str) -> None:
        assert (await api.get("/v1/partners", params={"limit": limit})).status_code == 422


@pytest.fixture
def public(app: FastAPI) -> FastAPI:
    """The app of an installation with a public address."""
    parts: Parts = app.state.parts
    rules = replace(parts.text_rules, public_url="https://doorstep.example")
    app.state.parts = replace(parts, text_rules=rules)
    return app


class TestHosts:
    @pytest.mark.parametrize(
        ("host", "status"),
        [
            ("doorstep.example", 200),
            ("doorstep.example:8443", 200),
            ("10.1.2.3:8080", 200),
            ("[::1]:8080", 200),
            ("localhost", 200),
            ("doorstep-api:8080", 200),
            ("evil.example", 421),
            ("doorstep.example.evil.example", 421),
            ("evil.example@doorstep.example:x", 421),
        ],
    )
    async def test_only_the_public_one_and_those_of_the_inside(
        self, public: FastAPI, stranger: httpx.AsyncClient, host: str, status: int
    ) -> None:
        answer = await stranger.get("/dashboard/sign-in", headers={"host": host})
        assert answer.status_code == status
        assert answer.headers["strict-transport-security"].startswith("max-age=")
        assert (await stranger.get("/healthz", headers={"host": host})).status_code == 200

    async def test_without_a_public_address_every_host_is_served(
        self, stranger: httpx.AsyncClient
    ) -> None:
        answer = await stranger.get("/healthz", headers={"host": "evil.example"})
        assert answer.status_code == 200
        assert "strict-transport-security" not in answer.headers


async def said_on_one_connection(app: FastAPI, request: bytes, keep_alive_s: int = 75) -> bytes:
    """All that the server says until it closes the connection."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] != "lifespan", "its parts are there already"
        await app(scope, receive, send)

    listening, stop = socket.create_server(("127.0.0.1", 0)), asyncio.Event()
    serving = asyncio.create_task(serve_app(served, listening, stop, keep_alive_s=keep_alive_s))
    reader, writer = await asyncio.open_connection(*listening.getsockname())
    writer.write(request)
    said = await reader.read()
    writer.close()
    stop.set()
    await serving
    return said


class TestConnections:
    """On the real server; each test ends because the server closes."""

    async def test_two_lengths_are_refused_and_nothing_after_them_is_answered(
        self, app: FastAPI
    ) -> None:
        head = b"POST /v1/events HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
        both = b"content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
        second = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"
        said = await said_on_one_connection(app, head + both + second)
        assert said.startswith(b"HTTP/1.1 400 ")
        assert said.count(b"HTTP/1.1") == 1

    async def test_too_many_headers_are_a_431(self, app: FastAPI) -> None:
        many = b"".join(b"x-%d: y\r\n" % number for number in range(200))
        said = await said_on_one_connection(
            app, b"GET /healthz HTTP/1.1\r\nhost: x\r\n" + many + b"\r\n"
        )
        assert said.startswith(b"HTTP/1.1 431 ")

    @pytest.mark.parametrize(
        ("target", "status"),
        [
            (b"http://doorstep.example/healthz", b"200"),
            (b"HTTPS://doorstep.example/v1/partners?limit=5", b"401"),
            (b"http://doorstep.example/dashboard/sign-in", b"200"),
            (b"http://doorstep.example", b"404"),
            (b"http://evil.example/dashboard/sign-in", b"421"),
        ],
    )
    async def test_a_target_may_name_its_host(
        self, public: FastAPI, target: bytes, status: bytes
    ) -> None:
        """And then that host is the one that counts (RFC 9112, 3.2.2)."""
        request = b"GET %s HTTP/1.1\r\nhost: doorstep.example\r\nconnection: close\r\n\r\n"
        said = await said_on_one_connection(public, request % target)
        assert said.startswith(b"HTTP/1.1 %s " % status)

    @pytest.mark.parametrize("begun", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nhost: x\r\n"])
    async def test_a_head_that_does_not_end_is_not_waited_for(
        self, app: FastAPI, begun: bytes
    ) -> None:
        assert await said_on_one_connection(app, begun, keep_alive_s=1) == b""

    async def test_an_idle_one_is_kept_longer_than_proxies_keep_it(self) -> None:
        assert KEEP_ALIVE_S > 60
