"""What is around every page: the menu with what waits beside it, the search, the page's place."""

import re

from contracts.access.users import Role
from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import DeadLetterReason, DeliveryState
from store.deliveries.dead_lettering import record_dead_letter
from store.tables import DeliveryRow
from tests.support.shelf import NOW, Shelf, an_event
from tests.support.stack import Stack
from tests.support.visitor import Page, Visitor


def side(page: Page) -> str:
    """The menu at the side."""
    return str(re.findall(r'<nav class="side".*?</nav>', page.html, re.DOTALL)[0])


def bar(page: Page) -> str:
    """The bar of four, without what is behind the last."""
    whole = re.findall(r'<nav class="bar".*?</nav>', page.html, re.DOTALL)[0]
    return re.sub(r'<div class="sheet">.*?</div>', "", whole, flags=re.DOTALL)


def current(menu: str) -> list[str]:
    """The words of what is marked as where one is."""
    marked = re.findall(r"aria-current=.*?<span>(.*?)</span>", menu, re.DOTALL)
    return [str(one) for one in marked]


async def _one_failed_one_held(stack: Stack) -> None:
    shelf = Shelf(stack.database)
    await shelf.add_endpoint()
    [held] = (await shelf.plan(an_event())).deliveries
    await shelf.change(DeliveryRow, held.delivery_id, state=DeliveryState.HELD)
    [dead] = (await shelf.plan(an_event())).deliveries
    letter = RecordDeadLetter(dead.delivery_id, DeadLetterReason.EXHAUSTED)
    await stack.database.write(record_dead_letter, letter, NOW)


class TestTheMenu:
    async def test_it_says_where_one_is(self, owner: Visitor) -> None:
        for place, word in (
            ("", "Overview"),
            ("/dead-letters", "Failed updates"),
            ("/texts/opt-outs", "Customer SMS"),
            ("/audit", "Activity log"),
        ):
            assert current(side(await owner.get(f"/p/shop{place}"))) == [word]

    async def test_the_bar_of_a_phone_always_marks_one_of_its_four(self, owner: Visitor) -> None:
        for place, word in (
            ("", "Overview"),
            ("/dead-letters", "Failed"),
            ("/keys", "More"),
            ("/audit", "More"),
        ):
            page = await owner.get(f"/p/shop{place}")
            assert current(bar(page)) == [word]
            assert bar(page).count("<li>") == 4

    async def test_what_waits_stands_beside_it(self, owner: Visitor, stack: Stack) -> None:
        assert "badge" not in side(await owner.get("/p/shop"))
        await _one_failed_one_held(stack)
        page = await owner.get("/p/shop")
        assert "Failed updates 1 failed 1 on hold" in page.text

    async def test_ops_see_what_waits_at_all_partners(self, ops: Visitor, stack: Stack) -> None:
        await _one_failed_one_held(stack)
        page = await ops.get("/ops")
        assert "Failed updates 1 failed On hold 1 on hold" in page.text

    async def test_members_see_no_entry_that_is_an_owner_s(self, visitor: Visitor) -> None:
        member = await visitor.sign_in_as(Role.MEMBER, "shop")
        menu = side(await member.get("/p/shop"))
        assert "/endpoints" in menu
        for place in ("/keys", "/people", "/settings", "/tracking"):
            assert f'shop{place}"' not in menu


class TestTheSearch:
    async def test_it_is_on_every_page_and_asks_where_one_is(self, visitor: Visitor) -> None:
        ops = await visitor.sign_in_as(Role.OPS)
        for place, base in (("/ops", "/ops"), ("/p/shop/keys", "/p/shop")):
            page = await ops.get(place)
            assert f'action="/dashboard{base}/search"' in page.html
            assert 'name="q" type="search"' in page.html
