"""`/v1/dead-letters`: pages and filters, one in full, many sent again, and given up for good."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from contracts.access.callers import Scope
from contracts.delivery.messages import RecordDeadLetter, RetryRequest
from contracts.delivery.states import DeadLetterReason, DeliveryState, EndpointState
from contracts.errors import EngineUnavailable
from dispatch.gateway import Gateway
from store.deliveries.dead_lettering import record_dead_letter
from store.events.outbox import Startable
from store.retries import dead_letters as bulk
from store.tables import DeadLetterRow, DeliveryRow, EndpointRow
from tests.support.keys import make_key
from tests.support.shelf import Shelf, Webhook, after, an_event
from tests.support.stack import Stack

QUEUE = "/v1/dead-letters"
NOT_TAKEN = "Temporal did not take the retry: ask again"


class Ear(Gateway):
    """Hears retries where Temporal would, and refuses them when it has heard enough."""

    def __init__(self, most: int = 1_000) -> None:
        self.heard: list[tuple[str, RetryRequest]] = []
        self._most = most

    async def request_retry(self, event: Startable, request: RetryRequest) -> None:
        """Note the retry."""
        if len(self.heard) >= self._most:
            raise EngineUnavailable(NOT_TAKEN)
        self.heard.append((event.event_id, request))


def put_in(app: FastAPI, ear: Ear) -> Ear:
    """Let the app ask this one."""
    app.state.parts = replace(app.state.parts, gateway=ear)
    return ear


@pytest.fixture
def ear(app: FastAPI) -> Ear:
    """Takes every retry."""
    return put_in(app, Ear())


async def add(shelf: Shelf, seconds: float = 0, **event: Any) -> DeadLetterRow:
    """A dead letter of an event of its own, so many seconds after NOW."""
    planned = (await shelf.plan(an_event(**event))).deliveries[0]
    dead_letter = RecordDeadLetter(planned.delivery_id, DeadLetterReason.EXHAUSTED, "http_503")
    await shelf.database.write(record_dead_letter, dead_letter, after(seconds))
    [row] = await shelf.all_of(DeadLetterRow, planned.delivery_id)
    return row


@pytest.fixture
async def dead_letters(shelf: Shelf) -> list[DeadLetterRow]:
    """Three of the partner `shop`, the oldest first."""
    await shelf.add_endpoint()
    return [await add(shelf, number) for number in range(3)]


async def read(api: httpx.AsyncClient, path: str = QUEUE, **asked: Any) -> Any:
    answer = await api.get(path, params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def post(api: httpx.AsyncClient, verb: str, status: int, **body: Any) -> Any:
    answer = await api.post(f"{QUEUE}/{verb}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def as_partner(stack: Stack, partner_id: str) -> None:
    """From here on the client has a key of this partner."""
    _, token = await make_key(stack.database, Scope.PARTNER, partner_id)
    stack.api.headers["authorization"] = f"Bearer {token}"


class TestListing:
    async def test_pages_newest_first(
        self, lonely: Stack, dead_letters: list[DeadLetterRow]
    ) -> None:
        first = await read(lonely.api, limit=2)
        second = await read(lonely.api, limit=2, cursor=first["next_cursor"])
        seen = [one["id"] for one in first["items"] + second["items"]]
        assert seen == [one.id for one in reversed(dead_letters)]
        assert second["next_cursor"] is None

    async def test_filters(self, lonely: Stack, dead_letters: list[DeadLetterRow]) -> None:
        for asked, count in (
            ({"partner_id": "shop"}, 3),
            ({"partner_id": "rival"}, 0),
            ({"channel": "sms"}, 0),
            ({"reason": "exhausted", "event_type": "order_confirmed"}, 3),
            ({"endpoint_id": "ep_none"}, 0),
            ({"since": after(1).isoformat()}, 2),
            ({"until": after(1).isoformat()}, 1),
            ({"open": "false"}, 0),
        ):
            assert len((await read(lonely.api, **asked))["items"]) == count, asked

    async def test_a_partner_sees_its_own(
        self, lonely: Stack, shelf: Shelf, dead_letters: list[DeadLetterRow]
    ) -> None:
        await lonely.add_partner("rival")
        await as_partner(lonely, "rival")
        assert (await read(lonely.api))["items"] == []
        assert (await lonely.api.get(f"{QUEUE}/{dead_letters[0].id}")).status_code == 404

    async def test_nothing_of_the_customer_is_in_it(
        self, lonely: Stack, dead_letters: list[DeadLetterRow]
    ) -> None:
        listed = (await lonely.api.get(QUEUE)).text
        inspected = (await lonely.api.get(f"{QUEUE}/{dead_letters[0].id}")).text
        for personal in ("Asha", "Kulkarni", "98765", "Lakshmi", "483920"):
            assert personal not in listed + inspected


class TestInspecting:
    async def test_one_has_its_delivery_with_every_attempt(
        self, lonely: Stack, shelf: Shelf
    ) -> None:
        endpoint = await shelf.add_endpoint()
        event = an_event()
        [planned] = (await shelf.plan(event)).deliveries
        webhook = Webhook(shelf, event, planned.delivery_id, endpoint.id)
        await webhook.attempt(503)
        dead_letter = RecordDeadLetter(webhook.id, DeadLetterReason.EXHAUSTED, "http_503")
        await shelf.database.write(record_dead_letter, dead_letter, after(1))
        [row] = await webhook.dead_letters()
        seen = await read(lonely.api, f"{QUEUE}/{row.id}")
        assert (seen["id"], seen["delivery_id"], seen["code"]) == (row.id, webhook.id, "http_503")
        assert seen["delivery"]["id"] == webhook.id
        assert [one["status_code"] for one in seen["delivery"]["attempts"]] == [503]
        assert seen["delivery"]["attempts"][0]["response_excerpt"] == "said so"


class TestRetrying:
    async def test_some_by_their_ids(
        self, lonely: Stack, dead_letters: list[DeadLetterRow], ear: Ear
    ) -> None:
        wanted = [one.id for one in dead_letters[:2]]
        answer = await post(lonely.api, "retry", 202, ids=wanted)
        assert sorted(one["id"] for one in answer["accepted"]) == sorted(wanted)
        assert (answer["refused"], answer["remaining"], answer["next_cursor"]) == ([], 0, None)
        heard = {delivery for _, request in ear.heard for delivery in request.delivery_ids}
        assert heard == {one.delivery_id for one in dead_letters[:2]}
        assert {request.requested_by for _, request in ear.heard} == {"operator"}
        assert {one["event_id"] for one in answer["accepted"]} == {event for event, _ in ear.heard}

    async def test_all_of_a_filter_in_calls_of_a_hundred(
        self,
        lonely: Stack,
        dead_letters: list[DeadLetterRow],
        ear: Ear,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(bulk, "MOST_AT_ONCE", 2)
        wanted = {"partner_id": "shop"}
        first = await post(lonely.api, "retry", 202, filter=wanted)
        assert {one["id"] for one in first["accepted"]} == {one.id for one in dead_letters[:2]}
        assert first["remaining"] == 1
        rest = await post(lonely.api, "retry", 202, filter=wanted, cursor=first["next_cursor"])
        assert [one["id"] for one in rest["accepted"]] == [dead_letters[2].id]
        assert (rest["remaining"], rest["next_cursor"]) == (0, None)

    async def test_one_that_cannot_be_sent_says_why(
        self, lonely: Stack, shelf: Shelf, dead_letters: list[DeadLetterRow], ear: Ear
    ) -> None:
        off = await shelf.add_endpoint(url="https://two.shop.example/in")
        await shelf.change(
            DeliveryRow, dead_letters[0].delivery_id, endpoint_id=off.id, target=off.id
        )
        await shelf.change(EndpointRow, off.id, state=EndpointState.DISABLED)
        answer = await post(lonely.api, "retry", 202, filter={})
        assert {one["id"] for one in answer["accepted"]} == {one.id for one in dead_letters[1:]}
        [refused] = answer["refused"]
        assert refused["id"] == dead_letters[0].id
        assert "is disabled: enable it first" in refused["reason"]

    async def test_another_partner_s_are_not_there(
        self, lonely: Stack, dead_letters: list[DeadLetterRow], ear: Ear
    ) -> None:
        await lonely.add_partner("rival")
        await as_partner(lonely, "rival")
        await post(lonely.api, "retry", 404, ids=[dead_letters[0].id])
        answer = await post(lonely.api, "retry", 202, filter={"partner_id": "shop"})
        assert answer["accepted"] == ear.heard == []

    async def test_resend_goes_with_ids_only(
        self, lonely: Stack, dead_letters: list[DeadLetterRow], ear: Ear
    ) -> None:
        await post(lonely.api, "retry", 202, ids=[dead_letters[0].id], resend=True)
        assert ear.heard[0][1].resend
        wrong: list[dict[str, Any]] = [
            {"filter": {}, "resend": True},
            {"ids": [dead_letters[0].id], "filter": {}},
            {"ids": [dead_letters[0].id], "cursor": "x"},
            {},
            {"ids": []},
            {"ids": ["dl_none"] * 101},
        ]
        for body in wrong:
            await post(lonely.api, "retry", 422, **body)


class TestTemporalAway:
    async def test_from_the_start_it_is_a_503(
        self, lonely: Stack, dead_letters: list[DeadLetterRow], app: FastAPI
    ) -> None:
        ear = put_in(app, Ear(most=0))
        answer = await post(lonely.api, "retry", 503, filter={})
        assert answer["detail"] == NOT_TAKEN
        assert ear.heard == []
        assert len((await read(lonely.api))["items"]) == 3

    async def test_from_the_middle_on_it_says_what_was_not_taken(
        self, lonely: Stack, dead_letters: list[DeadLetterRow], app: FastAPI
    ) -> None:
        ear = put_in(app, Ear(most=1))
        answer = await post(lonely.api, "retry", 202, filter={})
        [taken] = answer["accepted"]
        assert taken["event_id"] == ear.heard[0][0]
        assert {one["id"] for one in answer["refused"]} == {
            one.id for one in dead_letters if one.id != taken["id"]
        }
        assert {one["reason"] for one in answer["refused"]} == {NOT_TAKEN}


class TestDiscarding:
    async def test_it_is_over(
        self, lonely: Stack, shelf: Shelf, dead_letters: list[DeadLetterRow], ear: Ear
    ) -> None:
        wanted = [one.id for one in dead_letters[:2]]
        done = await post(lonely.api, "discard", 200, ids=wanted, reason="the shop said so")
        assert done == {"discarded": 2, "not_open": []}
        again = await post(lonely.api, "discard", 200, ids=wanted[:1], reason="again")
        assert again == {"discarded": 0, "not_open": wanted[:1]}
        closed = (await read(lonely.api, open="false"))["items"]
        assert {(one["resolution"], one["note"], one["resolved_by"]) for one in closed} == {
            ("discarded", "the shop said so", "operator")
        }
        delivery_id = dead_letters[0].delivery_id
        assert (await shelf.one(DeliveryRow, delivery_id)).state is DeliveryState.DISCARDED
        assert (await lonely.retry(delivery_id)).status_code == 409
        ledger = await lonely.api.get("/v1/audit", params={"object_id": delivery_id})
        assert [one["action"] for one in ledger.json()["items"]] == ["delivery.discarded"]

    async def test_another_partner_s_are_not_there(
        self, lonely: Stack, dead_letters: list[DeadLetterRow]
    ) -> None:
        await lonely.add_partner("rival")
        await as_partner(lonely, "rival")
        await post(lonely.api, "discard", 404, ids=[dead_letters[0].id], reason="x")
        assert (await Shelf(lonely.database).one(DeadLetterRow, dead_letters[0].id)).note is None

    async def test_it_needs_a_reason(
        self, lonely: Stack, dead_letters: list[DeadLetterRow]
    ) -> None:
        for reason in ("", "  ", "x" * 501, None):
            await post(lonely.api, "discard", 422, ids=[dead_letters[0].id], reason=reason)
