"""`Idempotency-Key`: what makes a secret is done once, and a repeat is given the same answer."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlmodel import select

from contracts.access.callers import Scope
from contracts.endpoints.endpoints import RotateSecret
from store.access import idempotency
from store.access.idempotency import KEPT_FOR, Repeatable, once
from store.tables import ApiKeyRow, EndpointRow, EndpointSecretRow, IdempotencyKeyRow
from tests.support.keys import make_key
from tests.support.shelf import NOW, Shelf
from tests.support.stack import Stack

URL = "https://93.184.215.14/doorstep"  # an address, so that no name is looked up
ENDPOINT = {"partner_id": "shop", "url": URL}
KEY = {"scope": "partner", "partner_id": "shop", "label": "a program"}
ASKED = {"idempotency-key": "a-key-of-the-client"}


@pytest.fixture
async def shop(lonely: Stack) -> Shelf:
    """The store, with the one partner."""
    return Shelf(lonely.database)


async def post(api: httpx.AsyncClient, path: str, body: Any, **headers: str) -> httpx.Response:
    """Ask with the client's key."""
    return await api.post(path, json=body, headers={**ASKED, **headers})


@pytest.mark.parametrize(
    ("path", "body", "row"),
    [("/v1/endpoints", ENDPOINT, EndpointRow), ("/v1/keys", KEY, ApiKeyRow)],
)
class TestARepeat:
    async def test_is_given_the_same_answer(
        self, api: httpx.AsyncClient, shop: Shelf, path: str, body: Any, row: Any
    ) -> None:
        first, second = [await post(api, path, body) for _ in range(2)]
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json() == second.json()
        assert await shop.count(row) == 1

    async def test_at_the_same_time(
        self, api: httpx.AsyncClient, shop: Shelf, path: str, body: Any, row: Any
    ) -> None:
        answers = await asyncio.gather(*(post(api, path, body) for _ in range(4)))
        assert len({answer.text for answer in answers}) == 1
        assert await shop.count(row) == 1

    async def test_with_another_body_is_refused(
        self, api: httpx.AsyncClient, shop: Shelf, path: str, body: Any, row: Any
    ) -> None:
        assert (await post(api, path, body)).status_code == 201
        named = "label" if "label" in body else "description"
        answer = await post(api, path, {**body, named: "another"})
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/conflict")
        assert await shop.count(row) == 1


class TestWhatIsKept:
    async def test_after_a_failure_the_same_key_may_be_used(
        self, lonely: Stack, api: httpx.AsyncClient
    ) -> None:
        other = {**ENDPOINT, "partner_id": "rival"}
        assert (await post(api, "/v1/endpoints", other)).status_code == 422
        await Shelf(lonely.database).add_partner("rival")
        assert (await post(api, "/v1/endpoints", other)).status_code == 201

    async def test_a_rotation_gives_one_new_secret(
        self, api: httpx.AsyncClient, shop: Shelf
    ) -> None:
        endpoint = await shop.add_endpoint()
        path = f"/v1/endpoints/{endpoint.id}/rotate-secret"
        first, second = [await post(api, path, {}) for _ in range(2)]
        assert first.json()["secret"] == second.json()["secret"]
        assert await shop.count(EndpointSecretRow) == 2

    async def test_another_caller_s_key_is_another(
        self, lonely: Stack, api: httpx.AsyncClient, shop: Shelf
    ) -> None:
        _, token = await make_key(lonely.database, Scope.PARTNER, "shop", now=NOW)
        ours = await post(api, "/v1/keys", KEY)
        theirs = await post(api, "/v1/keys", KEY, authorization=f"Bearer {token}")
        assert ours.json()["key"] != theirs.json()["key"]

    async def test_it_is_encrypted_and_ends_after_a_day(
        self, api: httpx.AsyncClient, shop: Shelf
    ) -> None:
        made = (await post(api, "/v1/keys", KEY)).json()
        [row] = await shop.database.read(lambda s: s.exec(select(IdempotencyKeyRow)).all())
        assert made["key"] not in str(row.answer)
        await shop.change(IdempotencyKeyRow, row.key, expires_at=row.expires_at - KEPT_FOR)
        again = await post(api, "/v1/keys", KEY)
        assert again.json()["id"] != made["id"]
        assert (await post(api, "/v1/keys", KEY)).json() == again.json()
        assert await shop.count(IdempotencyKeyRow) == 1

    async def test_an_ended_one_that_is_still_there_is_made_anew(
        self, shop: Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Only so many are forgotten at once, and those that another one holds are left."""
        monkeypatch.setattr(idempotency, "_forget_ended", lambda *_: None)
        repeat = Repeatable("key", "request")
        for moment, immediate in ((NOW, True), (NOW + KEPT_FOR, False), (NOW + KEPT_FOR, True)):
            answer = RotateSecret(immediate=immediate)
            made = await shop.database.write(
                once, repeat, RotateSecret, lambda _, a=answer: a, moment
            )
            assert made.immediate is (moment == NOW)
