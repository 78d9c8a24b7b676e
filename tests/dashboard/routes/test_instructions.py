"""What is to be done after failed deliveries, on the dashboard: for one order, and for many."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from contracts.access.users import Role
from contracts.clock import utc_now
from contracts.instructions.transitions import InstructionState
from contracts.instructions.views import DecisionRequest
from contracts.instructions.words import GivenBy
from store.instructions.decisions import decide
from store.tables import EventRow, InstructionRow, PartnerRow
from tests.support.factories import make_groups, make_order
from tests.support.instructions import NEW_ADDRESS, a_failed_delivery
from tests.support.shelf import Shelf, an_event
from tests.support.stack import Stack
from tests.support.visitor import Visitor

ORDER = "/p/shop/orders?order_id=ORD-1"
INSTRUCT = "/p/shop/orders/instructions?order_id=ORD-1"
LIST = "/p/shop/failed-deliveries"


@pytest.fixture
async def shop(stack: Stack, visitor: Visitor) -> Shelf:
    """A shop with an order whose delivery has failed some hours ago."""
    shelf = Shelf(stack.database)
    await fails(shelf)
    return shelf


async def fails(shelf: Shelf, order_id: str = "ORD-1", hours: float = 5, **failure: str) -> str:
    """A failed delivery of so many hours ago; gives its event's id."""
    at = utc_now() - timedelta(hours=hours)
    event = a_failed_delivery(
        order_id, at, order={"ordered_at": (at - timedelta(days=1)).isoformat()}, **failure
    )
    return (await shelf.accept(event, now=at)).event_id


async def goes_on(shelf: Shelf, order_id: str) -> None:
    order = make_order(order_id=order_id, ordered_at=(utc_now() - timedelta(days=2)).isoformat())
    groups = make_groups(order=order)
    await shelf.accept(
        an_event("return_initiated", occurred_at=utc_now().isoformat(), data=groups), now=utc_now()
    )


async def given(shelf: Shelf) -> list[InstructionRow]:
    rows = await shelf.all_rows(InstructionRow)
    return sorted(rows, key=lambda one: (one.created_at, one.id))


def tomorrow() -> str:
    here: datetime = utc_now().astimezone(ZoneInfo("Asia/Kolkata"))
    return (here.date() + timedelta(days=1)).isoformat()


def attempt_on(html: str) -> str:
    return str(re.findall(r'name="attempt" value="([^"]*)"', html)[0])


class TestOneOrder:
    async def test_it_is_shown_where_its_event_cannot_be_opened(
        self, owner: Visitor, shop: Shelf, caplog: pytest.LogCaptureFixture
    ) -> None:
        [event] = await shop.all_rows(EventRow)
        await shop.change(EventRow, event.event_id, body=event.body[:-8] + "AAAAAAA=")
        page = await owner.get(ORDER)
        assert page.status == 200
        assert 'name="attempt"' not in page.html
        assert "cannot be opened" in caplog.text

    async def test_another_day_is_asked_for_and_decided(self, owner: Visitor, shop: Shelf) -> None:
        html = (await owner.get(ORDER)).html
        answer = {"action": "reschedule", "attempt": attempt_on(html)}
        page = await owner.post(INSTRUCT, {**answer, "when": f"{tomorrow()}/evening"})
        assert page.status == 200
        assert "It was passed on to the order system." in page.html
        assert "passed on, not decided yet" in page.html
        [row] = await given(shop)
        assert (row.given_by, row.actor.partition("_")[0]) == (GivenBy.MERCHANT, "usr")
        decision = DecisionRequest.model_validate({"decision": "rejected", "reason": "no rider"})
        await shop.database.write(decide, row.id, decision, utc_now(), actor="key_oms")
        html = (await owner.get(ORDER)).html
        assert "not possible" in html
        assert "<q>no rider</q>" in html

    async def test_an_address_needs_no_code_and_is_not_shown_again(
        self, owner: Visitor, shop: Shelf
    ) -> None:
        html = (await owner.get(ORDER)).html
        answer = {"action": "change_address", "attempt": attempt_on(html), **NEW_ADDRESS}
        page = await owner.post(INSTRUCT, answer)
        assert [one.state for one in await given(shop)] == [InstructionState.OPEN]
        assert NEW_ADDRESS["line1"] not in page.html

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"action": "reschedule"}, "Choose one of the days and times."),
            ({"action": "reschedule", "when": "2020-01-01"}, "Choose one of the days and times."),
            ({"action": "change_address", "pincode": "12"}, "A PIN code has six digits."),
            ({"action": "change_address", "phone": "12"}, "Give a phone number"),
            ({"action": "hold", "comment": "x" * 501}, "500 characters or fewer"),
        ],
    )
    async def test_what_is_typed_wrong_is_said_beside_it(
        self, owner: Visitor, shop: Shelf, typed: dict[str, str], said: str
    ) -> None:
        html = (await owner.get(ORDER)).html
        page = await owner.post(INSTRUCT, {"attempt": attempt_on(html), **typed})
        assert page.status == 422
        assert said in page.html
        assert "<details open>" in page.html
        assert await given(shop) == []

    async def test_a_page_that_is_too_old_changes_nothing(
        self, owner: Visitor, shop: Shelf
    ) -> None:
        answer = {"action": "hold", "attempt": attempt_on((await owner.get(ORDER)).html)}
        await goes_on(shop, "ORD-1")
        page = await owner.post(INSTRUCT, answer)
        assert page.status == 409
        assert "It is too late for that" in page.html
        assert await given(shop) == []

    async def test_ops_do_the_same_in_their_own_name(self, ops: Visitor, shop: Shelf) -> None:
        html = (await ops.get(ORDER)).html
        assert (
            await ops.post(INSTRUCT, {"action": "hold", "attempt": attempt_on(html)})
        ).status == 200
        assert [one.given_by for one in await given(shop)] == [GivenBy.OPS]

    async def test_another_s_order_is_nobody_s(self, stack: Stack, visitor: Visitor) -> None:
        shelf = Shelf(stack.database)
        await shelf.add_partner("rival")
        event_id = await fails(shelf)
        rival = await visitor.sign_in_as(Role.OWNER, "rival")
        answer = {"action": "hold", "attempt": event_id}
        page = await rival.post("/p/rival/orders/instructions?order_id=ORD-1", answer)
        assert page.status == 404
        page = await rival.post("/p/rival/failed-deliveries", {"action": "hold", "ids": event_id})
        assert page.status == 409
        assert await given(shelf) == []

    async def test_an_action_that_there_is_not(self, owner: Visitor, shop: Shelf) -> None:
        assert (await owner.post(INSTRUCT, {"action": "steal"})).status == 404


class TestTheList:
    async def test_it_has_those_without_an_answer_the_oldest_first(
        self, owner: Visitor, shop: Shelf
    ) -> None:
        await fails(shop, "ORD-2", hours=9)
        await fails(shop, "ORD-3", hours=7)
        await fails(shop, "ORD-4", hours=8)
        await goes_on(shop, "ORD-4")
        html = (await owner.get(LIST)).html
        assert re.findall(r"<bdi>(ORD-\d)</bdi>", html) == ["ORD-2", "ORD-3", "ORD-1"]

    async def test_many_are_answered_at_once(self, owner: Visitor, shop: Shelf) -> None:
        ids = [await fails(shop, f"ORD-{number}") for number in range(2, 5)]
        page = await owner.post(LIST, {"action": "reschedule", "when": tomorrow(), "ids": ids})
        assert page.status == 200
        assert [one.order_id for one in await given(shop)] == ["ORD-2", "ORD-3", "ORD-4"]
        assert re.findall(r"<bdi>(ORD-\d)</bdi>", page.html) == ["ORD-1"]

    async def test_one_that_cannot_be_answered_like_this_keeps_no_other(
        self, owner: Visitor, shop: Shelf
    ) -> None:
        refused = await fails(shop, "ORD-2", reason_code="customer_refused")
        gone = await fails(shop, "ORD-3")
        await goes_on(shop, "ORD-3")
        other = await fails(shop, "ORD-4")
        page = await owner.post(LIST, {"action": "reattempt", "ids": [refused, gone, other]})
        assert page.status == 200
        assert "One order was decided." in page.html
        assert page.html.count("One order was not:") == 2
        assert [one.order_id for one in await given(shop)] == ["ORD-4"]

    async def test_nothing_ticked_and_no_day(self, owner: Visitor, shop: Shelf) -> None:
        page = await owner.post(LIST, {"action": "hold"})
        assert (page.status, "Select at least one order." in page.html) == (422, True)
        [event] = re.findall(r'name="ids" value="([^"]*)"', page.html)
        page = await owner.post(LIST, {"action": "reschedule", "ids": event})
        assert page.status == 422
        assert await given(shop) == []

    async def test_what_is_too_late_is_shown_and_cannot_be_ticked(
        self, owner: Visitor, shop: Shelf
    ) -> None:
        await fails(shop, "ORD-2", next_attempt_at=(utc_now() - timedelta(hours=1)).isoformat())
        await fails(shop, "ORD-3", reason_code="shipment_lost")
        html = (await owner.get(LIST)).html
        assert "too late: the next attempt is due" in html
        assert "nothing can be requested" in html
        assert html.count('name="ids"') == 1

    async def test_pages_go_on_where_the_last_one_ended(self, owner: Visitor, shop: Shelf) -> None:
        for number in range(2, 31):
            await fails(shop, f"ORD-{number:02}", hours=100 - number)
        first = (await owner.get(LIST)).html
        [following] = re.findall(r'rel="next" href="([^"]*)"', first)
        second = (await owner.get(following.removeprefix("/dashboard"))).html
        orders = re.findall(r"<bdi>(ORD-\d+)</bdi>", first + second)
        assert orders == [*(f"ORD-{number:02}" for number in range(2, 31)), "ORD-1"]


class TestWhatCustomersMayAsk:
    async def test_it_is_set_beside_the_page(
        self, owner: Visitor, stack: Stack, shop: Shelf
    ) -> None:
        chosen = {"answers": "yes", "actions": ["hold", "reschedule"], "no_sundays": "yes"}
        assert (await owner.post("/p/shop/tracking", chosen)).status == 200
        row = await shop.one(PartnerRow, "shop")
        assert (row.instruction_actions, row.no_sundays) == (["reschedule", "hold"], True)
        assert row.instruction_reminder is False
        everything = ["reattempt", "reschedule", "change_address", "hold", "return"]
        again = {"answers": "yes", "actions": everything, "instruction_reminder": "yes"}
        await owner.post("/p/shop/tracking", again)
        row = await shop.one(PartnerRow, "shop")
        assert (row.instruction_actions, row.no_sundays) == (None, False)
        assert row.instruction_reminder is True
