"""The search of a shop's people and of ops: what is found, where it leads, what addresses say."""

import re
from urllib.parse import unquote

import pytest

from contracts.access.users import Role
from dashboard.translations import words_in
from tests.contracts.payload.test_search_terms import HOSTILE
from tests.store.events.test_order_search import PHONE, an_order
from tests.support.shelf import Shelf
from tests.support.stack import Stack
from tests.support.visitor import Page, Visitor

PERSONAL = ("98765", "00001", "Meena", "Rao")


@pytest.fixture
async def shelf(stack: Stack, visitor: Visitor) -> Shelf:
    """The database, where `shop` has an order of Meena's."""
    shelf = Shelf(stack.database)
    await shelf.accept(an_order())
    return shelf


def orders_on(page: Page) -> list[str]:
    """The orders that a page of results links to, with their partners."""
    return re.findall(r'href="/dashboard/p/([^"]+/orders\?order_id=[^"]+)"', page.html)


class TestAShop:
    @pytest.mark.parametrize("typed", ["ORD-B-012", "#ord-b-012", "1042", "DS7700012", PHONE])
    async def test_one_order_that_is_meant_is_shown_at_once(
        self, owner: Visitor, shelf: Shelf, typed: str
    ) -> None:
        page = await owner.post("/p/shop/search", {"q": typed})
        assert page.status == 200
        assert page.url.endswith("/dashboard/p/shop/orders?order_id=ORD-B-012")

    @pytest.mark.parametrize(
        ("typed", "by"),
        [
            ("ORD-B", "beginning of the order number"),
            ("0001", "last four digits of the phone"),
            ("meena rao", "customer's name"),
        ],
    )
    async def test_what_may_be_meant_is_listed_with_what_matched(
        self, owner: Visitor, shelf: Shelf, typed: str, by: str
    ) -> None:
        page = await owner.post("/p/shop/search", {"q": typed})
        assert orders_on(page) == ["shop/orders?order_id=ORD-B-012"]
        assert by in page.text
        assert ("Meena" in page.text, "0001" in page.text) == (True, True)
        assert "98765" not in page.html
        assert words_in()("parcel-order-confirmed") in page.text
        assert f'value="{typed}"' in page.html

    @pytest.mark.parametrize("typed", ["98765 00001", "0001", "Meena Rao", "9876599999", "Ravi"])
    async def test_no_address_has_a_phone_or_a_name(
        self, owner: Visitor, shelf: Shelf, typed: str
    ) -> None:
        page = await owner.post("/p/shop/search", {"q": typed})
        assert page.status == 200
        assert not any(one in unquote(page.url) for one in (*PERSONAL, typed))
        again = await owner.get(f"/p/shop/search?q={typed}")
        assert not any(one in unquote(again.url) for one in (*PERSONAL, typed))
        assert orders_on(again) == orders_on(page)

    async def test_the_number_of_an_order_stands_in_an_address_that_can_be_passed_on(
        self, owner: Visitor, shelf: Shelf
    ) -> None:
        page = await owner.post("/p/shop/search", {"q": "ORD-B0"})
        assert page.url.endswith("/dashboard/p/shop/search?q=ORD-B0")
        assert orders_on(await owner.get("/p/shop/search?q=ORD-B0")) == orders_on(page)

    async def test_an_address_of_somebody_else_s_search_says_nothing(
        self, owner: Visitor, stack: Stack, shelf: Shelf
    ) -> None:
        page = await owner.post("/p/shop/search", {"q": "Meena"})
        assert stack.app is not None
        member = await Visitor(stack.app).sign_in_as(Role.MEMBER, "shop")
        place = page.url.partition("/dashboard")[2]
        for address in (place, place[:-9], "/p/shop/search?s=%00", "/p/shop/search?s=none"):
            shown = await member.get(address)
            assert (shown.status, "Type it once more" in shown.text) == (200, True)
            assert "Meena" not in shown.text
            assert orders_on(shown) == []
        await member.http.aclose()

    async def test_nothing_found_says_what_can_be_typed(self, owner: Visitor, shelf: Shelf) -> None:
        page = await owner.post("/p/shop/search", {"q": "ORD-C-999"})
        assert page.status == 200
        assert "Nothing found" in page.text
        for hint in ("its order number", "last four digits", "in whole words", "AWB number"):
            assert hint in page.text
        assert "Type what you know" in (await owner.get("/p/shop/search")).text

    async def test_another_partner_s_orders_are_never_found(
        self, owner: Visitor, stack: Stack, shelf: Shelf
    ) -> None:
        await stack.add_partner("other")
        customer = {"name": "Ravi Iyer", "phone": "+919811122233"}
        await shelf.accept(
            an_order(partner_id="other", order_id="X-1", partner_order_ref="77", customer=customer)
        )
        for typed in ("X-1", "#77", "9811122233", "2233", "Ravi", "DS7700012"):
            page = await owner.post("/p/shop/search", {"q": typed})
            assert not any("other" in one for one in orders_on(page)), typed
            assert "/other/" not in page.url
        assert (await owner.get("/p/other/search?q=X-1")).status == 404
        assert (await owner.post("/p/other/search", {"q": "X-1"})).status == 404
        assert (await owner.get("/ops/search?q=X-1")).status == 404

    async def test_a_form_of_another_site_is_refused(self, owner: Visitor, shelf: Shelf) -> None:
        page = await owner.post("/p/shop/search", {"q": "ORD-B-012"}, csrf="forged")
        assert page.status == 403

    @pytest.mark.parametrize("typed", [one for one in HOSTILE if one.isprintable()])
    async def test_what_is_hostile_is_answered_calmly(
        self, owner: Visitor, shelf: Shelf, typed: str
    ) -> None:
        page = await owner.post("/p/shop/search", {"q": typed})
        assert page.status == 200
        assert orders_on(page) == []

    @pytest.mark.parametrize("query", ["q=%00", "q=%25", "q=_", "q=%F0%9F%8E%89", "q=%ff", "q="])
    async def test_nor_is_anything_wrong_with_an_address(
        self, owner: Visitor, shelf: Shelf, query: str
    ) -> None:
        page = await owner.get(f"/p/shop/search?{query}")
        assert (page.status, orders_on(page)) == (200, [])


class TestOps:
    async def test_all_partners_orders_are_found_each_under_its_partner(
        self, ops: Visitor, stack: Stack, shelf: Shelf
    ) -> None:
        await stack.add_partner("other")
        await shelf.accept(an_order(partner_id="other"))
        for typed in ("ORD-B-012", PHONE, "0001", "Meena", "1042"):
            page = await ops.post("/ops/search", {"q": typed})
            assert sorted(orders_on(page)) == [
                "other/orders?order_id=ORD-B-012",
                "shop/orders?order_id=ORD-B-012",
            ], typed
            assert not any(one in unquote(page.url) for one in PERSONAL)

    async def test_the_only_order_is_shown_at_once(self, ops: Visitor, shelf: Shelf) -> None:
        page = await ops.post("/ops/search", {"q": "98765 00001"})
        assert page.url.endswith("/dashboard/p/shop/orders?order_id=ORD-B-012")

    async def test_more_of_one_partner_s_is_one_link_away(self, ops: Visitor, shelf: Shelf) -> None:
        for number in range(8):
            await shelf.accept(an_order(order_id=f"ORD-{number}", partner_order_ref=None))
        page = await ops.post("/ops/search", {"q": "Meena"})
        assert len(orders_on(page)) == 5
        [more] = re.findall(r'href="/dashboard(/p/shop/search\?s=[^"]+)"', page.html)
        assert len(orders_on(await ops.get(more.replace("&amp;", "&")))) == 9

    async def test_partners_are_found_by_their_names(self, ops: Visitor, shelf: Shelf) -> None:
        page = await ops.post("/ops/search", {"q": "shop"})
        assert 'href="/dashboard/p/shop"' in page.html
