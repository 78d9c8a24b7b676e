"""Baselines over the API: imported, measured, shown beside the figures, removed."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from contracts.access.callers import Scope
from contracts.outcomes.baselines import FIGURES
from store.tables import AuditEntryRow
from tests.support.keys import make_key
from tests.support.outcomes import Days
from tests.support.shelf import Shelf, after, an_event, of_its_own_order

BEFORE = {"from": "2026-01-01", "to": "2026-01-31"}
GIVEN = {"partner_id": "shop", "figure": "first_attempt_success", "value": "0.812", **BEFORE}
SHOWN = {"partner_id": "shop", "from": "2026-03-01", "to": "2026-03-31", "by": "week"}
"""A month of as many days."""


@pytest.fixture
async def merchant(app: FastAPI, shelf: Shelf) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the key of `shop`."""
    _, token = await make_key(shelf.database, Scope.PARTNER, "shop")
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://doorstep.test",
        headers={"authorization": f"Bearer {token}"},
    ) as client:
        yield client
    await app.state.parts.keys.settle()


@pytest.fixture(autouse=True)
async def shop(shelf: Shelf) -> None:
    """`shop`, with a day that was counted, and `other`."""
    await shelf.add_partner("other")
    await shelf.accept(of_its_own_order(an_event()))
    await Days(shelf.database).look(after(1))


async def give(api: httpx.AsyncClient, **fields: str) -> dict[str, Any]:
    answer = await api.put("/v1/outcomes/baselines", json={**GIVEN, **fields})
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def listed(client: httpx.AsyncClient, **params: str) -> list[tuple[str, str, str]]:
    items = (await client.get("/v1/outcomes/baselines", params=params)).json()["items"]
    return [(one["partner_id"], one["figure"], one["value"]) for one in items]


class TestImported:
    async def test_it_is_shown_with_the_places_of_its_figure(self, api: httpx.AsyncClient) -> None:
        shown = await give(api)
        assert shown.pop("given_at")
        assert shown == {
            **GIVEN,
            "unit": "share",
            "value": "0.81200",
            "numerator": None,
            "denominator": None,
            "source": "imported",
        }

    async def test_it_is_replaced_listed_and_written_down_once(
        self, api: httpx.AsyncClient, shelf: Shelf
    ) -> None:
        for value in ("0.8", "0.812", "0.81200"):
            await give(api, value=value)
        await give(api, figure="orders", value="300")
        await give(api, partner_id="other", figure="rto", value="0")
        assert await listed(api) == [
            ("other", "rto", "0.00000"),
            ("shop", "orders", "300"),
            ("shop", "first_attempt_success", "0.81200"),
        ]
        assert [one[0] for one in await listed(api, partner_id="other")] == ["other"]
        entries = [
            one
            for one in await shelf.all_rows(AuditEntryRow)
            if one.object_id == ("shop/first_attempt_success")
        ]
        assert sorted(str(one.details["value"]) for one in entries) == [
            "['0.80000', '0.81200']",
            "[None, '0.80000']",
        ]

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"figure": "happiness"}, "figure"),
            ({"value": "1.1"}, "value"),
            ({"value": "-0.1"}, "value"),
            ({"value": "1e-1"}, "value"),
            ({"value": 0.5}, "value"),
            ({"figure": "orders", "value": "1.5"}, "value"),
            ({"from": "2026-02-01"}, "to"),
            ({"from": "2024-01-01"}, "to"),
            ({"from": "2999-01-01", "to": "2999-01-01"}, "to"),
        ],
    )
    async def test_what_is_no_baseline_is_refused(
        self, api: httpx.AsyncClient, fields: dict[str, Any], field: str
    ) -> None:
        answer = await api.put("/v1/outcomes/baselines", json={**GIVEN, **fields})
        assert answer.status_code == 422, answer.text
        assert [one["field"] for one in answer.json()["errors"]] == [field]

    async def test_an_unknown_figure_is_told_the_known_ones(self, api: httpx.AsyncClient) -> None:
        answer = await api.put("/v1/outcomes/baselines", json={**GIVEN, "figure": "happiness"})
        [error] = answer.json()["errors"]
        assert error["message"] == f"send one of {', '.join(FIGURES)}"


class TestBesideTheFigures:
    async def test_shares_as_they_were_and_counts_of_as_many_days(
        self, api: httpx.AsyncClient
    ) -> None:
        await give(api)
        await give(api, figure="orders", value="62")
        shown = (await api.get("/v1/outcomes", params=SHOWN)).json()
        baselines = {one["name"]: one["baseline"] for one in shown["total"]}
        assert {name: value for name, value in baselines.items() if value is not None} == {
            "first_attempt_success": "0.81200",
            "orders": "62.0",
        }
        [week] = shown["periods"]
        assert {one["name"]: one["baseline"] for one in week["figures"]}["orders"] == "14.0"
        assert [one["figure"] for one in shown["baselines"]] == ["orders", "first_attempt_success"]

    async def test_in_the_csv(self, api: httpx.AsyncClient) -> None:
        await give(api)
        text = (await api.get("/v1/outcomes", params={**SHOWN, "format": "csv"})).text
        lines = csv.DictReader(io.StringIO(text, newline=""))
        assert {one["figure"]: one["baseline"] for one in lines if one["baseline"]} == {
            "first_attempt_success": "0.81200"
        }

    async def test_all_partners_together_have_none(self, api: httpx.AsyncClient) -> None:
        await give(api)
        params = {name: value for name, value in SHOWN.items() if name != "partner_id"}
        shown = (await api.get("/v1/outcomes", params=params)).json()
        assert shown["baselines"] == []
        assert {one["baseline"] for one in shown["total"]} == {None}


class TestMeasured:
    async def test_out_of_what_was_recorded(self, api: httpx.AsyncClient, shelf: Shelf) -> None:
        at = "2026-01-31T23:30:00+05:30"
        await shelf.accept(an_event("delivered", occurred_at=at, notify=False))
        await give(api)
        asked = {"partner_id": "shop", **BEFORE}
        answer = await api.post("/v1/outcomes/baselines/measured", json=asked)
        assert answer.status_code == 200, answer.text
        [shown] = [one for one in answer.json()["items"] if one["figure"] == GIVEN["figure"]]
        assert (shown["value"], shown["numerator"], shown["denominator"], shown["source"]) == (
            *("1.00000", "1", 1, "measured"),
        )
        assert ("shop", GIVEN["figure"], "1.00000") in await listed(api)


class TestRemoved:
    async def test_it_is_compared_with_no_more(self, api: httpx.AsyncClient, shelf: Shelf) -> None:
        await give(api)
        path = f"/v1/outcomes/baselines/shop/{GIVEN['figure']}"
        assert [(await api.delete(path)).status_code for _ in range(2)] == [204, 404]
        assert await listed(api) == []
        actions = {one.action.value for one in await shelf.all_rows(AuditEntryRow)}
        assert {"baseline.given", "baseline.removed"} <= actions


class TestWhoSeesWhat:
    async def test_a_partner_sees_its_own(
        self, api: httpx.AsyncClient, merchant: httpx.AsyncClient
    ) -> None:
        await give(api)
        await give(api, partner_id="other")
        assert [one[0] for one in await listed(merchant)] == ["shop"]
        params = {"partner_id": "other"}
        answer = await merchant.get("/v1/outcomes/baselines", params=params)
        assert answer.status_code == 404

    async def test_a_partner_gives_none(self, merchant: httpx.AsyncClient) -> None:
        answer = await merchant.put("/v1/outcomes/baselines", json=GIVEN)
        assert answer.status_code == 403
