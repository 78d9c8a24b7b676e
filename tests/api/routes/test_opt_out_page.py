"""`/o/{token}`: a page with one button, which nothing but a press on it changes."""

import base64
import hashlib
import re

import httpx
import pytest
from fastapi import FastAPI

from dispatch.gateway import Gateway
from store.db.database import Database
from store.sms import opt_outs
from tests.support.encryption import KEYRING
from tests.support.parts import make_parts
from tests.support.postgres import NOWHERE
from tests.support.shelf import NOW
from tests.support.stack import Stack

PHONE, MASKED = "+919876543210", "+91********10"
HOSTILE = 'A & "B" <script>alert(1)</script> {token}'


@pytest.fixture
async def link(lonely: Stack) -> str:
    """The path of a customer's link at the shop."""
    token = await lonely.database.write(opt_outs.link_token, "shop", PHONE, NOW)
    return f"/o/{token}"


async def opted_out(stack: Stack) -> list[str]:
    """How those opted out whose opt-outs are in force."""
    items = (await stack.api.get("/v1/sms/opt-outs")).json()["items"]
    return [one["source"] for one in items]


class TestOpening:
    async def test_it_names_the_shop_and_the_masked_phone(
        self, stranger: httpx.AsyncClient, link: str
    ) -> None:
        answer = await stranger.get(link)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "Chai Point" in answer.text
        assert MASKED in answer.text
        assert "9876543210" not in answer.text

    async def test_it_speaks_english_and_hindi(
        self, stranger: httpx.AsyncClient, link: str
    ) -> None:
        html = (await stranger.get(link)).text
        assert '<html lang="en">' in html
        assert "Stop the texts" in html
        assert '<p lang="hi">' in html
        assert "बंद करें" in html

    async def test_it_changes_nothing_however_often(
        self, stranger: httpx.AsyncClient, link: str, lonely: Stack
    ) -> None:
        pages = [(await stranger.get(link)).text for _ in range(3)]
        assert len(set(pages)) == 1
        assert await opted_out(lonely) == []

    async def test_it_has_one_button_and_no_way_elsewhere(
        self, stranger: httpx.AsyncClient, link: str
    ) -> None:
        html = (await stranger.get(link)).text
        assert html.count("<button") == html.count("<form") == 1
        assert '<form method="post">' in html
        assert not re.search(r"<script|<a |<img|<link|src=|href=|style=|\son\w+=|//", html)

    async def test_a_shop_s_name_is_only_a_name(
        self, stranger: httpx.AsyncClient, link: str, lonely: Stack
    ) -> None:
        changed = await lonely.api.patch("/v1/partners/shop", json={"name": HOSTILE})
        assert changed.status_code == 200
        for answer in (await stranger.get(link), await stranger.post(link)):
            assert "<script" not in answer.text
            assert "A &amp; &quot;B&quot; &lt;script&gt;" in answer.text
            assert "{token}" in answer.text


class TestPressing:
    async def test_it_stops_the_texts_and_says_so(
        self, stranger: httpx.AsyncClient, link: str, lonely: Stack
    ) -> None:
        for _ in range(2):
            answer = await stranger.post(link)
            assert answer.status_code == 200
            assert "The texts are stopped" in answer.text
            assert MASKED in answer.text
            assert "<button" not in answer.text
        assert await opted_out(lonely) == ["link"]
        assert "The texts are stopped" in (await stranger.get(link)).text

    async def test_the_audit_log_says_that_it_was_the_customer(
        self, stranger: httpx.AsyncClient, link: str, lonely: Stack
    ) -> None:
        await stranger.post(link)
        entry = (await lonely.api.get("/v1/audit")).json()["items"][0]
        assert (entry["action"], entry["actor"]) == ("opt_out.added", "customer")
        assert entry["details"] == {"source": "link"}

    async def test_one_who_comes_back_can_stop_them_again(
        self, stranger: httpx.AsyncClient, link: str, lonely: Stack
    ) -> None:
        await stranger.post(link)
        [opt_out] = (await lonely.api.get("/v1/sms/opt-outs")).json()["items"]
        await lonely.api.delete(f"/v1/sms/opt-outs/{opt_out['id']}")
        assert "<button" in (await stranger.get(link)).text
        await stranger.post(link)
        assert await opted_out(lonely) == ["link"]


class TestAnUnknownLink:
    @pytest.mark.parametrize("token", ["a" * 12, "x", "%00", "%E0%A4%A8", "y" * 900])
    @pytest.mark.parametrize("method", ["GET", "POST"])
    async def test_is_a_page_without_a_hint(
        self, stranger: httpx.AsyncClient, link: str, lonely: Stack, method: str, token: str
    ) -> None:
        answer = await stranger.request(method, f"/o/{token}")
        assert answer.status_code == 404
        assert answer.text == (await stranger.get("/o/bbbbbbbbbbbb")).text
        assert "This link is not known" in answer.text
        assert "Chai Point" not in answer.text
        assert await opted_out(lonely) == []


class TestWithoutTheDatabase:
    @pytest.mark.parametrize("method", ["GET", "POST"])
    async def test_the_customer_is_asked_to_come_back(
        self, stranger: httpx.AsyncClient, app: FastAPI, gateway: Gateway, method: str
    ) -> None:
        gone = Database(NOWHERE, KEYRING)
        app.state.parts = make_parts(gone, gateway)
        answer = await stranger.request(method, "/o/aaaaaaaaaaaa")
        gone.close()
        assert answer.status_code == 503
        assert "Try again in a while" in answer.text


class TestTheHeaders:
    @pytest.mark.parametrize(("method", "known"), [("GET", True), ("POST", True), ("GET", False)])
    async def test_it_is_kept_and_found_nowhere(
        self, stranger: httpx.AsyncClient, link: str, method: str, known: bool
    ) -> None:
        answer = await stranger.request(method, link if known else "/o/aaaaaaaaaaaa")
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-robots-tag"] == "noindex"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert '<meta name="robots" content="noindex">' in answer.text

    async def test_its_policy_lets_in_its_one_style_and_nothing_else(
        self, stranger: httpx.AsyncClient, link: str
    ) -> None:
        answer = await stranger.get(link)
        [style] = re.findall(r"<style>(.*?)</style>", answer.text, flags=re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert answer.headers["content-security-policy"].split("; ") == [
            "default-src 'none'",
            f"style-src 'sha256-{digest}'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]


def test_it_is_not_in_the_document(app: FastAPI) -> None:
    assert not [path for path in app.openapi()["paths"] if path.startswith("/o/")]
