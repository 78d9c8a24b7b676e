"""`GET /v1/deliveries` and `GET /v1/attempts`: filters, pages, and whose they are."""

import httpx
import pytest
from sqlmodel import Session, col, select

from contracts.access.callers import Scope
from contracts.delivery.states import DeliveryState
from store.db.keyset import Position
from store.deliveries.search import (
    AttemptFilter,
    DeliveryFilter,
    list_attempts,
    list_deliveries,
)
from store.tables import DeliveryRow
from tests.support.backlog import Backlog
from tests.support.keys import make_key
from tests.support.query_plans import plans_of
from tests.support.shelf import NOW, Shelf, after
from tests.support.stack import Stack


@pytest.fixture
async def backlog(lonely: Stack) -> Backlog:
    """An endpoint with two held deliveries, made after 1 and 2 s, and a delivered one after 3 s."""
    shelf = Shelf(lonely.database)
    backlog = Backlog(shelf, (await shelf.add_endpoint()).id)
    await backlog.held("a", made=1)
    await backlog.held("b", made=2)
    await backlog.delivered("c", made=3)
    return backlog


async def rival_key(lonely: Stack) -> dict[str, str]:
    """The headers of another partner's key."""
    await Shelf(lonely.database).add_partner("rival")
    _, token = await make_key(lonely.database, Scope.PARTNER, "rival", now=NOW)
    return {"authorization": f"Bearer {token}"}


class TestDeliveries:
    async def test_all_of_an_endpoint_the_newest_first(
        self, api: httpx.AsyncClient, backlog: Backlog
    ) -> None:
        shown = (
            await api.get("/v1/deliveries", params={"endpoint_id": backlog.endpoint_id})
        ).json()
        assert [one["state"] for one in shown["items"]] == ["delivered", "held", "held"]
        made = [one["created_at"] for one in shown["items"]]
        assert made == sorted(made, reverse=True)
        assert shown["next_cursor"] is None

    async def test_of_one_state_in_pages(self, api: httpx.AsyncClient, backlog: Backlog) -> None:
        query = {"partner_id": "shop", "state": "held", "limit": "1"}
        first = (await api.get("/v1/deliveries", params=query)).json()
        query["cursor"] = first["next_cursor"]
        second = (await api.get("/v1/deliveries", params=query)).json()
        assert second["next_cursor"] is None
        ids = [one["id"] for page in (first, second) for one in page["items"]]
        held = select(DeliveryRow.id).where(col(DeliveryRow.state) == "held")
        newest_first = held.order_by(col(DeliveryRow.created_at).desc())
        database = backlog.shelf.database
        assert ids == await database.read(lambda session: session.exec(newest_first).all())

    async def test_since_is_inclusive_and_until_is_not(
        self, api: httpx.AsyncClient, backlog: Backlog
    ) -> None:
        times = {"since": after(1).isoformat(), "until": after(3).isoformat()}
        shown = (await api.get("/v1/deliveries", params={"partner_id": "shop", **times})).json()
        assert [one["state"] for one in shown["items"]] == ["held", "held"]

    async def test_ops_name_a_partner_or_an_endpoint(self, api: httpx.AsyncClient) -> None:
        answer = await api.get("/v1/deliveries")
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "partner_id")

    async def test_another_partner_sees_none_of_them(
        self, lonely: Stack, api: httpx.AsyncClient, backlog: Backlog
    ) -> None:
        key = await rival_key(lonely)
        for query in ({}, {"partner_id": "shop"}, {"endpoint_id": backlog.endpoint_id}):
            answer = await api.get("/v1/deliveries", params=query, headers=key)
            assert answer.json() == {"items": [], "next_cursor": None}


@pytest.mark.parametrize(
    "wanted",
    [
        DeliveryFilter(endpoint_id="ep_1"),
        DeliveryFilter(endpoint_id="ep_1", state=DeliveryState.DEAD_LETTERED),
        DeliveryFilter(partner_id="shop", since=NOW),
    ],
)
async def test_deliveries_are_found_by_an_index(lonely: Stack, wanted: DeliveryFilter) -> None:
    def run(session: Session) -> object:
        place = Position(NOW, "dlv_5")
        return list_deliveries(session, wanted, owner=None, after=place, limit=10)

    [plan] = await lonely.database.read(plans_of, run, "deliveries")
    assert "Seq Scan on deliveries" not in plan


async def test_attempts_are_found_by_an_index(lonely: Stack) -> None:
    endpoint = await lonely.add_endpoint("https://93.184.215.14/doorstep")

    def run(session: Session) -> object:
        wanted = AttemptFilter(endpoint["id"], since=NOW)
        return list_attempts(session, wanted, after=Position(NOW, "att_5"), limit=10)

    [plan] = await lonely.database.read(plans_of, run, "attempts")
    assert "Index" in plan
    assert "Seq Scan on attempts" not in plan


class TestAttempts:
    async def test_of_an_endpoint_by_state(self, api: httpx.AsyncClient, backlog: Backlog) -> None:
        query = {"endpoint_id": backlog.endpoint_id}
        [shown] = (await api.get("/v1/attempts", params=query)).json()["items"]
        assert (shown["state"], shown["number"], shown["status_code"]) == ("succeeded", 1, 200)
        assert shown["event_id"]
        failed = (await api.get("/v1/attempts", params={**query, "state": "failed"})).json()
        assert failed == {"items": [], "next_cursor": None}

    async def test_without_such_an_endpoint(
        self, lonely: Stack, api: httpx.AsyncClient, backlog: Backlog
    ) -> None:
        key = await rival_key(lonely)
        query = {"endpoint_id": backlog.endpoint_id}
        for headers in ({}, key):
            wanted = query if headers else {"endpoint_id": "ep_none"}
            answer = await api.get("/v1/attempts", params=wanted, headers=headers)
            assert answer.status_code == 404

    async def test_the_endpoint_has_to_be_named(self, api: httpx.AsyncClient) -> None:
        answer = await api.get("/v1/attempts")
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "endpoint_id")
