"""`GET /v1/events`: the log, the newest first, complete over its pages."""

import base64
from datetime import datetime
from typing import Any

import httpx
import pytest

from store.deliveries.planning import plan_event
from store.tables import EventRow
from tests.support.factories import make_event, make_groups, make_order
from tests.support.shelf import NOW, Shelf, after
from tests.support.stack import Stack


@pytest.fixture
async def log(lonely: Stack, shelf: Shelf) -> list[str]:
    """Seven events a minute apart, two of them of another order and delivered; the oldest first."""
    ids = []
    for number in range(7):
        other = number in (2, 5)
        order = make_order(
            order_id="ORD-2" if other else "ORD-1", awb_number="AWB-2" if other else None
        )
        event = make_event(
            "delivered" if other else "order_confirmed", data=make_groups(order=order)
        )
        ids.append(await lonely.send(event))
        await shelf.change(EventRow, ids[-1], accepted_at=after(60 * number))
    return ids


async def listed(api: httpx.AsyncClient, **params: Any) -> list[str]:
    """The ids over all pages."""
    found: list[str] = []
    while True:
        answer = await api.get("/v1/events", params=params)
        assert answer.status_code == 200, answer.text
        found += [one["event_id"] for one in answer.json()["items"]]
        if answer.json()["next_cursor"] is None:
            return found
        params = {**params, "cursor": answer.json()["next_cursor"]}


def cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


class TestPages:
    @pytest.mark.parametrize("limit", [1, 3, 6, 7, 100])
    async def test_each_event_once_the_newest_first(
        self, api: httpx.AsyncClient, log: list[str], limit: int
    ) -> None:
        assert await listed(api, limit=limit) == log[::-1]

    async def test_an_event_that_comes_in_between_shifts_nothing(
        self, lonely: Stack, log: list[str]
    ) -> None:
        first = (await lonely.api.get("/v1/events", params={"limit": 3})).json()
        await lonely.send(make_event())
        rest = await listed(lonely.api, limit=3, cursor=first["next_cursor"])
        assert [one["event_id"] for one in first["items"]] + rest == log[::-1]

    async def test_an_empty_log(self, api: httpx.AsyncClient) -> None:
        assert await listed(api) == []


class TestFilters:
    @pytest.mark.parametrize(
        ("params", "numbers"),
        [
            ({"order_id": "ORD-2"}, [5, 2]),
            ({"awb_number": "AWB-2"}, [5, 2]),
            ({"awb_number": "ORD-2"}, []),
            ({"event_type": "delivered"}, [5, 2]),
            ({"delivery_state": "held", "partner_id": "shop"}, []),
            ({"partner_id": "shop", "order_id": "ORD-1", "limit": 2}, [6, 4, 3, 1, 0]),
            ({"partner_id": "nobody"}, []),
            ({"state": "planned"}, []),
            ({"state": "accepted", "event_type": "delivered", "order_id": "ORD-1"}, []),
            ({"since": after(300).isoformat()}, [6, 5]),
            ({"until": after(60).isoformat()}, [0]),
            ({"since": after(60).isoformat(), "until": after(180).isoformat()}, [2, 1]),
            ({"since": "2026-03-02T15:35:00+05:30"}, [6, 5]),
        ],
    )
    async def test_all_that_are_set_must_hold(
        self,
        api: httpx.AsyncClient,
        log: list[str],
        params: dict[str, Any],
        numbers: list[int],
    ) -> None:
        assert await listed(api, **params) == [log[number] for number in numbers]

    @pytest.mark.parametrize(
        ("params", "field"),
        [
            ({"event_type": "teleported"}, "event_type"),
            ({"state": "lost"}, "state"),
            ({"delivery_state": "lost"}, "delivery_state"),
            ({"delivery_state": "held"}, "delivery_state"),
            ({"since": "yesterday"}, "since"),
            ({"until": "2026-03-02T10:00:00"}, "until"),
            ({"limit": 0}, "limit"),
            ({"limit": 101}, "limit"),
            ({"phone": "+919876543210"}, "phone"),
            ({"cursor": "x" * 301}, "cursor"),
        ],
    )
    async def test_a_wrong_one_is_named(
        self, api: httpx.AsyncClient, params: dict[str, Any], field: str
    ) -> None:
        answer = await api.get("/v1/events", params=params)
        assert answer.status_code == 422
        assert [one["field"] for one in answer.json()["errors"]] == [field]
        assert "9876543210" not in answer.text

    @pytest.mark.parametrize(
        "forged",
        [
            "",
            "x",
            "????",
            "ऽ",
            cursor("no time|evt-1"),
            cursor("2026-03-02T10:00:00|evt-1"),
            cursor("2026-03-02T10:00:00Z"),
            cursor("2026-03-02T10:00:00Z|"),
            cursor("0001-01-01T00:00:00+05:30|evt-1"),
            base64.urlsafe_b64encode(b"\xff\xfe").decode(),
        ],
    )
    async def test_a_cursor_that_is_none_of_ours(self, api: httpx.AsyncClient, forged: str) -> None:
        answer = await api.get("/v1/events", params={"cursor": forged})
        assert answer.status_code == 422
        assert [one["field"] for one in answer.json()["errors"]] == ["cursor"]


class TestTheStateOfDeliveries:
    async def test_pages_by_it_hold_every_such_event_once(
        self, lonely: Stack, shelf: Shelf, log: list[str]
    ) -> None:
        await lonely.add_endpoint("https://hooks.shop.example/doorstep")
        for number, event_id in enumerate(log[:5]):
            await shelf.database.write(plan_event, event_id, after(3600 + number))
        params = {"partner_id": "shop", "delivery_state": "pending"}
        assert await listed(lonely.api, limit=2, **params) == log[4::-1]
        assert await listed(lonely.api, **params, event_type="delivered") == [log[2]]
        assert await listed(lonely.api, order_id="ORD-2", delivery_state="pending") == [log[2]]
        assert await listed(lonely.api, **{**params, "delivery_state": "delivered"}) == []


class TestALine:
    async def test_it_shows_the_deliveries_and_nothing_of_the_customer(
        self, lonely: Stack, shelf: Shelf
    ) -> None:
        await lonely.add_endpoint("https://hooks.shop.example/doorstep")
        event = await shelf.accept()
        await shelf.plan(event)
        answer = await lonely.api.get("/v1/events")
        [line] = answer.json()["items"]
        assert (line["event_id"], line["state"]) == (event.event_id, "planned")
        assert datetime.fromisoformat(line["accepted_at"]) == NOW
        assert [(one["channel"], one["state"]) for one in line["deliveries"]] == [
            ("webhook", "pending")
        ]
        for value in ("Asha", "9876543210", "Lakshmi", "Imran", "483920"):
            assert value not in answer.text
