"""Instructions over the API: given, repeated, listed as a feed, decided, posted again."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.instruction_views import InstructionPage
from contracts.access.callers import Scope
from contracts.delivery.verdicts import Answer
from contracts.instructions.posts import PostState
from contracts.instructions.words import GivenBy
from store.instructions.posts import settle_post
from store.tables import InstructionRow
from tests.support.instructions import NEW_ADDRESS, NEW_PHONE, Counter, a_failed_delivery
from tests.support.keys import make_key
from tests.support.shelf import Shelf

ORDER = "/v1/orders/ORD-1/instructions"
GIVEN = {"partner_id": "shop", "action": "hold"}


@pytest.fixture
async def failed(shelf: Shelf) -> Counter:
    """An order of `shop` whose delivery has failed just now."""
    now = datetime.now(UTC)
    await shelf.accept(a_failed_delivery(at=now), now=now)
    return Counter(shelf)


@pytest.fixture
async def merchant(app: FastAPI, shelf: Shelf) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the partner's own key."""
    _, token = await make_key(shelf.database, Scope.PARTNER, "shop")
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://doorstep.test",
        headers={"authorization": f"Bearer {token}"},
    ) as client:
        yield client
    await app.state.parts.keys.settle()


async def give(client: httpx.AsyncClient, **asked: Any) -> dict[str, Any]:
    """Give one that is taken."""
    answer = await client.post(ORDER, json={**GIVEN, **asked})
    assert answer.status_code == 201, answer.text
    given: dict[str, Any] = answer.json()
    return given


class TestGiving:
    async def test_by_ops_and_by_the_merchant(
        self, api: httpx.AsyncClient, merchant: httpx.AsyncClient, failed: Counter
    ) -> None:
        first = await give(api)
        assert (first["given_by"], first["state"]) == ("ops", "open")
        answer = await merchant.post(
            ORDER, json={"action": "change_address", "address": NEW_ADDRESS, "phone": "98450 12345"}
        )
        second = answer.json()
        assert (second["given_by"], second["state"]) == ("merchant", "open"), "no code for them"
        assert (second["supersedes"], second["phone"]) == (first["id"], NEW_PHONE)
        assert second["address"] == {"line2": None, "landmark": None, "state": None} | NEW_ADDRESS
        assert second["date"] is None, "null, not absent"
        for client in (api, merchant):
            shown = (await client.get(f"/v1/instructions/{second['id']}")).json()
            assert shown.pop("attempts") == []
            assert shown == second

    async def test_an_order_id_may_have_slashes(
        self, api: httpx.AsyncClient, shelf: Shelf, failed: Counter
    ) -> None:
        now = datetime.now(UTC)
        await shelf.accept(a_failed_delivery("INV/26/7", at=now), now=now)
        path = "/v1/orders/INV%2F26%2F7/instructions"
        assert (await api.post(path, json=GIVEN)).json()["order_id"] == "INV/26/7"
        answer = await api.get(path, params={"partner_id": "shop"})
        assert len(answer.json()["items"]) == 1

    async def test_a_repeat_with_its_key_is_the_same(
        self, api: httpx.AsyncClient, failed: Counter
    ) -> None:
        headers = {"idempotency-key": "k-1"}
        first = await api.post(ORDER, json=GIVEN, headers=headers)
        other = await give(api, action="return")
        again = await api.post(ORDER, json=GIVEN, headers=headers)
        assert again.json() == first.json()
        [stands] = (await api.get("/v1/instructions", params={"state": "open"})).json()["items"]
        assert stands["id"] == other["id"]
        another = await api.post(ORDER, json={**GIVEN, "action": "return"}, headers=headers)
        assert another.status_code == 409

    @pytest.mark.parametrize(
        ("asked", "field"),
        [
            ({"action": "reschedule"}, "date"),
            ({"action": "reschedule", "date": "2020-01-01"}, "date"),
            ({"partner_id": None}, "partner_id"),
        ],
    )
    async def test_what_is_refused_names_its_field(
        self, api: httpx.AsyncClient, failed: Counter, asked: dict[str, Any], field: str
    ) -> None:
        answer = await api.post(ORDER, json={**GIVEN, **asked})
        assert answer.status_code == 422
        assert [fault["field"] for fault in answer.json()["errors"]] == [field]

    async def test_too_late_is_a_conflict(self, api: httpx.AsyncClient, failed: Counter) -> None:
        given = await give(api)
        await api.post(f"/v1/instructions/{given['id']}/decision", json={"decision": "accepted"})
        answer = await api.post(ORDER, json={**GIVEN, "action": "return"})
        assert answer.status_code == 409

    async def test_what_may_be_asked_for(
        self, merchant: httpx.AsyncClient, failed: Counter
    ) -> None:
        choices = (await merchant.get(ORDER)).json()["choices"]
        assert choices["refused"] is None
        assert "reschedule" in choices["actions"]
        wished = choices["days"][-1]
        answer = await merchant.post(
            ORDER,
            json={"action": "reschedule", "date": wished["date"], "slot": wished["slots"][-1]},
        )
        assert answer.status_code == 201
        path = f"/v1/instructions/{answer.json()['id']}/decision"
        assert (await merchant.post(path, json={"decision": "accepted"})).status_code == 403
        await failed.decide(answer.json()["id"], now=datetime.now(UTC))
        assert (await merchant.get(ORDER)).json()["choices"]["refused"] == "decided"


class TestTheFeed:
    async def test_an_oms_that_polls_goes_on_behind_the_last_number(
        self, api: httpx.AsyncClient, failed: Counter
    ) -> None:
        ids = [(await give(api, action=one))["id"] for one in ("hold", "return", "reattempt")]
        page = InstructionPage.model_validate_json(
            (await api.get("/v1/instructions", params={"limit": 2})).text
        )
        assert [one.id for one in page.items] == ids[:2]
        following = await api.get("/v1/instructions", params={"cursor": page.next_cursor})
        last = following.json()
        assert ([one["id"] for one in last["items"]], last["next_cursor"]) == (ids[2:], None)
        nothing = await api.get("/v1/instructions", params={"cursor": last["items"][0]["number"]})
        assert nothing.json()["items"] == []

    async def test_filters(self, api: httpx.AsyncClient, failed: Counter) -> None:
        given = await give(api)
        later = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
        for params, found in (
            ({"order_id": "ORD-1", "partner_id": "shop", "state": "open"}, [given["id"]]),
            ({"order_id": "ORD-2"}, []),
            ({"state": "closed"}, []),
            ({"since": later}, []),
        ):
            answer = await api.get("/v1/instructions", params=params)
            assert [one["id"] for one in answer.json()["items"]] == found, params

    async def test_what_waits_for_a_code_is_with_its_order_only(
        self, api: httpx.AsyncClient, failed: Counter
    ) -> None:
        waiting = await failed.give(
            "reattempt", by=GivenBy.CUSTOMER, phone=NEW_PHONE, now=datetime.now(UTC)
        )
        assert (await api.get("/v1/instructions")).json()["items"] == []
        shown = (await api.get(ORDER, params={"partner_id": "shop"})).json()
        assert [one["id"] for one in shown["items"]] == [waiting.id]


class TestTheDecision:
    async def test_again_it_is_the_same_and_another_is_a_conflict(
        self, api: httpx.AsyncClient, failed: Counter
    ) -> None:
        path = f"/v1/instructions/{(await give(api))['id']}/decision"
        said = {
            "decision": "accepted",
            "reason": "kept at the hub in Kothrud",
            "next_attempt_at": "2026-12-24T10:00:00+05:30",
        }
        first = await api.post(path, json=said)
        assert first.status_code == 200
        assert (await api.post(path, json=said)).json() == first.json()
        assert first.json()["next_attempt_at"] == "2026-12-24T04:30:00Z"
        assert first.json()["decision_reason"] == "kept at the hub in Kothrud"
        assert (await api.post(path, json={"decision": "rejected"})).status_code == 409

    async def test_one_that_the_oms_had_from_the_feed_is_not_posted(
        self, api: httpx.AsyncClient, failed: Counter, shelf: Shelf
    ) -> None:
        given = await give(api)
        await api.post(f"/v1/instructions/{given['id']}/decision", json={"decision": "accepted"})
        row = await shelf.one(InstructionRow, given["id"])
        assert (row.post_state, row.post_code) == (PostState.SKIPPED, "decided")


class TestTheRetry:
    async def test_of_a_dead_letter_only(self, api: httpx.AsyncClient, failed: Counter) -> None:
        given, now = await give(api), datetime.now(UTC)
        path = f"/v1/instructions/{given['id']}"
        assert (await api.post(f"{path}/retry")).status_code == 409
        ready = await failed.ready_post(now)
        await failed.shelf.database.write(
            settle_post, ready.attempt_id, Answer("http_410", 410), now
        )
        shown = (await api.get(path)).json()
        assert (shown["post_state"], shown["post_code"]) == ("dead_lettered", "http_410")
        assert [one["code"] for one in shown["attempts"]] == ["http_410"]
        again = await api.post(f"{path}/retry")
        assert (again.status_code, again.json()["post_state"]) == (202, "waiting")
