"""`/v1/sms/opt-outs`: added, listed and lifted, and never with the whole phone."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from contracts.access.callers import Scope
from tests.support.keys import make_key
from tests.support.stack import Stack

PHONE, MASKED = "+919876543210", "+91********10"
OPT_OUTS = "/v1/sms/opt-outs"


@pytest.fixture
async def shop(app: FastAPI, lonely: Stack) -> AsyncIterator[httpx.AsyncClient]:
    """A client with a key of the partner `shop`; `rival` is there, too."""
    await lonely.add_partner("rival")
    _, token = await make_key(lonely.database, Scope.PARTNER, "shop")
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://doorstep.test",
        headers={"authorization": f"Bearer {token}"},
    ) as client:
        yield client
    await app.state.parts.keys.settle()


async def add(client: httpx.AsyncClient, phone: str = PHONE, partner_id: str = "shop") -> str:
    answer = await client.post(OPT_OUTS, json={"partner_id": partner_id, "phone": phone})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


class TestAdding:
    @pytest.mark.parametrize("written", [PHONE, "98765 43210", "09876543210", "+91-98765-43210"])
    async def test_the_phone_is_shown_masked(self, lonely: Stack, written: str) -> None:
        asked = {"partner_id": "shop", "phone": written}
        answer = await lonely.api.post(OPT_OUTS, json=asked)
        assert answer.status_code == 201
        shown = answer.json()
        assert shown["phone_masked"] == MASKED
        assert (shown["partner_id"], shown["source"]) == ("shop", "api")
        assert shown["id"].startswith("opt_")
        assert list(shown) == ["id", "partner_id", "phone_masked", "source", "created_at"]

    async def test_again_it_is_the_same(self, lonely: Stack) -> None:
        assert await add(lonely.api) == await add(lonely.api, "9876543210")

    @pytest.mark.parametrize(
        ("asked", "field"),
        [
            ({"partner_id": "nobody", "phone": PHONE}, "partner_id"),
            ({"partner_id": "shop", "phone": "98765"}, "phone"),
            ({"partner_id": "shop"}, "phone"),
            ({"partner_id": "shop", "phone": PHONE, "why": "asked to"}, "why"),
        ],
    )
    async def test_what_is_wrong_is_named_and_not_repeated(
        self, lonely: Stack, asked: dict[str, str], field: str
    ) -> None:
        answer = await lonely.api.post(OPT_OUTS, json=asked)
        assert answer.status_code == 422
        assert [one["field"] for one in answer.json()["errors"]] == [field]
        assert "98765" not in answer.text


class TestListing:
    async def test_pages_follow_each_other(self, lonely: Stack) -> None:
        made = [await add(lonely.api, f"+91987654321{number}") for number in range(3)]
        first = (await lonely.api.get(OPT_OUTS, params={"limit": 2})).json()
        cursor = {"limit": 2, "cursor": first["next_cursor"]}
        second = (await lonely.api.get(OPT_OUTS, params=cursor)).json()
        assert [one["id"] for one in (*first["items"], *second["items"])] == sorted(made)
        assert second["next_cursor"] is None

    async def test_what_was_lifted_is_in_it_no_more(self, lonely: Stack) -> None:
        opt_out_id = await add(lonely.api)
        for _ in range(2):
            lifted = await lonely.api.delete(f"{OPT_OUTS}/{opt_out_id}")
            assert (lifted.status_code, lifted.content) == (204, b"")
        assert (await lonely.api.get(OPT_OUTS)).json()["items"] == []

    async def test_no_answer_and_no_entry_has_the_whole_phone(self, lonely: Stack) -> None:
        opt_out_id = await add(lonely.api)
        await lonely.api.delete(f"{OPT_OUTS}/{opt_out_id}")
        await add(lonely.api)
        for path in (OPT_OUTS, "/v1/audit"):
            answer = await lonely.api.get(path)
            assert "9876543210" not in answer.text
        actions = [one["action"] for one in answer.json()["items"]]
        assert actions[:3] == ["opt_out.added", "opt_out.removed", "opt_out.added"]


class TestAPartner:
    async def test_looks_after_its_own(self, shop: httpx.AsyncClient, lonely: Stack) -> None:
        ours, theirs = await add(shop), await add(lonely.api, partner_id="rival")
        listed = (await shop.get(OPT_OUTS)).json()["items"]
        assert [one["id"] for one in listed] == [ours]
        named = await shop.get(OPT_OUTS, params={"partner_id": "rival"})
        assert named.json()["items"] == []
        assert (await shop.delete(f"{OPT_OUTS}/{theirs}")).status_code == 404
        assert (await shop.delete(f"{OPT_OUTS}/{ours}")).status_code == 204

    async def test_cannot_name_another(self, shop: httpx.AsyncClient) -> None:
        answers = [
            await shop.post(OPT_OUTS, json={"partner_id": partner_id, "phone": PHONE})
            for partner_id in ("rival", "nobody")
        ]
        assert [one.status_code for one in answers] == [422, 422]
        assert answers[0].text.replace("rival", "nobody") == answers[1].text
