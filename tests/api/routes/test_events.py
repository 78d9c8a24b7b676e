"""`POST /v1/events` and its reading: what is taken, what is refused, and what is then stored."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.middleware.body_limit import MOST_BATCH_BYTES, MOST_BYTES
from contracts.access.callers import Scope
from contracts.clock import utc_now
from contracts.delivery.states import EventState
from dispatch.gateway import Gateway
from store.db.database import Database
from store.deliveries.planning import plan_event
from store.events.outbox import mark_failed
from store.tables import EventRow, OrderSequenceRow, OutboxRow
from tests.support.encryption import KEYRING
from tests.support.factories import make_event, make_groups, make_order
from tests.support.keys import make_key
from tests.support.parts import make_parts
from tests.support.postgres import NOWHERE
from tests.support.shelf import Shelf
from tests.support.stack import Stack

JSON = {"content-type": "application/json"}


def named(answer: httpx.Response) -> list[str]:
    """The fields that a 422 names."""
    assert answer.status_code == 422, answer.text
    fields = [fault["field"] for fault in answer.json()["errors"]]
    assert all(field in answer.json()["detail"] for field in fields)
    return sorted(fields)


@pytest.fixture
async def untouched(lonely: Stack, shelf: Shelf) -> AsyncIterator[None]:
    """At the end of the test no event is stored and no order has been counted."""
    yield
    assert await shelf.count(EventRow) == 0
    assert await shelf.count(OrderSequenceRow) == 0


@pytest.mark.usefixtures("lonely")
class TestTaken:
    async def test_202_while_temporal_is_away(self, api: httpx.AsyncClient, shelf: Shelf) -> None:
        event = make_event()
        answer = await api.post("/v1/events", json=event)
        assert answer.status_code == 202
        assert answer.json() == {
            "event_id": event["event_id"],
            "state": "accepted",
            "duplicate": False,
            "warnings": [],
        }
        assert (await shelf.one(OutboxRow, event["event_id"])).refusals == 0

    async def test_the_same_again(self, api: httpx.AsyncClient, shelf: Shelf) -> None:
        event = make_event()
        await api.post("/v1/events", json=event)
        again = await api.post("/v1/events", json=event)
        assert (again.status_code, again.json()["duplicate"]) == (202, True)
        assert await shelf.count(EventRow) == 1

    async def test_a_body_of_exactly_256_kib(self, api: httpx.AsyncClient) -> None:
        body = json.dumps(make_event()).encode()
        answer = await api.post("/v1/events", content=body.ljust(MOST_BYTES), headers=JSON)
        assert answer.status_code == 202


@pytest.mark.usefixtures("untouched")
class TestRefused:
    @pytest.mark.parametrize(
        "body",
        [
            b"{",
            b"{'a': 1}",
            b'{"a": 1,}',
            b"\xff\xfe\xfd",
            b'{"a": "\xff"}',
            b"[" * 20_000,
            b"order=1",
        ],
        ids=["cut", "quotes", "comma", "bytes", "not utf-8", "deep", "form"],
    )
    async def test_malformed_json_is_a_400(self, api: httpx.AsyncClient, body: bytes) -> None:
        answer = await api.post("/v1/events", content=body, headers=JSON)
        assert answer.status_code == 400
        assert answer.json()["type"] == "/problems/malformed"

    @pytest.mark.parametrize(
        ("body", "headers"),
        [(b"", JSON), (b"[]", JSON), (b'"x"', JSON), (b"null", JSON)],
    )
    async def test_json_that_is_no_event_is_a_422(
        self, api: httpx.AsyncClient, body: bytes, headers: dict[str, str]
    ) -> None:
        assert named(await api.post("/v1/events", content=body, headers=headers)) == ["body"]

    async def test_every_wrong_and_missing_field_is_named_in_one_answer(
        self, api: httpx.AsyncClient
    ) -> None:
        order = make_order(delivery_address={"city": "", "state": "MH", "pincode": "011004"})
        order["customer"] = {"phone": ["12345"]}
        del order["shipment_id"]
        data = make_groups(order=order)
        del data["rider"]
        event = make_event("out_for_delivery", data=data, occurred_at="2026-03-02T10:00:00")
        del event["partner_id"]
        event["colour"] = "red"
        assert named(await api.post("/v1/events", json=event)) == [
            "colour",
            "data.order.customer.phone",
            "data.order.delivery_address.city",
            "data.order.delivery_address.pincode",
            "data.order.shipment_id",
            "data.rider",
            "occurred_at",
            "partner_id",
        ]

    async def test_an_empty_object_names_what_an_event_needs(self, api: httpx.AsyncClient) -> None:
        assert named(await api.post("/v1/events", json={})) == [
            "data",
            "event_id",
            "occurred_at",
            "partner_id",
            "type",
        ]

    @pytest.mark.parametrize(
        ("event_type", "group"),
        [
            ("out_for_delivery", "otp"),
            ("delivered", "delivery"),
            ("delivery_failed", "failure"),
            ("return_initiated", "return"),
        ],
    )
    async def test_a_missing_group_is_named(
        self, api: httpx.AsyncClient, event_type: str, group: str
    ) -> None:
        event = make_event(event_type, data=make_groups(**{group: None}))
        assert named(await api.post("/v1/events", json=event)) == [f"data.{group}"]

    async def test_an_unknown_partner_is_named(self, api: httpx.AsyncClient) -> None:
        answer = await api.post("/v1/events", json=make_event(partner_id="chai-2"))
        assert answer.status_code == 422
        assert [one["field"] for one in answer.json()["errors"]] == ["partner_id"]
        assert "chai-2" in answer.json()["detail"]

    @pytest.mark.parametrize("moment", ["2999-01-01T00:00:00Z", "2001-01-01T00:00:00Z"])
    async def test_an_impossible_time(self, api: httpx.AsyncClient, moment: str) -> None:
        answer = await api.post("/v1/events", json=make_event(occurred_at=moment))
        assert answer.status_code == 422
        assert [one["field"] for one in answer.json()["errors"]] == ["occurred_at"]

    @pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+05:30", "9999-12-31T23:59:59-05:00"])
    async def test_a_time_off_the_calendar(self, api: httpx.AsyncClient, moment: str) -> None:
        assert named(await api.post("/v1/events", json=make_event(occurred_at=moment))) == [
            "occurred_at"
        ]

    @pytest.mark.parametrize(
        "trick", [{"\ud800": 1}, {"event_id": "\ud800"}, {"sequence": float("nan")}]
    )
    async def test_what_json_allows_and_nobody_can_keep(
        self, api: httpx.AsyncClient, trick: dict[str, Any]
    ) -> None:
        body = json.dumps({**make_event(), **trick})
        answer = await api.post("/v1/events", content=body, headers=JSON)
        assert answer.status_code == 422

    async def test_nul_in_a_text_which_postgresql_cannot_keep(self, api: httpx.AsyncClient) -> None:
        data = make_groups(order=make_order(order_id="ORD\x001"))
        assert named(await api.post("/v1/events", json=make_event(data=data))) == [
            "data.order.order_id"
        ]


@pytest.mark.usefixtures("untouched")
class TestTooLarge:
    async def refused(self, answer: httpx.Response, most: str) -> None:
        assert answer.status_code == 413
        assert answer.json()["type"] == "/problems/too-large"
        assert most in answer.json()["detail"]

    async def test_with_a_content_length(self, api: httpx.AsyncClient) -> None:
        body = json.dumps(make_event()).encode().ljust(MOST_BYTES + 1)
        answer = await api.post("/v1/events", content=body, headers=JSON)
        assert "content-length" in answer.request.headers
        await self.refused(answer, "256 KiB")

    async def test_without_one(self, api: httpx.AsyncClient) -> None:
        body = json.dumps(make_event()).encode().ljust(MOST_BYTES + 1)

        async def pieces() -> AsyncIterator[bytes]:
            for start in range(0, len(body), 10_000):
                yield body[start : start + 10_000]

        answer = await api.post("/v1/events", content=pieces(), headers=JSON)
        assert "content-length" not in answer.request.headers
        await self.refused(answer, "256 KiB")

    async def test_it_stops_reading_there(self, api: httpx.AsyncClient) -> None:
        async def endless() -> AsyncIterator[bytes]:
            while True:
                yield b" " * 10_000

        await self.refused(await api.post("/v1/events", content=endless(), headers=JSON), "256 KiB")

    async def test_a_batch_may_be_larger_but_not_endless(self, api: httpx.AsyncClient) -> None:
        body = json.dumps({"events": [{}]}).encode()
        fits = await api.post("/v1/events/batch", content=body.ljust(MOST_BYTES + 1), headers=JSON)
        assert fits.status_code == 202
        too_large = await api.post(
            "/v1/events/batch", content=body.ljust(MOST_BATCH_BYTES + 1), headers=JSON
        )
        await self.refused(too_large, "8192 KiB")


@pytest.mark.usefixtures("lonely")
class TestAConflict:
    async def test_another_body_under_a_known_id_is_a_409_that_changes_nothing(
        self, api: httpx.AsyncClient, shelf: Shelf
    ) -> None:
        event = make_event()
        await api.post("/v1/events", json=event)
        before = await shelf.one(EventRow, event["event_id"])
        answer = await api.post("/v1/events", json={**event, "type": "delivered"})
        assert answer.status_code == 409
        assert event["event_id"] in answer.json()["detail"]
        assert await shelf.one(EventRow, event["event_id"]) == before
        assert await shelf.count(EventRow) == 1


class TestReading:
    async def test_an_event_shows_its_deliveries_and_attempts(
        self, lonely: Stack, shelf: Shelf
    ) -> None:
        webhook = await _tried(lonely, shelf)
        shown = await lonely.event(webhook)
        assert (shown["partner_id"], shown["order_id"], shown["sequence"]) == ("shop", "ORD-1", 1)
        assert (shown["event_type"], shown["state"]) == ("out_for_delivery", "planned")
        [delivery] = shown["deliveries"]
        assert (delivery["channel"], delivery["state"]) == ("webhook", "pending")

    async def test_nothing_of_the_customer_is_shown(self, lonely: Stack, shelf: Shelf) -> None:
        event_id = await _tried(lonely, shelf)
        for path in (f"/v1/events/{event_id}", f"/v1/events/{event_id}/status"):
            shown = (await lonely.api.get(path)).text
            for value in ("Asha", "9876543210", "Lakshmi", "Imran", "9812345678", "483920"):
                assert value not in shown

    async def test_without_temporal_the_status_comes_from_the_store(
        self, lonely: Stack, shelf: Shelf
    ) -> None:
        event_id = await _tried(lonely, shelf)
        answer = await lonely.api.get(f"/v1/events/{event_id}/status")
        assert answer.status_code == 200
        assert (answer.json()["live"], answer.json()["state"]) == (False, "planned")
        [delivery] = answer.json()["deliveries"]
        assert (delivery["state"], delivery["attempts"]) == ("pending", 0)

    @pytest.mark.parametrize("path", ["/v1/events/evt-none", "/v1/events/evt-none/status"])
    async def test_an_unknown_event_is_a_404(self, api: httpx.AsyncClient, path: str) -> None:
        assert (await api.get(path)).status_code == 404


class TestADatabaseThatIsAway:
    async def test_it_is_a_503_that_says_when_to_come_back(
        self, app: FastAPI, api: httpx.AsyncClient, gateway: Gateway
    ) -> None:
        gone = Database(NOWHERE, KEYRING)
        app.state.parts = make_parts(gone, gateway)
        answer = await api.post("/v1/events", json=make_event())
        gone.close()
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "5"
        assert answer.json()["type"] == "/problems/store-unavailable"


async def _tried(stack: Stack, shelf: Shelf) -> str:
    """A planned event of a partner with an endpoint; gives its id."""
    await stack.add_endpoint("https://hooks.shop.example/doorstep")
    event_id = await stack.send(make_event("out_for_delivery"))
    row = await shelf.one(EventRow, event_id)
    await stack.database.write(plan_event, event_id, row.accepted_at)
    return event_id


class TestStartingAgain:
    async def test_a_failed_event_goes_back_into_the_outbox(
        self, api: httpx.AsyncClient, shelf: Shelf
    ) -> None:
        event = make_event()
        await api.post("/v1/events", json=event)
        await shelf.database.write(mark_failed, event["event_id"], "Temporal refuses to start it")
        assert await shelf.all_rows(OutboxRow) == []
        answer = await api.post(f"/v1/events/{event['event_id']}/start")
        assert (answer.status_code, answer.json()["state"]) == (202, "accepted")
        [waiting] = await shelf.all_rows(OutboxRow)
        assert (waiting.event_id, waiting.refusals) == (event["event_id"], 0)
        row = await shelf.one(EventRow, event["event_id"])
        assert (row.state, row.failure_reason) == (EventState.ACCEPTED, None)

    async def test_one_that_waits_or_is_planned_stays_as_it_is(
        self, api: httpx.AsyncClient, lonely: Stack, shelf: Shelf
    ) -> None:
        event_id = await _tried(lonely, shelf)
        answer = await lonely.api.post(f"/v1/events/{event_id}/start")
        assert (answer.status_code, answer.json()["state"]) == (202, "planned")


class TestWhatIsKnownOfTheCustomer:
    @pytest.fixture
    async def event_id(self, lonely: Stack) -> str:
        """An event of Asha's order #1042."""
        order = make_order(partner_order_ref="#1042")
        return await lonely.send(make_event(data=make_groups(order=order)))

    @pytest.mark.parametrize(
        "asked",
        [
            {"phone": "098765 43210"},
            {"phone_last_four": "3210"},
            {"customer_name": "KULKARNI asha"},
            {"partner_order_ref": "1042"},
            {"phone": "+919876543210", "partner_id": "shop", "event_type": "order_confirmed"},
        ],
    )
    async def test_it_finds_the_events(
        self, api: httpx.AsyncClient, event_id: str, asked: dict[str, str]
    ) -> None:
        found = await api.post("/v1/events/search", json=asked)
        assert found.status_code == 200, found.text
        assert [one["event_id"] for one in found.json()["items"]] == [event_id]
        assert "Asha" not in found.text

    async def test_the_shop_s_own_number_is_a_filter_of_the_log(
        self, api: httpx.AsyncClient, event_id: str
    ) -> None:
        for ref, found in ((" 1042 ", [event_id]), ("1043", [])):
            shown = (await api.get("/v1/events", params={"partner_order_ref": ref})).json()
            assert [one["event_id"] for one in shown["items"]] == found

    async def test_another_partner_finds_nothing(
        self, lonely: Stack, api: httpx.AsyncClient, event_id: str
    ) -> None:
        await lonely.add_partner("rival")
        _, token = await make_key(lonely.database, Scope.PARTNER, "rival", now=utc_now())
        key = {"authorization": f"Bearer {token}"}
        for asked in (
            {"phone": "9876543210"},
            {"partner_order_ref": "1042"},
            {"partner_id": "shop"},
        ):
            found = await api.post("/v1/events/search", json=asked, headers=key)
            assert (found.status_code, found.json()["items"]) == (200, [])

    @pytest.mark.parametrize(
        ("asked", "field"),
        [
            ({"phone": "12"}, "phone"),
            ({"phone_last_four": "32"}, "phone_last_four"),
            ({"customer_name": "7"}, "customer_name"),
        ],
    )
    async def test_what_cannot_be_meant_is_refused(
        self, api: httpx.AsyncClient, asked: dict[str, str], field: str
    ) -> None:
        refused = await api.post("/v1/events/search", json=asked)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == field

    async def test_a_phone_in_an_address_is_refused(self, api: httpx.AsyncClient) -> None:
        assert (await api.get("/v1/events", params={"phone": "9876543210"})).status_code == 422
