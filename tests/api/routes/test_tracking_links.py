"""`/v1/orders/{order_id}/tracking-link`, and partners' logos, over the API."""

from dataclasses import replace
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI

from contracts.access.callers import Scope
from store.tables import TrackingLinkRow
from tests.support.factories import make_groups, make_order
from tests.support.keys import make_key
from tests.support.pictures import MARK, a_png
from tests.support.shelf import Shelf, an_event

LINK = "/v1/orders/ORD-1/tracking-link"
SHOP = {"partner_id": "shop"}


@pytest.fixture
async def shop(app: FastAPI, shelf: Shelf, api: httpx.AsyncClient) -> Shelf:
    """The partner `shop` with tracking pages and an order, where customers reach them."""
    address = replace(app.state.parts.text_rules, public_url="http://doorstep.test")
    app.state.parts = replace(app.state.parts, text_rules=address)
    changed = await api.patch("/v1/partners/shop", json={"tracking_enabled": True})
    assert changed.status_code == 200
    await shelf.accept()
    return shelf


async def as_partner(app: FastAPI, shelf: Shelf, partner_id: str) -> httpx.AsyncClient:
    _, token = await make_key(shelf.database, Scope.PARTNER, partner_id)
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://doorstep.test",
        headers={"authorization": f"Bearer {token}"},
    )


class TestTheLink:
    async def test_it_is_the_same_until_it_is_revoked(
        self, shop: Shelf, api: httpx.AsyncClient
    ) -> None:
        first, again = [(await api.post(LINK, json=SHOP)).json() for _ in range(2)]
        assert first == again
        assert first["url"].startswith("http://doorstep.test/t/")
        revoked = [(await api.post(f"{LINK}/revoke", json=SHOP)).json() for _ in range(2)]
        assert revoked[0] == revoked[1]
        renewed = (await api.post(LINK, json=SHOP)).json()
        assert renewed["url"] != first["url"]

    async def test_a_partner_s_key_need_not_name_it_and_gets_no_other_s(
        self, shop: Shelf, app: FastAPI, api: httpx.AsyncClient
    ) -> None:
        await shop.add_partner("rival")
        given = (await api.post(LINK, json=SHOP)).json()
        async with (
            await as_partner(app, shop, "shop") as own,
            await as_partner(app, shop, "rival") as rival,
        ):
            assert (await own.post(LINK)).json() == given
            for path in (LINK, f"{LINK}/revoke"):
                assert (await rival.post(path, json=SHOP)).status_code == 404
            assert (await own.post(f"{LINK}/revoke")).status_code == 200
        await app.state.parts.keys.settle()

    async def test_an_order_with_a_slash_has_one(self, shop: Shelf, api: httpx.AsyncClient) -> None:
        order_id = "INV/2026/001"
        await shop.accept(an_event(data=make_groups(order=make_order(order_id=order_id))))
        path = f"/v1/orders/{quote(order_id, safe='')}/tracking-link"
        assert (await api.post(path, json=SHOP)).status_code == 200
        assert (await api.post(f"{path}/revoke", json=SHOP)).status_code == 200
        [row] = await shop.all_rows(TrackingLinkRow)
        assert row.order_id == order_id

    async def test_whose_order_has_to_be_said(self, shop: Shelf, api: httpx.AsyncClient) -> None:
        assert (await api.post(LINK)).status_code == 422

    async def test_it_is_in_the_audit_log_without_itself(
        self, shop: Shelf, api: httpx.AsyncClient
    ) -> None:
        url = (await api.post(LINK, json=SHOP)).json()["url"]
        await api.post(f"{LINK}/revoke", json=SHOP)
        log = await api.get("/v1/audit", params={"object_id": "ORD-1"})
        actions = [one["action"] for one in log.json()["items"]]
        assert actions == ["tracking_link.revoked", "tracking_link.given"]
        assert url.rpartition("/")[2] not in log.text


class TestTheLogo:
    async def test_it_is_put_and_taken_away(self, shop: Shelf, api: httpx.AsyncClient) -> None:
        path = "/v1/partners/shop/logo"
        for _ in range(2):
            shown = await api.put(path, content=a_png(extra=MARK))
            assert shown.status_code == 200
        digest = shown.json()["logo_digest"]
        served = await api.get(f"/t/logo/{digest}")
        assert (served.status_code, served.headers["content-type"]) == (200, "image/png")
        assert MARK not in served.content
        for _ in range(2):
            assert (await api.delete(path)).json()["logo_digest"] is None
        assert (await api.get(f"/t/logo/{digest}")).status_code == 404
        log = (await api.get("/v1/audit", params={"object_id": "shop"})).json()["items"]
        assert [one["action"] for one in log].count("partner.logo_changed") == 2

    @pytest.mark.parametrize(
        ("content", "status"), [(b"<svg xmlns=''/>", 422), (b"", 422), (b"x" * 110_000, 422)]
    )
    async def test_what_is_none_is_refused(
        self, shop: Shelf, api: httpx.AsyncClient, content: bytes, status: int
    ) -> None:
        answer = await api.put("/v1/partners/shop/logo", content=content)
        assert answer.status_code == status
        assert answer.json()["errors"][0]["field"] == "logo"

    async def test_a_partner_puts_its_own_only(self, shop: Shelf, app: FastAPI) -> None:
        await shop.add_partner("rival")
        async with await as_partner(app, shop, "rival") as rival:
            assert (await rival.put("/v1/partners/rival/logo", content=a_png())).status_code == 200
            for call in (
                rival.put("/v1/partners/shop/logo", content=a_png()),
                rival.delete("/v1/partners/shop/logo"),
            ):
                assert (await call).status_code == 404
        await app.state.parts.keys.settle()


class TestTheColour:
    @pytest.mark.parametrize("wrong", ["red", "#12345", "#1234567", "#12345g", "url(x)", 5])
    async def test_what_is_none_is_refused(
        self, shop: Shelf, api: httpx.AsyncClient, wrong: object
    ) -> None:
        answer = await api.patch("/v1/partners/shop", json={"brand_color": wrong})
        assert answer.status_code == 422

    async def test_it_is_kept_in_small_letters(self, shop: Shelf, api: httpx.AsyncClient) -> None:
        shown = await api.patch("/v1/partners/shop", json={"brand_color": "#0B6E4F"})
        assert shown.json()["brand_color"] == "#0b6e4f"
