"""Outcomes over the API: ranges, weeks, CSV, calls, and who sees what."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from contracts.access.callers import Scope
from contracts.outcomes.definitions import DEFINITIONS
from store.tables import AuditEntryRow
from tests.support.keys import make_key
from tests.support.outcomes import Days
from tests.support.shelf import Shelf, Webhook, after, an_event, of_its_own_order

MARCH = {"from": "2026-02-23", "to": "2026-03-08"}
"""Two weeks; NOW is a Monday, the first day of the second."""


REFUSED = ["2026-03-09", "2025-01-01", "1772409600", "02-03-2026", "0001-01-01", "9999-12-31"]


def named(figures: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in figures}


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
async def counted(shelf: Shelf) -> None:
    """A day of `shop` with one delivered event, and one of `other` with two that wait."""
    endpoint, event = await shelf.add_endpoint(), an_event()
    [planned] = (await shelf.plan(event)).deliveries
    webhook = Webhook(shelf, event, planned.delivery_id, endpoint.id)
    await webhook.finish(await webhook.ready(), 200, now=after(0.15))
    await shelf.add_partner("other")
    for _ in range(2):
        await shelf.accept(of_its_own_order(an_event(partner_id="other")), now=after(60))
    await Days(shelf.database).look(after(90))


async def get(client: httpx.AsyncClient, **params: str) -> dict[str, Any]:
    answer = await client.get("/v1/outcomes", params={**MARCH, **params})
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


class TestFigures:
    async def test_of_one_partner_with_numerator_and_denominator(
        self, api: httpx.AsyncClient
    ) -> None:
        shown = await get(api, partner_id="shop")
        assert (shown["partner_id"], shown["by"]) == ("shop", "week")
        [week] = shown["periods"]
        assert (week["from"], week["to"]) == ("2026-03-02", "2026-03-08")
        assert named(week["figures"])["delivered_within_90_s"] == {
            "name": "delivered_within_90_s",
            "unit": "share",
            "value": "1.00000",
            "numerator": "1",
            "denominator": 1,
            "baseline": None,
        }
        assert named(shown["total"])["propagation_p50"]["value"] == "158"
        assert [one["name"] for one in shown["definitions"]] == [one.name for one in DEFINITIONS]

    async def test_of_all_partners_together(self, api: httpx.AsyncClient) -> None:
        shown = await get(api)
        assert shown["partner_id"] is None
        assert named(shown["total"])["events_accepted"]["value"] == "3"

    async def test_by_day_a_period_is_a_day(self, api: httpx.AsyncClient) -> None:
        [day] = (await get(api, by="day"))["periods"]
        assert (day["from"], day["to"]) == ("2026-03-02", "2026-03-02")

    async def test_a_week_is_cut_to_what_was_asked_for(self, api: httpx.AsyncClient) -> None:
        [week] = (await get(api, to="2026-03-04"))["periods"]
        assert (week["from"], week["to"]) == ("2026-03-02", "2026-03-04")

    async def test_without_a_range_it_is_twelve_weeks(self, api: httpx.AsyncClient) -> None:
        shown = (await api.get("/v1/outcomes", params={"to": "2026-03-02"})).json()
        assert shown["from"] == "2025-12-09"

    @pytest.mark.parametrize("begin", REFUSED)
    async def test_what_is_no_range_is_refused(self, api: httpx.AsyncClient, begin: str) -> None:
        answer = await api.get("/v1/outcomes", params={**MARCH, "from": begin})
        assert answer.status_code == 422, answer.text


class TestCsv:
    async def test_a_line_for_each_period_and_figure(self, api: httpx.AsyncClient) -> None:
        params = {**MARCH, "partner_id": "shop", "format": "csv", "by": "day"}
        answer = await api.get("/v1/outcomes", params=params)
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        header, *lines = csv.reader(io.StringIO(answer.text, newline=""))
        assert header[:4] == ["partner_id", "from", "to", "figure"]
        assert len(lines) == len(DEFINITIONS)
        assert lines[3] == [
            *("shop", "2026-03-02", "2026-03-02", "delivered_within_90_s"),
            *("share", "1.00000", "1", "1", ""),
        ]

    async def test_a_partners_id_is_no_formula(self, api: httpx.AsyncClient, shelf: Shelf) -> None:
        await shelf.add_partner("-2")
        await shelf.accept(of_its_own_order(an_event(partner_id="-2")), now=after(100))
        await Days(shelf.database).look(after(500))
        params = {**MARCH, "partner_id": "-2", "format": "csv"}
        text = (await api.get("/v1/outcomes", params=params)).text
        assert "\r\n'-2,2026-03-02" in text


class TestCalls:
    GIVEN = {"partner_id": "shop", "day": "2026-03-02", "calls": 38}  # noqa: RUF012

    async def test_they_are_kept_replaced_listed_and_written_down(
        self, api: httpx.AsyncClient, shelf: Shelf
    ) -> None:
        for calls in (40, 38, 38):
            answer = await api.put("/v1/outcomes/calls", json={**self.GIVEN, "calls": calls})
            assert answer.status_code == 200, answer.text
        listed = (await api.get("/v1/outcomes/calls", params=MARCH)).json()["items"]
        assert [(one["partner_id"], one["day"], one["calls"]) for one in listed] == [
            ("shop", "2026-03-02", 38)
        ]
        entries = [one for one in await shelf.all_rows(AuditEntryRow) if "calls" in one.details]
        assert sorted(one.details["calls"] for one in entries if one.details["calls"][0]) == [
            [40, 38]
        ]

    async def test_they_are_of_100_orders(self, api: httpx.AsyncClient) -> None:
        await api.put("/v1/outcomes/calls", json=self.GIVEN)
        shown = named((await get(api))["total"])["wismo_calls_per_100_orders"]
        assert (shown["numerator"], shown["denominator"], shown["value"]) == ("38", 1, "3800.00")


class TestPrices:
    async def test_a_partners_prices_are_set_and_used(
        self, api: httpx.AsyncClient, shelf: Shelf
    ) -> None:
        asked = {"redelivery_cost": "80.00", "sms_part_price": "0.1725"}
        answer = await api.patch("/v1/partners/shop", json=asked)
        assert answer.status_code == 200, answer.text
        assert {name: answer.json()[name] for name in asked} == asked
        total = named((await get(api, partner_id="shop"))["total"])
        assert [total[name]["value"] for name in ("sms_cost", "redelivery_cost_avoided")] == [
            *("0.00", "0.00"),
        ]
        [entry] = [
            one for one in await shelf.all_rows(AuditEntryRow) if "sms_part_price" in one.details
        ]
        assert entry.details == {name: [None, value] for name, value in asked.items()}

    @pytest.mark.parametrize("price", [0.5, "1e3", "-1", "0.00001", "12345"])
    async def test_what_is_no_price_is_refused(self, api: httpx.AsyncClient, price: Any) -> None:
        answer = await api.patch("/v1/partners/shop", json={"sms_part_price": price})
        assert answer.status_code == 422


class TestWhoSeesWhat:
    async def test_a_partner_sees_its_own_named_or_not(self, merchant: httpx.AsyncClient) -> None:
        for params in ({}, {"partner_id": "shop"}):
            shown = await get(merchant, **params)
            assert shown["partner_id"] == "shop"
            assert named(shown["total"])["events_accepted"]["value"] == "1"

    @pytest.mark.parametrize("path", ["/v1/outcomes", "/v1/outcomes/calls"])
    async def test_anothers_is_not_found(self, merchant: httpx.AsyncClient, path: str) -> None:
        answer = await merchant.get(path, params={"partner_id": "other"})
        assert answer.status_code == 404

    async def test_a_partner_cannot_give_calls(self, merchant: httpx.AsyncClient) -> None:
        answer = await merchant.put("/v1/outcomes/calls", json=TestCalls.GIVEN)
        assert answer.status_code == 403
