"""`/docs`: nothing from elsewhere, nothing inline, and a policy that says so."""

import re

import httpx
import pytest

_ASSETS = ("swagger-ui-bundle.js", "swagger-ui.css", "favicon.png", "doorstep-docs.js")


class TestThePage:
    async def test_it_names_no_address_outside(self, stranger: httpx.AsyncClient) -> None:
        html = (await stranger.get("/docs")).text
        assert "//" not in html
        named = re.findall(r'(?:src|href)="([^"]+)"', html)
        assert sorted(named) == sorted(f"docs/{name}" for name in _ASSETS)

    async def test_it_has_no_script_or_style_of_its_own(self, stranger: httpx.AsyncClient) -> None:
        html = (await stranger.get("/docs")).text
        assert re.findall(r"<script[^>]*>([^<]+)", html) == []
        assert not re.search(r"<style|style=|\son\w+=", html)

    async def test_its_policy_lets_in_only_what_we_serve(self, stranger: httpx.AsyncClient) -> None:
        policy = (await stranger.get("/docs")).headers["content-security-policy"]
        parts = dict(part.split(" ", 1) for part in policy.split("; "))
        assert parts["default-src"] == "'none'"
        assert {parts["script-src"], parts["style-src"], parts["connect-src"]} == {"'self'"}
        assert parts["frame-ancestors"] == "'none'"
        assert "unsafe" not in policy

    @pytest.mark.parametrize("name", _ASSETS)
    async def test_what_it_loads_is_there(self, stranger: httpx.AsyncClient, name: str) -> None:
        answer = await stranger.get(f"/docs/{name}")
        assert answer.status_code == 200
        assert answer.content
        assert answer.headers["cache-control"] == "public, max-age=3600"

    @pytest.mark.parametrize("name", ["redoc.standalone.js", "..", "%2e%2e%2fcore.py"])
    async def test_nothing_else_is(self, stranger: httpx.AsyncClient, name: str) -> None:
        assert (await stranger.get(f"/docs/{name}")).status_code == 404


class TestTheHeaders:
    @pytest.mark.parametrize("path", ["/healthz", "/v1/partners", "/nowhere", "/v1/schemas/1.0"])
    async def test_every_answer_has_them(self, stranger: httpx.AsyncClient, path: str) -> None:
        headers = (await stranger.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"

    async def test_what_may_be_personal_is_stored_nowhere(self, api: httpx.AsyncClient) -> None:
        for path in ("/v1/events", "/v1/partners", "/v1/events/evt-none"):
            assert (await api.get(path)).headers["cache-control"] == "no-store"
