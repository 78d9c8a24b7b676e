"""Signing in by a real identity provider, certified by the OpenID Foundation, over the real
protocol; and everything that goes wrong, with its own tokens."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from api.auth.oidc_http import AskProvider, ProviderAnswer
from commands.ports import free_ports
from commands.system import is_ready
from provider_http import ProviderHttp
from store.db.database import Database
from tests.commands.running import start_doorstep
from tests.peers.real_provider import (
    CALLBACK,
    ELSEWHERE,
    SCOPES,
    SECRET,
    RealProvider,
    client,
    installed,
    keys,
    new_provider,
)
from tests.support.asking_provider import asking_provider
from tests.support.encryption import KEY
from tests.support.parts import OPERATOR_KEY
from tests.support.provider_browser import HOME, OPS_BY_CLAIM, ProviderBrowser, know_provider
from tests.support.stack import Stack
from tests.support.visitor import COOKIE, Visitor
from tests.support.waiting import eventually

OPS = f"{HOME}/dashboard/ops"


@pytest.fixture(scope="module")
async def real_provider(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RealProvider]:
    folder = await installed(tmp_path_factory.mktemp("provider") / "oidc")
    async with (await new_provider(folder)).up() as provider:
        yield provider


@pytest.fixture
async def provider(real_provider: RealProvider) -> RealProvider:
    """The provider, with the right time, and Asha before it."""
    await real_provider.clock_off(0)
    real_provider.person = "asha"
    return real_provider


@pytest.fixture
async def ask() -> AsyncIterator[ProviderHttp]:
    async with asking_provider() as ask:
        yield ask


@pytest.fixture
async def visitor(stack: Stack) -> AsyncIterator[Visitor]:
    assert stack.app is not None
    visitor = Visitor(stack.app)
    yield visitor
    await visitor.http.aclose()


@pytest.fixture
def browser(visitor: Visitor, provider: RealProvider, ask: ProviderHttp) -> ProviderBrowser:
    """Doorstep takes the provider's word on who is of ops."""
    known(visitor, provider, ask)
    return ProviderBrowser(visitor, provider.sign_in)


def known(
    visitor: Visitor, provider: RealProvider, ask: AskProvider, client_id: str = "doorstep"
) -> None:
    ours = (client_id, SECRET)
    know_provider(visitor.app, ask, provider.issuer, ours, scopes=SCOPES, rules=OPS_BY_CLAIM)


class Swapping:
    """The way to the provider, with another ID token in the place of the one that comes."""

    def __init__(self, ask: ProviderHttp, token: str) -> None:
        self._ask = ask
        self._token = token

    async def get(self, url: str, *, token: str | None = None) -> ProviderAnswer:
        return await self._ask.get(url, token=token)

    async def post(
        self, url: str, fields: Mapping[str, str], *, authorization: str | None = None
    ) -> ProviderAnswer:
        answer = await self._ask.post(url, fields, authorization=authorization)
        assert "id_token" in answer.body
        body: dict[str, Any] = {**answer.body, "id_token": self._token}
        return ProviderAnswer(answer.status, body)


async def test_somebody_of_ops_signs_in_and_comes_again(
    browser: ProviderBrowser, visitor: Visitor
) -> None:
    assert (await browser.sign_in()).url == OPS
    assert "Asha Rao" in (await visitor.get("/account")).text
    assert (await browser.sign_in()).url == OPS


@pytest.mark.parametrize("kind", ["PS256", "ES256", "Ed25519", "post"])
async def test_with_each_algorithm_and_with_the_secret_in_the_form(
    browser: ProviderBrowser, provider: RealProvider, ask: ProviderHttp, kind: str
) -> None:
    way: AskProvider = _WithoutBasic(ask) if kind == "post" else ask
    known(browser.visitor, provider, way, f"doorstep-{kind}")
    assert (await browser.sign_in()).url == OPS


class _WithoutBasic:
    """A provider that takes the secret in the form only."""

    def __init__(self, ask: ProviderHttp) -> None:
        self._ask = ask

    async def get(self, url: str, *, token: str | None = None) -> ProviderAnswer:
        answer = await self._ask.get(url, token=token)
        methods = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
        known = methods if "token_endpoint" in answer.body else {}
        return ProviderAnswer(answer.status, {**answer.body, **known})

    async def post(
        self, url: str, fields: Mapping[str, str], *, authorization: str | None = None
    ) -> ProviderAnswer:
        assert authorization is None
        return await self._ask.post(url, fields)


@pytest.mark.parametrize(
    ("person", "why"), [("ravi", "no account here"), ("mallory", "no verified e-mail")]
)
async def test_others_do_not(
    browser: ProviderBrowser, provider: RealProvider, person: str, why: str
) -> None:
    provider.person = person
    assert why in (await browser.sign_in()).text


async def test_whoever_goes_back_there_is_told_so(
    browser: ProviderBrowser, provider: RealProvider
) -> None:
    back = await provider.go_back(await browser.to_the_provider())
    assert "error=access_denied" in back
    assert "did not let you go on" in (await browser.back(back)).text


class TestReused:
    async def test_a_code(self, browser: ProviderBrowser, caplog: pytest.LogCaptureFixture) -> None:
        first = await browser.come_back()
        assert (await browser.back(first)).url == OPS
        second = await browser.come_back()
        codes = [parse_qs(urlsplit(one).query)["code"][0] for one in (first, second)]
        refused = await browser.back(second.replace(codes[1], codes[0]))
        assert "was used already" in refused.text
        assert "invalid_grant" in caplog.text, "the provider said so"

    async def test_a_state(self, browser: ProviderBrowser) -> None:
        begun = await browser.to_the_provider()
        kept = browser.visitor.http.cookies["doorstep_provider"]
        first = await browser.there(begun)
        assert (await browser.back(first)).url == OPS
        again = Visitor(browser.visitor.app)
        again.http.cookies.set("doorstep_provider", kept, domain="doorstep.test")
        refused = await ProviderBrowser(again, browser.there).back(await browser.there(begun))
        assert "was used already" in refused.text
        assert COOKIE not in again.http.cookies

    async def test_a_code_for_another_sign_in_of_ours(
        self, browser: ProviderBrowser, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Somebody else's code, put into one's own sign-in: PKCE."""
        other = ProviderBrowser(Visitor(browser.visitor.app), browser.there)
        theirs, mine = await other.come_back(), await browser.come_back()
        codes = [parse_qs(urlsplit(one).query)["code"][0] for one in (theirs, mine)]
        refused = await browser.back(mine.replace(codes[1], codes[0]))
        assert "was used already" in refused.text
        assert "invalid_grant" in caplog.text


class TestTimes:
    async def test_a_code_that_is_too_old(
        self, browser: ProviderBrowser, provider: RealProvider
    ) -> None:
        back = await browser.come_back()
        await provider.clock_off(61)
        assert "took too long" in (await browser.back(back)).text

    async def test_a_clock_that_is_late(
        self, browser: ProviderBrowser, provider: RealProvider, caplog: pytest.LogCaptureFixture
    ) -> None:
        back = await browser.come_back()
        await provider.clock_off(-7200)
        assert "do not agree" in (await browser.back(back)).text
        assert "(exp)" in caplog.text

    async def test_a_clock_that_is_early(
        self, browser: ProviderBrowser, provider: RealProvider, caplog: pytest.LogCaptureFixture
    ) -> None:
        await provider.clock_off(7200)
        assert "do not agree" in (await browser.sign_in()).text
        assert "(iat)" in caplog.text


class TestTokensThatAreNotForUs:
    async def test_of_another_audience(
        self,
        browser: ProviderBrowser,
        provider: RealProvider,
        ask: ProviderHttp,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        begun = await browser.to_the_provider()
        [nonce] = parse_qs(urlsplit(begun).query)["nonce"]
        token = await provider.token_for("another", ELSEWHERE, nonce)
        known(browser.visitor, provider, Swapping(ask, token))
        refused = await browser.back(await browser.there(begun))
        assert "could not be trusted" in refused.text
        assert "another aud" in caplog.text

    async def test_of_another_sign_in(
        self,
        browser: ProviderBrowser,
        provider: RealProvider,
        ask: ProviderHttp,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        token = await provider.token_for("doorstep", f"{HOME}{CALLBACK}", "another")
        known(browser.visitor, provider, Swapping(ask, token))
        assert "could not be trusted" in (await browser.sign_in()).text
        assert "another nonce" in caplog.text

    async def test_without_a_signature(
        self,
        browser: ProviderBrowser,
        provider: RealProvider,
        ask: ProviderHttp,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        _, claims, _ = (await provider.token_for("doorstep", f"{HOME}{CALLBACK}", "n")).split(".")
        known(browser.visitor, provider, Swapping(ask, f"eyJhbGciOiJub25lIn0.{claims}."))
        assert "could not be trusted" in (await browser.sign_in()).text
        assert "not taken" in caplog.text


async def test_new_keys_are_found_and_the_old_ones_hold_no_more(
    browser: ProviderBrowser,
    provider: RealProvider,
    ask: ProviderHttp,
    caplog: pytest.LogCaptureFixture,
) -> None:
    other = await new_provider(provider.folder)
    known(browser.visitor, other, ask)
    browser.there = other.sign_in
    async with other.up():
        assert (await browser.sign_in()).url == OPS
        old = await other.token_for("doorstep", f"{HOME}{CALLBACK}", "n")
    other.published = keys()
    async with other.up():
        assert (await browser.sign_in()).url == OPS
        known(browser.visitor, other, Swapping(ask, old))
        assert "could not be trusted" in (await browser.sign_in()).text
        assert "does not publish" in caplog.text


async def test_a_wrong_secret_is_said_in_the_log(
    browser: ProviderBrowser,
    provider: RealProvider,
    ask: ProviderHttp,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ours = ("doorstep", "another secret")
    know_provider(browser.visitor.app, ask, provider.issuer, ours)
    assert "does not answer as it should" in (await browser.sign_in()).text
    assert "invalid_client" in caplog.text
    assert "another secret" not in caplog.text


async def test_an_api_by_its_settings_alone(
    temporal: WorkflowEnvironment, database: Database, provider: RealProvider, tmp_path: Path
) -> None:
    """As a process, with passwords off for ops."""
    [port] = free_ports(1)
    address = f"http://127.0.0.1:{port}"
    other = await new_provider(provider.folder)
    other.clients = [client("doorstep", f"{address}{CALLBACK}")]
    settings = {
        "TEMPORAL_ADDRESS": temporal.client.service_client.config.target_host,
        "DOORSTEP_DATABASE_URL": database.url,
        "DOORSTEP_ENCRYPTION_KEYS": KEY.as_setting(),
        "DOORSTEP_OPERATOR_KEY": OPERATOR_KEY,
        "DOORSTEP_API_PORT": str(port),
        "DOORSTEP_PUBLIC_URL": address,
        "DOORSTEP_OIDC_ISSUER": other.issuer,
        "DOORSTEP_OIDC_CLIENT_ID": "doorstep",
        "DOORSTEP_OIDC_CLIENT_SECRET": SECRET,
        "DOORSTEP_OIDC_SCOPES": SCOPES,
        "DOORSTEP_OIDC_OPS_VALUE": "doorstep-ops",
        "DOORSTEP_OPS_SIGN_IN": "oidc",
    }
    async with other.up():
        api = await start_doorstep("api", folder=tmp_path, **settings)
        assert api.stderr is not None
        try:
            await eventually(lambda: is_ready(address), bool, timeout=90)
            async with httpx.AsyncClient(base_url=address, timeout=60) as http:
                away = await http.get("/dashboard/sign-in/provider")
                back = await other.sign_in(away.headers["location"])
                page = await http.get(back, follow_redirects=True)
        finally:
            api.terminate()
            log = (await api.stderr.read()).decode()
            await api.wait()
    assert (page.status_code, str(page.url)) == (200, f"{address}/dashboard/ops"), log
    assert SECRET not in log
    assert "asha" not in log.lower()


async def test_a_provider_that_is_away_is_said(
    browser: ProviderBrowser, provider: RealProvider, ask: ProviderHttp
) -> None:
    away = await new_provider(provider.folder)
    known(browser.visitor, away, ask)
    refused = await browser.visitor.get("/sign-in/provider")
    assert (refused.status, "does not answer" in refused.text) == (401, True)
