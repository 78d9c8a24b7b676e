"""`/v1/sms/templates` and `/v1/sms/preview`: what texts say, as a sample order reads."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from contracts.access.callers import Scope
from contracts.payload.events import EventType
from contracts.sms.templates import SHIPPED, SHIPPED_VERSION
from tests.support.keys import make_key
from tests.support.parts import SENDER
from tests.support.stack import Stack

TEMPLATES, PREVIEW = "/v1/sms/templates", "/v1/sms/preview"
CONFIRMED = f"{TEMPLATES}/order_confirmed/en"
OURS = "{shop} has your order {order_id}."
SHOP = {"partner_id": "shop"}
REGISTERED = f"/v1/sms/senders/{SENDER}"
CONTENT = "1107160000000000123"


@pytest.fixture
async def shop(app: FastAPI, lonely: Stack) -> AsyncIterator[httpx.AsyncClient]:
    """A client with a key of the partner `shop`."""
    _, token = await make_key(lonely.database, Scope.PARTNER, "shop")
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://doorstep.test",
        headers={"authorization": f"Bearer {token}"},
    ) as client:
        yield client
    await app.state.parts.keys.settle()


async def put(client: httpx.AsyncClient, text: str, path: str = CONFIRMED) -> dict[str, Any]:
    answer = await client.put(path, json={**SHOP, "text": text})
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def preview(stack: Stack, **asked: Any) -> dict[str, Any]:
    asked = {**SHOP, "event_type": "order_confirmed", **asked}
    answer = await stack.api.post(PREVIEW, json=asked)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def register(stack: Stack, text: str | None = None) -> None:
    """Register the sender of the tests, with a text if there is one."""
    asked: dict[str, str] = {"entity_id": "1101234567890123456", "header": "DRSTEP"}
    assert (await stack.api.put(REGISTERED, json=asked)).status_code == 200
    if text is not None:
        asked = {"event_type": "order_confirmed", "language": "en", "text": text}
        asked["category"] = "service_implicit"
        answer = await stack.api.put(f"{REGISTERED}/templates/{CONTENT}", json=asked)
        assert answer.status_code == 200, answer.text


class TestTheList:
    async def test_shows_how_each_text_reads(self, lonely: Stack) -> None:
        answer = await lonely.api.get(TEMPLATES, params=SHOP)
        items = answer.json()["items"]
        assert len(items) == sum(map(len, SHIPPED.values()))
        [hindi] = [
            one for one in items if (one["event_type"], one["language"]) == ("delivered", "hi")
        ]
        assert hindi["text"] == SHIPPED[EventType.DELIVERED]["hi"]  # type: ignore[index]
        assert (hindi["own"], hindi["version"]) == (False, SHIPPED_VERSION)
        assert (hindi["encoding"], hindi["parts"]) == ("UCS-2", 1)
        assert hindi["sample"].startswith("Chai Point: आपका ऑर्डर ORD-")
        assert "{" not in hindi["sample"]

    async def test_ops_name_the_partner(self, lonely: Stack) -> None:
        answer = await lonely.api.get(TEMPLATES)
        assert answer.status_code == 422
        assert [one["field"] for one in answer.json()["errors"]] == ["partner_id"]
        assert (await lonely.api.get(TEMPLATES, params={"partner_id": "x"})).status_code == 404

    async def test_a_partner_need_not(self, shop: httpx.AsyncClient) -> None:
        own = (await shop.get(TEMPLATES)).json()
        assert own == (await shop.get(TEMPLATES, params=SHOP)).json()
        assert {one["partner_id"] for one in own["items"]} == {"shop"}


class TestAnOwnText:
    async def test_is_shown_as_a_sample_order_reads(self, shop: httpx.AsyncClient) -> None:
        shown = await put(shop, f"  {OURS}\n")
        assert shown == {
            **SHOP,
            "event_type": "order_confirmed",
            "language": "en",
            "text": OURS,
            "own": True,
            "version": 1,
            "encoding": "GSM-7",
            "parts": 1,
            "sample": "Chai Point has your order ORD-48213.",
            "warnings": [],
        }
        listed = (await shop.get(TEMPLATES)).json()["items"]
        del shown["warnings"]
        assert shown in listed

    async def test_warnings_are_told(self, lonely: Stack) -> None:
        path = f"{TEMPLATES}/out_for_delivery/en"
        shown = await put(lonely.api, "{shop}: order {order_id} is on its way.", path)
        assert any("OTP" in one for one in shown["warnings"])

    async def test_has_versions(self, lonely: Stack, shop: httpx.AsyncClient) -> None:
        for text in (OURS, OURS, f"{OURS} Thank you."):
            await put(shop, text)
        assert (await shop.delete(CONFIRMED)).status_code == 204
        answer = await lonely.api.get(f"{CONFIRMED}/versions", params=SHOP)
        items = answer.json()["items"]
        assert [(one["version"], one["text"]) for one in items] == [
            (3, None),
            (2, f"{OURS} Thank you."),
            (1, OURS),
        ]
        assert all(one["created_by"].startswith("key_") for one in items)
        assert (await shop.get(f"{CONFIRMED}/versions")).json() == answer.json()

    async def test_is_removed_once(self, lonely: Stack) -> None:
        await put(lonely.api, OURS)
        for status in (204, 404):
            answer = await lonely.api.delete(CONFIRMED, params=SHOP)
            assert answer.status_code == status
        assert not any(
            one["own"] for one in (await lonely.api.get(TEMPLATES, params=SHOP)).json()["items"]
        )

    async def test_with_errors_is_refused_with_all_of_them(self, lonely: Stack) -> None:
        body = {**SHOP, "text": "{colour} is at bit.ly/x"}
        answer = await lonely.api.put(CONFIRMED, json=body)
        assert answer.status_code == 422
        [fault] = answer.json()["errors"]
        assert fault["field"] == "text"
        assert "bit.ly" in fault["message"]
        assert "colour" in fault["message"]

    @pytest.mark.parametrize("path", ["parcel_lost/en", "order_confirmed/fr"])
    async def test_has_a_type_and_a_language_that_we_know(self, lonely: Stack, path: str) -> None:
        answer = await lonely.api.put(f"{TEMPLATES}/{path}", json={**SHOP, "text": OURS})
        assert answer.status_code == 422

    @pytest.mark.parametrize("text", ["", "   ", "x" * 5_000, "a\x00b"])
    async def test_is_not_empty_or_endless(self, lonely: Stack, text: str) -> None:
        answer = await lonely.api.put(CONFIRMED, json={**SHOP, "text": text})
        assert [one["field"] for one in answer.json()["errors"]] == ["text"]

    async def test_of_another_partner_is_told_from_none_by_nothing(
        self, lonely: Stack, shop: httpx.AsyncClient
    ) -> None:
        await lonely.add_partner("rival")
        body = {"partner_id": "rival", "text": OURS}
        assert (await lonely.api.put(CONFIRMED, json=body)).status_code == 200
        for method, path in (
            ("GET", TEMPLATES),
            ("DELETE", CONFIRMED),
            ("GET", f"{CONFIRMED}/versions"),
            ("PUT", CONFIRMED),
            ("POST", PREVIEW),
        ):
            theirs, unknown = [
                await shop.request(
                    method,
                    path,
                    params={"partner_id": named},
                    json={"partner_id": named, **_rest(method)} if method[0] == "P" else None,
                )
                for named in ("rival", "nobody")
            ]
            assert theirs.status_code == (422 if method[0] == "P" else 404)
            assert theirs.text.replace("rival", "nobody") == unknown.text


class TestThePreview:
    async def test_of_the_text_in_force(self, lonely: Stack) -> None:
        shown = await preview(lonely)
        assert shown["text"].startswith("Chai Point: your order ORD-48213 is confirmed.")
        assert (shown["encoding"], shown["parts"]) == ("GSM-7", 1)
        assert shown["characters"] == len(shown["text"])
        assert (shown["errors"], shown["registered"]) == ([], None)

    async def test_in_the_partner_s_language(self, lonely: Stack) -> None:
        changed = await lonely.api.patch("/v1/partners/shop", json={"sms_language": "hi"})
        assert changed.status_code == 200
        assert "ऑर्डर" in (await preview(lonely))["text"]
        assert "confirmed" in (await preview(lonely, language="en"))["text"]

    async def test_of_a_text_that_is_not_kept(self, lonely: Stack) -> None:
        shown = await preview(lonely, text="{shop} at bit.ly/x: {colour}.")
        assert shown["text"].startswith("Chai Point at bit.ly/x: ")
        assert len(shown["errors"]) >= 2
        answer = await lonely.api.get(f"{CONFIRMED}/versions", params=SHOP)
        assert answer.json()["items"] == []

    @pytest.mark.parametrize("public_url", [None, "https://sms.chaipoint.example"])
    async def test_has_the_link_that_a_text_would_have(
        self, lonely: Stack, app: FastAPI, public_url: str | None
    ) -> None:
        parts = app.state.parts
        app.state.parts = replace(
            parts, text_rules=replace(parts.text_rules, public_url=public_url)
        )
        text = (await preview(lonely, text=f"{OURS}[ Stop: {{opt_out}}]"))["text"]
        stop = f" Stop: {public_url}/o/" if public_url else ""
        assert text.removesuffix("Vk3xQ9tRb7Lm") == f"Chai Point has your order ORD-48213.{stop}"


class TestWhatIsRegistered:
    async def test_a_match_names_the_template(self, lonely: Stack) -> None:
        await register(lonely, "{#alphanumeric#} has your order {#alphanumeric#}.")
        shown = await preview(lonely, text=OURS)
        assert shown["registered"] == {"content_template_id": CONTENT, "departure": None}

    async def test_a_departure_says_where(self, lonely: Stack) -> None:
        await register(lonely, "{#alphanumeric#} holds your order {#alphanumeric#}.")
        registered = (await preview(lonely, text=OURS))["registered"]
        assert registered["content_template_id"] == CONTENT
        assert registered["departure"]

    async def test_without_a_template_nothing_leaves(self, lonely: Stack) -> None:
        await register(lonely)
        registered = (await preview(lonely, text=OURS))["registered"]
        assert registered["content_template_id"] is None
        assert "register" in registered["departure"]

    async def test_a_text_that_would_be_blocked_is_not_saved(self, lonely: Stack) -> None:
        await register(lonely, "{#alphanumeric#} holds your order {#alphanumeric#}.")
        assert (await preview(lonely, text=OURS))["errors"]
        asked = {**SHOP, "text": OURS}
        answer = await lonely.api.put(CONFIRMED, json=asked)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "text")
        versions = await lonely.api.get(f"{CONFIRMED}/versions", params=SHOP)
        assert versions.json()["items"] == []

    async def test_nor_is_the_shipped_one_put_back_where_it_would_be(self, lonely: Stack) -> None:
        await register(lonely, "{#alphanumeric#} has your order {#alphanumeric#}.")
        saved = await lonely.api.put(CONFIRMED, json={**SHOP, "text": OURS})
        assert saved.status_code == 200
        assert (await lonely.api.delete(CONFIRMED, params=SHOP)).status_code == 409

    async def test_it_is_the_partner_s_sender_that_counts(self, lonely: Stack) -> None:
        await register(lonely)
        changed = await lonely.api.patch("/v1/partners/shop", json={"sms_sender": "CHAIPT"})
        assert changed.status_code == 200
        assert (await preview(lonely, text=OURS))["registered"] is None


def _rest(method: str) -> dict[str, str]:
    return {"text": OURS} if method == "PUT" else {"event_type": "delivered"}
