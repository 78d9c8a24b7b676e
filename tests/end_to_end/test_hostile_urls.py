"""Every hostile URL: refused when it is saved, refused at every attempt, and no connection opened.

Names are looked up in a real DNS server, which may change its answer; the connections are counted
by a real listener and where the HTTP client opens them.
"""

from collections.abc import AsyncIterator, Iterator, Sequence

import httpcore
import httpx
import pytest
from temporalio.client import Client

from activities.webhook_sender import WebhookSender
from api.endpoint_check import EndpointCheck
from contracts.clock import utc_now
from contracts.delivery.retry import RetrySchedule
from contracts.endpoints.network_guard import NetworkGuard, Resolve
from contracts.payload.signature import new_secret
from dispatch.gateway import Gateway
from resolver import NameLookUps
from store.db.database import Database
from store.deliveries.attempts import ReadyAttempt
from store.tables import EndpointRow
from tests.support.bare_app import app_with
from tests.support.dns import NameServer, name_server
from tests.support.encryption import KEYRING
from tests.support.hostile_urls import GOOD_URLS, HOSTILE_URLS, NAMES, PORT
from tests.support.listener import Listener
from tests.support.parts import LOOPBACK, OPERATOR_KEY, make_parts
from tests.support.postgres import TEMPLATE, Postgres
from tests.support.shelf import Shelf

REFUSED = ("invalid_url", "forbidden_address", "dns")
"""`connection`: the name has no address at all."""


def ready(url: str) -> ReadyAttempt:
    """An attempt that is about to leave for this URL."""
    return ReadyAttempt("att_1", 1, "evt-1", "ep_1", url, [new_secret()], b'{"data": {}}')


def asking(server: NameServer) -> Resolve:
    """Names of the tests from their server, addresses and localhost from the system."""

    async def look_up(host: str, port: int) -> Sequence[str]:
        if host.endswith(".example") or host in NAMES:
            return await server.look_up(host, port)
        return await NameLookUps()(host, port)

    return look_up


@pytest.fixture(scope="module")
def resolve() -> Iterator[Resolve]:
    """A resolver that asks the name server with the tests' names."""
    with name_server(NAMES) as server:
        yield asking(server)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that the HTTP client opened connections to."""
    connections: list[str] = []
    connect = httpcore.AnyIOBackend.connect_tcp

    async def counted(
        self: httpcore.AnyIOBackend, host: str, *args: object, **more: object
    ) -> httpcore.AsyncNetworkStream:
        connections.append(host)
        return await connect(self, host, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", counted)
    return connections


@pytest.fixture
async def strict(resolve: Resolve) -> AsyncIterator[WebhookSender]:
    """The product's sender, with nothing opened."""
    sender = WebhookSender.guarded(NetworkGuard(), resolve, request_time=5)
    yield sender
    await sender.aclose()


@pytest.fixture(scope="module")
async def shelf(postgres: Postgres) -> AsyncIterator[Shelf]:
    """A database with the partner `shop`; nothing hostile is ever kept in it."""
    database = Database(postgres.url(postgres.fresh(TEMPLATE)), KEYRING)
    shelf = Shelf(database)
    await shelf.add_partner(tier="enterprise")
    yield shelf
    database.close()


@pytest.fixture(scope="module")
async def endpoint_id(shelf: Shelf) -> str:
    """An endpoint that each hostile URL is offered to."""
    return (await shelf.add_endpoint()).id


@pytest.fixture
async def api(
    shelf: Shelf, resolve: Resolve, unused_tcp_port: int
) -> AsyncIterator[httpx.AsyncClient]:
    """The API that opens nothing, while Temporal is away."""
    nowhere = await Client.connect(f"127.0.0.1:{unused_tcp_port}", lazy=True)
    parts = make_parts(
        shelf.database,
        Gateway(nowhere, RetrySchedule()),
        endpoint_check=EndpointCheck(NetworkGuard(), resolve),
    )
    with app_with(parts) as app:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://doorstep.test",
            headers={"authorization": f"Bearer {OPERATOR_KEY}"},
        ) as client:
            yield client


@pytest.mark.extended  # tests/contracts has which are refused, and why
class TestEveryHostileUrl:
    @pytest.mark.parametrize("url", HOSTILE_URLS.values(), ids=HOSTILE_URLS)
    async def test_is_refused_when_it_is_saved(
        self, api: httpx.AsyncClient, shelf: Shelf, opened: list[str], url: str
    ) -> None:
        kept = await shelf.count(EndpointRow)
        async with Listener() as listener:
            asked = {"partner_id": "shop", "url": url.replace(PORT, str(listener.port))}
            answer = await api.post("/v1/endpoints", json=asked)
        assert answer.status_code == 422, answer.text
        [fault] = answer.json()["errors"]
        assert fault["field"] == "url"
        assert len(fault["message"].split()) > 4
        assert (listener.connections, opened) == (0, [])
        assert await shelf.count(EndpointRow) == kept

    @pytest.mark.parametrize("url", HOSTILE_URLS.values(), ids=HOSTILE_URLS)
    async def test_is_refused_when_an_endpoint_is_changed(
        self, api: httpx.AsyncClient, endpoint_id: str, opened: list[str], url: str
    ) -> None:
        async with Listener() as listener:
            asked = {"url": url.replace(PORT, str(listener.port))}
            answer = await api.patch(f"/v1/endpoints/{endpoint_id}", json=asked)
        assert answer.status_code == 422, answer.text
        assert [fault["field"] for fault in answer.json()["errors"]] == ["url"]
        assert (listener.connections, opened) == (0, [])

    @pytest.mark.parametrize("url", HOSTILE_URLS.values(), ids=HOSTILE_URLS)
    async def test_is_refused_at_every_attempt(
        self, strict: WebhookSender, opened: list[str], url: str
    ) -> None:
        async with Listener() as listener:
            answer = await strict.post(ready(url.replace(PORT, str(listener.port))), utc_now())
        assert (answer.code in REFUSED, answer.status) == (True, None), answer
        assert (listener.connections, opened) == (0, [])

    @pytest.mark.parametrize("url", GOOD_URLS.values(), ids=GOOD_URLS)
    async def test_and_a_good_one_is_let_through(self, resolve: Resolve, url: str) -> None:
        await EndpointCheck(NetworkGuard(), resolve).require_reachable(url, caller="test")


class TestTheCountersCount:
    """Without these the tests above could not fail."""

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "loopback.shop.example"])
    async def test_with_loopback_opened_a_connection_is_made(
        self, resolve: Resolve, opened: list[str], host: str
    ) -> None:
        sender = WebhookSender.guarded(LOOPBACK, _v4_only(resolve))
        async with Listener() as listener:
            answer = await sender.post(ready(f"http://{host}:{listener.port}/"), utc_now())
        await sender.aclose()
        assert (answer.code, listener.connections, opened) == ("http_200", 1, ["127.0.0.1"])

    async def test_a_plain_client_would_follow_such_notations(self) -> None:
        async with Listener() as listener, httpx.AsyncClient(trust_env=False) as client:
            for host in ("2130706433", "0x7f.1", "127.1", "017700000001"):
                await client.post(f"http://{host}:{listener.port}/", content=b"")
            assert listener.connections == 4


class TestRebinding:
    async def test_a_name_that_turns_inside_after_it_was_saved(self, opened: list[str]) -> None:
        answers = {"turns.shop.example": [["93.184.216.34"], ["127.0.0.1"]]}
        with name_server(answers) as server:
            await EndpointCheck(NetworkGuard(), server.look_up).require_reachable(
                "https://turns.shop.example/", caller="test"
            )
            sender = WebhookSender.guarded(NetworkGuard(), server.look_up)
            async with Listener() as listener:
                url = f"https://turns.shop.example:{listener.port}/"
                answer = await sender.post(ready(url), utc_now())
            await sender.aclose()
        assert answer.code == "forbidden_address"
        assert (listener.connections, opened) == (0, [])
        assert server.asked == ["turns.shop.example"] * 2

    async def test_between_check_and_connect_there_is_no_second_look_up(
        self, opened: list[str]
    ) -> None:
        """The second answer leads to the listener on loopback, and is never asked for."""
        answers = {"turns.shop.example": [["127.0.0.2"], ["127.0.0.1"]]}
        with name_server(answers) as server:
            sender = WebhookSender.guarded(LOOPBACK, server.look_up)
            async with Listener() as listener:
                url = f"http://turns.shop.example:{listener.port}/"
                answer = await sender.post(ready(url), utc_now())
            await sender.aclose()
        assert server.asked == ["turns.shop.example"]
        assert (answer.code, opened, listener.connections) == ("connection", ["127.0.0.2"], 0)


class TestRedirects:
    async def test_one_that_leads_inside_is_an_answer_and_not_followed(
        self, opened: list[str]
    ) -> None:
        async with Listener() as inside:
            moved = f"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:{inside.port}/\r\n"
            async with Listener(f"{moved}content-length: 0\r\n\r\n".encode()) as shop:
                sender = WebhookSender.guarded(LOOPBACK, NameLookUps())
                answer = await sender.post(ready(f"http://127.0.0.1:{shop.port}/"), utc_now())
                await sender.aclose()
        assert (answer.code, inside.connections, len(opened)) == ("http_302", 0, 1)


class TestTheEnvironment:
    async def test_a_proxy_that_is_set_is_not_used(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async with Listener() as proxy, Listener() as shop:
            for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
                monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
            for name in ("NO_PROXY", "no_proxy"):
                monkeypatch.delenv(name, raising=False)
            sender = WebhookSender.guarded(LOOPBACK, NameLookUps())
            answer = await sender.post(ready(f"http://127.0.0.1:{shop.port}/"), utc_now())
            await sender.aclose()
        assert (answer.code, proxy.connections, shop.connections) == ("http_200", 0, 1)


def _v4_only(resolve: Resolve) -> Resolve:
    async def look_up(host: str, port: int) -> Sequence[str]:
        return [one for one in await resolve(host, port) if ":" not in one]

    return look_up
