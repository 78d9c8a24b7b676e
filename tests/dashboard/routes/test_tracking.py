"""The tracking page's settings, and the link of one order, on the dashboard."""

import pytest

from contracts.access.users import Role
from contracts.clock import utc_now
from store.tables import PartnerRow, TrackingLinkRow
from store.tracking.links import LinkedOrder, link_token
from store.tracking.orders import tracked_order
from tests.support.factories import make_event
from tests.support.pictures import MARK, a_png
from tests.support.shelf import NOW, Shelf
from tests.support.stack import Stack
from tests.support.visitor import Visitor

PLACE = "/p/shop/tracking"


async def partner(stack: Stack) -> dict[str, object]:
    shown: dict[str, object] = (await stack.api.get("/v1/partners/shop")).json()
    return shown


async def upload(owner: Visitor, content: bytes) -> tuple[int, str]:
    """Send a file as a browser does; the status and the page that it leads to."""
    answer = await owner.http.post(
        f"/dashboard{PLACE}/logo",
        data={"csrf": await owner.csrf()},
        files={"logo": ("logo.png", content, "image/png")},
        headers={"sec-fetch-site": "same-origin"},
        follow_redirects=True,
    )
    return answer.status_code, answer.text


class TestSettings:
    @pytest.mark.parametrize("name", ["tracking_enabled", "tracking_url_in_payload"])
    async def test_a_switch_is_turned_on_and_off(
        self, owner: Visitor, stack: Stack, name: str
    ) -> None:
        for word, is_on in (("yes", True), ("no", False)):
            assert (await owner.post(PLACE, {name: word})).status == 200
            assert (await partner(stack))[name] is is_on

    async def test_the_colour(self, owner: Visitor, stack: Stack) -> None:
        await owner.post(PLACE, {"brand_color": "#0B6E4F"})
        assert (await partner(stack))["brand_color"] == "#0b6e4f"
        assert 'value="#0b6e4f"' in (await owner.get(PLACE)).html
        assert (await owner.post(PLACE, {"brand_color": "red"})).status == 422
        assert (await partner(stack))["brand_color"] == "#0b6e4f"

    async def test_the_logo_is_uploaded_shown_and_removed(
        self, owner: Visitor, stack: Stack
    ) -> None:
        status, html = await upload(owner, a_png(extra=MARK))
        digest = (await partner(stack))["logo_digest"]
        assert status == 200
        assert f"/t/logo/{digest}" in html
        served = await owner.http.get(f"/t/logo/{digest}")
        assert served.status_code == 200
        assert MARK not in served.content
        await owner.post(f"{PLACE}/logo/remove")
        assert (await partner(stack))["logo_digest"] is None

    @pytest.mark.parametrize("content", [b"", b"<svg/>", b"x" * 110_000])
    async def test_what_is_no_logo_is_refused(
        self, owner: Visitor, stack: Stack, content: bytes
    ) -> None:
        assert (await upload(owner, content))[0] == 422
        assert (await partner(stack))["logo_digest"] is None

    async def test_members_may_not(self, visitor: Visitor, stack: Stack) -> None:
        member = await visitor.sign_in_as(Role.MEMBER, "shop")
        assert (await member.get(PLACE)).status == 403
        assert (await member.post(PLACE, {"tracking_enabled": "yes"})).status == 403
        assert (await upload(member, a_png()))[0] == 403


class TestTheLinkOfAnOrder:
    @pytest.fixture
    async def shop(self, owner: Visitor, stack: Stack) -> Shelf:
        """The shop with its pages on and an order."""
        shelf = Shelf(stack.database)
        await shelf.change(PartnerRow, "shop", tracking_enabled=True)
        await stack.send(make_event())
        return shelf

    async def test_it_opens_what_the_customer_sees(self, owner: Visitor, shop: Shelf) -> None:
        assert (
            "/orders/link?order_id=ORD-1" in (await owner.get("/p/shop/orders?order_id=ORD-1")).html
        )
        page = await owner.post("/p/shop/orders/link?order_id=ORD-1")
        assert page.status == 200
        token = page.url.rpartition("/t/")[2]
        assert await shop.database.read(tracked_order, token, utc_now()) is not None

    async def test_it_is_ended(self, owner: Visitor, shop: Shelf) -> None:
        order = LinkedOrder("shop", "ORD-1")
        token = await shop.database.write(link_token, order, NOW)
        page = await owner.post("/p/shop/orders/link/revoke?order_id=ORD-1")
        assert page.status == 200
        assert await shop.database.read(tracked_order, token, utc_now()) is None

    async def test_another_s_order_has_none(self, owner: Visitor, shop: Shelf) -> None:
        assert (await owner.post("/p/rival/orders/link?order_id=ORD-1")).status == 404
        assert (await owner.post("/p/shop/orders/link?order_id=ORD-2")).status == 404
        assert await shop.count(TrackingLinkRow) == 0

    async def test_while_the_pages_are_off_it_leads_to_the_settings(
        self, owner: Visitor, shop: Shelf
    ) -> None:
        await shop.change(PartnerRow, "shop", tracking_enabled=False)
        page = await owner.post("/p/shop/orders/link?order_id=ORD-1")
        assert page.url.endswith(PLACE)
