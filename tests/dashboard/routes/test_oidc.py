"""Signing in by the identity provider: who gets in, and everything that may be wrong with it."""

import base64
import json
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import JSONResponse, RedirectResponse
from sqlmodel import select

from api.auth.sign_in import SignIn
from contracts.access.identity_provider import (
    REQUEST_VALID_FOR_S,
    IdentityRefusal,
    IdentityRules,
)
from contracts.access.second_factor import SecondFactorRule
from contracts.access.users import Role
from contracts.clock import Clock, utc_now
from provider_http import ProviderHttp
from store.tables import UserRow
from tests.support.asking_provider import asking_provider
from tests.support.parts import CHEAP
from tests.support.provider import CLIENT_ID, CLIENT_SECRET, Provider, running_provider
from tests.support.provider_browser import HOME, ProviderBrowser, know_provider
from tests.support.stack import Stack
from tests.support.visitor import COOKIE, PASSWORD, Visitor


@pytest.fixture(scope="session")
async def served_provider() -> AsyncIterator[Provider]:
    async with running_provider() as provider:
        yield provider


@pytest.fixture
def provider(served_provider: Provider) -> Provider:
    """The provider, as it should be."""
    as_new = Provider(url=served_provider.url)
    served_provider.__dict__.update(as_new.__dict__)
    return served_provider


@pytest.fixture
async def ask() -> AsyncIterator[ProviderHttp]:
    async with asking_provider() as ask:
        yield ask


@dataclass
class Doorstep:
    """What is set of the provider at Doorstep."""

    app: FastAPI
    ask: ProviderHttp
    provider: Provider

    def allow(self, clock: Clock = utc_now, **rules: Any) -> None:
        """Take the provider's word by these rules."""
        client = (CLIENT_ID, CLIENT_SECRET)
        know_provider(
            self.app, self.ask, self.provider.url, client, clock, rules=IdentityRules(**rules)
        )


@pytest.fixture
def doorstep(visitor: Visitor, provider: Provider, ask: ProviderHttp) -> Doorstep:
    """Those of ops sign in by the provider, once the claim says so."""
    doorstep = Doorstep(visitor.app, ask, provider)
    doorstep.allow(ops_value="doorstep-ops")
    provider.person["groups"] = ["staff", "doorstep-ops"]
    return doorstep


@pytest.fixture
def browser(doorstep: Doorstep, visitor: Visitor) -> ProviderBrowser:
    return browser_of(visitor)


def browser_of(visitor: Visitor) -> ProviderBrowser:
    """Another browser, of whoever is signed in at the provider."""
    return ProviderBrowser(visitor, signed_in_there)


async def signed_in_there(address: str) -> str:
    """The provider knows who it is, and sends the browser back at once."""
    async with httpx.AsyncClient() as http:
        return (await http.get(address)).headers["location"]


class TestSigningIn:
    async def test_somebody_of_ops_needs_no_invitation(
        self, browser: ProviderBrowser, stack: Stack
    ) -> None:
        entered = await browser.sign_in()
        assert entered.url == f"{HOME}/dashboard/ops"
        assert "Asha Rao" in (await browser.visitor.get("/account")).text
        log = await browser.visitor.get("/ops/audit")
        assert "Doorstep itself gave Asha Rao an account" in log.text
        assert "signed in by the identity provider for the first time" in log.text

    async def test_again_it_is_the_same_account(
        self, browser: ProviderBrowser, provider: Provider, stack: Stack
    ) -> None:
        await browser.sign_in()
        provider.person["email"] = "asha.rao@ops.example"
        entered = await browser_of(Visitor(browser.visitor.app)).sign_in()
        assert entered.url == f"{HOME}/dashboard/ops"
        assert len(await stack.database.read(lambda s: s.exec(select(UserRow)).all())) == 1

    async def test_whoever_was_invited_is_known_by_their_address(
        self, browser: ProviderBrowser, provider: Provider, ops: Visitor, doorstep: Doorstep
    ) -> None:
        doorstep.allow()
        provider.person |= {"email": "OPS@doorstep.example", "name": "Another name"}
        fresh = browser_of(Visitor(ops.app))
        assert (await fresh.sign_in()).url == f"{HOME}/dashboard/ops"
        assert "ops person" in (await fresh.visitor.get("/account")).text

    async def test_the_link_is_on_the_page_of_the_sign_in(self, browser: ProviderBrowser) -> None:
        page = await browser.visitor.get("/sign-in")
        assert 'href="/dashboard/sign-in/provider"' in page.html
        assert "Sign in with your Doorstep account" in page.text

    async def test_the_session_before_ends(self, browser: ProviderBrowser) -> None:
        await browser.sign_in()
        before = browser.visitor.http.cookies[COOKIE]
        await browser.sign_in()
        other = Visitor(browser.visitor.app)
        other.http.cookies.set(COOKIE, before, domain="doorstep.test")
        assert (await other.get("/")).url.endswith("/sign-in")

    async def test_the_cookie_of_the_way_is_for_no_script_and_ends(
        self, browser: ProviderBrowser
    ) -> None:
        answer = await browser.visitor.http.get("/dashboard/sign-in/provider")
        said = answer.headers["set-cookie"].lower()
        assert "httponly" in said
        assert f"max-age={REQUEST_VALID_FOR_S}" in said
        assert answer.headers["referrer-policy"] == "no-referrer"
        address = answer.headers["location"]
        secret = browser.visitor.http.cookies["doorstep_provider"]
        assert secret not in address
        await browser.back(await browser.there(address))
        assert "doorstep_provider" not in browser.visitor.http.cookies

    async def test_what_the_id_token_does_not_say_the_userinfo_does(
        self, browser: ProviderBrowser, provider: Provider
    ) -> None:
        provider.in_userinfo = ("email", "email_verified", "name", "groups")
        assert (await browser.sign_in()).url == f"{HOME}/dashboard/ops"

    async def test_a_new_key_is_found_at_once(
        self, browser: ProviderBrowser, provider: Provider
    ) -> None:
        await browser.sign_in()
        provider.signs_with, provider.publishes = "two", ["one", "two"]
        assert (await browser.sign_in()).url == f"{HOME}/dashboard/ops"
        assert provider.asked.count("/.well-known/openid-configuration") == 1

    async def test_what_is_asked_for(self, browser: ProviderBrowser) -> None:
        asked = parse_qs(urlsplit(await browser.to_the_provider()).query)
        assert asked["scope"] == ["openid email profile"]
        assert asked["redirect_uri"] == [f"{HOME}/dashboard/sign-in/provider/callback"]
        assert len({asked[name][0] for name in ("state", "nonce", "code_challenge")}) == 3


def signed_by_nobody(claims: dict[str, Any]) -> str:
    return f"{part_of({'alg': 'none'})}.{part_of(claims)}."


def part_of(value: dict[str, Any]) -> str:
    return text_of(json.dumps(value).encode())


def text_of(some: bytes) -> str:
    return base64.urlsafe_b64encode(some).decode().rstrip("=")


def now_and(seconds: int) -> int:
    return int(utc_now().timestamp()) + seconds


WRONG: dict[str, tuple[Callable[[Provider], dict[str, Any]], str, str]] = {
    "another audience": (
        lambda _: {"claims": {"aud": "another"}},
        "could not be trusted",
        "another aud",
    ),
    "another nonce": (
        lambda _: {"claims": {"nonce": "another"}},
        "could not be trusted",
        "another nonce",
    ),
    "expired": (lambda _: {"claims": {"exp": now_and(-61)}}, "clock", "(exp)"),
    "signed by nobody": (
        lambda _: {"encode": signed_by_nobody},
        "could not be trusted",
        "not taken",
    ),
    "signed with a key that is not published": (
        lambda _: {"signs_with": "two"},
        "could not be trusted",
        "does not publish",
    ),
    "the userinfo of another person": (
        lambda _: {"in_userinfo": ("email",), "userinfo_sub": "1"},
        "could not be trusted",
        "another person",
    ),
    "another provider's document": (
        lambda _: {"document": {"issuer": "https://another.example"}},
        "does not answer as it should",
        "another issuer",
    ),
    "a document that leads out of TLS": (
        lambda _: {"document": {"token_endpoint": "http://192.0.2.1/token"}},
        "does not answer as it should",
        "token_endpoint",
    ),
    "a token endpoint that redirects": (
        lambda _: {"token_answer": RedirectResponse("https://another.example")},
        "does not answer as it should",
        "HTTP 307",
    ),
    "our secret is wrong there": (
        lambda _: {"token_answer": JSONResponse({"error": "invalid_client"}, 401)},
        "does not answer as it should",
        "invalid_client",
    ),
    "the person went back": (
        lambda _: {"error": "access_denied"},
        "did not let you go on",
        "access_denied",
    ),
    "an error that nobody knows": (
        lambda _: {"error": "<script>4711"},
        "does not answer as it should",
        "no code",
    ),
    "an address that is not verified": (
        lambda provider: {"person": {**provider.person, "email_verified": False}},
        "no verified e-mail",
        "does not allow",
    ),
    "nobody of ops": (
        lambda provider: {"person": {**provider.person, "groups": ["staff"]}},
        "no account here",
        "does not allow",
    ),
}


_AT_EACH_CHANGE = (
    "another audience",
    "expired",
    "another provider's document",
    "the person went back",
    "an address that is not verified",
    "nobody of ops",
)


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        "case",
        [
            pytest.param(case, marks=() if case in _AT_EACH_CHANGE else pytest.mark.extended)
            for case in WRONG
        ],
    )
    async def test_is_said_in_people_s_words_and_named_in_the_log(
        self,
        browser: ProviderBrowser,
        provider: Provider,
        case: str,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        make, shown, logged = WRONG[case]
        provider.__dict__.update(make(provider))
        caplog.set_level(logging.WARNING)
        if case.startswith(("another provider's", "a document")):
            refused = await browser.visitor.get("/sign-in/provider")
        else:
            refused = await browser.sign_in()
        assert refused.status == 401
        assert shown in refused.text
        assert logged in caplog.text
        assert "asha" not in (caplog.text + refused.html).lower()
        assert "4711" not in caplog.text
        assert COOKIE not in browser.visitor.http.cookies

    async def test_the_same_answer_again(
        self, browser: ProviderBrowser, provider: Provider
    ) -> None:
        back = await browser.come_back()
        kept = browser.visitor.http.cookies["doorstep_provider"]
        await browser.back(back)
        again = Visitor(browser.visitor.app)
        again.http.cookies.set("doorstep_provider", kept, domain="doorstep.test")
        refused = await browser_of(again).back(back)
        assert "was used already" in refused.text
        assert provider.asked.count("/token") == 1

    async def test_a_code_that_was_used_before(self, browser: ProviderBrowser) -> None:
        first = await browser.come_back()
        await browser.back(first)
        second = await browser.come_back()
        codes = [parse_qs(urlsplit(one).query)["code"][0] for one in (first, second)]
        refused = await browser.back(second.replace(codes[1], codes[0]))
        assert "was used already" in refused.text

    async def test_an_answer_to_another_browser(
        self, browser: ProviderBrowser, provider: Provider
    ) -> None:
        back = await browser.come_back()
        other = browser_of(Visitor(browser.visitor.app))
        assert "Begin again" in (await other.back(back)).text
        await other.to_the_provider()
        assert "Begin again" in (await other.back(back)).text
        assert "/token" not in provider.asked

    async def test_an_answer_of_another_provider(self, browser: ProviderBrowser) -> None:
        back = await browser.come_back()
        refused = await browser.back(back.partition("&iss=")[0] + "&iss=https://another.example")
        assert "could not be trusted" in refused.text
        back = await browser.come_back()
        refused = await browser.back(back.partition("&iss=")[0])
        assert "could not be trusted" in refused.text, "it says who it is, always"

    async def test_a_sign_in_that_took_too_long(
        self, browser: ProviderBrowser, doorstep: Doorstep
    ) -> None:
        now = utc_now()
        times = [now, now + timedelta(seconds=REQUEST_VALID_FOR_S)]
        doorstep.allow(clock=lambda: times[0])
        back = await browser.come_back()
        times.pop(0)
        assert "took too long" in (await browser.back(back)).text

    @pytest.mark.parametrize("hours", [-1, 1])
    async def test_a_clock_that_is_off(
        self, browser: ProviderBrowser, doorstep: Doorstep, hours: int
    ) -> None:
        doorstep.allow(clock=lambda: utc_now() + timedelta(hours=hours), ops_value="doorstep-ops")
        assert "do not agree" in (await browser.sign_in()).text

    async def test_a_clock_that_is_off_a_little_is_none(
        self, browser: ProviderBrowser, doorstep: Doorstep
    ) -> None:
        doorstep.allow(clock=lambda: utc_now() - timedelta(seconds=50), ops_value="doorstep-ops")
        assert (await browser.sign_in()).url == f"{HOME}/dashboard/ops"

    async def test_it_is_asked_for_so_often_only(self, browser: ProviderBrowser) -> None:
        for _ in range(60):
            await browser.visitor.http.get("/dashboard/sign-in/provider/callback")
        page = await browser.visitor.get("/sign-in/provider")
        assert page.status == 429

    async def test_each_reason_has_its_words(self, browser: ProviderBrowser) -> None:
        pages = [
            await browser.visitor.get(f"/sign-in/provider/refused?why={why}")
            for why in IdentityRefusal
        ]
        assert {page.status for page in pages} == {401}
        assert len({page.text for page in pages}) == len(IdentityRefusal)

    async def test_why_is_one_of_ours(self, browser: ProviderBrowser) -> None:
        page = await browser.visitor.get("/sign-in/provider/refused?why=<b>you won</b>")
        assert page.status == 404
        assert "you won" not in page.html


class TestWhoMay:
    async def test_whoever_left_ops_at_the_provider_has_left_here(
        self, browser: ProviderBrowser, provider: Provider
    ) -> None:
        await browser.sign_in()
        provider.person["groups"] = []
        refused = await browser.sign_in()
        assert "does not name you as one of the support team" in refused.text

    async def test_a_partner_s_people_have_a_password(
        self, browser: ProviderBrowser, provider: Provider, owner: Visitor, doorstep: Doorstep
    ) -> None:
        fresh = browser_of(Visitor(owner.app))
        provider.person |= {"email": "owner@shop.example", "groups": []}
        assert "does not use the company's sign-in" in (await fresh.sign_in()).text
        doorstep.allow(for_partners=True)
        assert (await fresh.sign_in()).url == f"{HOME}/dashboard/p/shop"

    async def test_with_passwords_off_those_of_ops_have_none(
        self, ops: Visitor, doorstep: Doorstep, stack: Stack
    ) -> None:
        only = SignIn(stack.database, CHEAP, ops_by_password=False)
        ops.app.state.parts = replace(ops.app.state.parts, sign_in=only)
        fields = {"email": "ops@doorstep.example", "password": PASSWORD}
        refused = await Visitor(ops.app).post("/sign-in", fields, csrf="")
        assert refused.status == 401
        assert "is wrong" in refused.text
        fields = {"email": "new@doorstep.example", "name": "New"}
        invited = await ops.post("/ops/people", fields)
        link = invited.html.partition("/dashboard/invitations/")[2].partition("<")[0].strip('"')
        opened = await Visitor(ops.app).get(f"/invitations/{link.partition(chr(34))[0]}")
        assert opened.url == f"{HOME}/dashboard/sign-in"

    async def test_the_provider_s_second_factor_counts(
        self, browser: ProviderBrowser, stack: Stack
    ) -> None:
        app = browser.visitor.app
        asking = SignIn(stack.database, CHEAP, second_factor=SecondFactorRule.OPS)
        app.state.parts = replace(app.state.parts, sign_in=asking)
        assert (await browser.sign_in()).url == f"{HOME}/dashboard/ops"

    async def test_partners_keep_theirs(self, owner: Visitor, stack: Stack) -> None:
        only = SignIn(stack.database, CHEAP, ops_by_password=False)
        assert only.takes_passwords_of(Role.OWNER)
        owner.app.state.parts = replace(owner.app.state.parts, sign_in=only)
        fields = {"email": "owner@shop.example", "password": PASSWORD}
        entered = await Visitor(owner.app).post("/sign-in", fields, csrf="")
        assert entered.url.endswith("/p/shop")

    async def test_without_a_provider_there_is_no_way(self, visitor: Visitor) -> None:
        assert "provider" not in (await visitor.get("/sign-in")).html
        assert (await visitor.get("/sign-in/provider")).status == 404
