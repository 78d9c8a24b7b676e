"""The list of orders: each by its last update, the newest first, however much is looked through."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.delivery.states import DeliveryState, SkipReason
from contracts.payload.events import EventType, TrackingEvent
from store.db.keyset import Position
from store.events import orders
from store.events.erasure import erase_events
from store.events.orders import OrderFilter, OrdersPage, list_orders
from store.tables import DeliveryRow, EventRow
from tests.support.factories import make_groups, make_order
from tests.support.shelf import NOW, Shelf, after, an_event


@pytest.fixture
async def shop(shelf: Shelf) -> Shelf:
    """A shop without anything yet."""
    await shelf.add_partner()
    return shelf


async def happens(
    shelf: Shelf, order_id: str, kind: str = "order_confirmed", at: float = 0, **fields: Any
) -> TrackingEvent:
    """Something happens to an order so many seconds after NOW, and is accepted then."""
    groups = make_groups(order=make_order(order_id=order_id, ordered_at=after(-3600).isoformat()))
    event = an_event(kind, occurred_at=after(at).isoformat(), data=groups, **fields)
    return await shelf.accept(event, now=after(at))


async def listed(
    shelf: Shelf,
    wanted: OrderFilter = OrderFilter(),  # noqa: B008 - it is frozen
    *,
    place: Position | None = None,
    limit: int = 50,
    owner: str = "shop",
) -> OrdersPage:
    return await shelf.database.read(list_orders, wanted, owner=owner, after=place, limit=limit)


def names(page: OrdersPage) -> list[str]:
    return [one.order_id for one in page.orders]


class TestTheLines:
    async def test_each_order_is_there_once_by_its_last_update(self, shop: Shelf) -> None:
        await happens(shop, "A")
        await happens(shop, "B", at=1)
        await happens(shop, "A", "out_for_delivery", at=2)
        page = await listed(shop)
        assert [(one.order_id, one.event_type) for one in page.orders] == [
            ("A", EventType.OUT_FOR_DELIVERY),
            ("B", EventType.ORDER_CONFIRMED),
        ]
        assert page.next_place is None

    async def test_what_comes_late_changes_no_state(self, shop: Shelf) -> None:
        await happens(shop, "A", "delivered", at=60)
        late = an_event("out_for_delivery", occurred_at=after(30).isoformat())
        order = late.data.order.model_copy(update={"order_id": "A"})
        late = late.model_copy(update={"data": late.data.model_copy(update={"order": order})})
        await shop.accept(late, now=after(90))
        assert [one.event_type for one in (await listed(shop)).orders] == [EventType.DELIVERED]

    async def test_test_events_are_an_order_of_their_own(self, shop: Shelf) -> None:
        await happens(shop, "A")
        await happens(shop, "A", "delivered", at=1, is_test=True)
        page = await listed(shop)
        assert [one.is_test for one in page.orders] == [True, False]
        assert names(await listed(shop, OrderFilter(without_tests=True))) == ["A"]

    async def test_another_partner_s_orders_are_not_there(self, shop: Shelf) -> None:
        await shop.add_partner("other")
        await happens(shop, "A")
        await happens(shop, "A", "delivered", at=5, partner_id="other")
        assert [one.event_type for one in (await listed(shop)).orders] == [
            EventType.ORDER_CONFIRMED
        ]
        assert names(await listed(shop, owner="nobody")) == []

    async def test_facts_are_gone_with_the_customer_s_data(self, shop: Shelf) -> None:
        event = await happens(shop, "A")
        [line] = (await listed(shop)).orders
        assert line.facts is not None
        assert (line.facts.name, line.facts.phone) == ("Asha Kulkarni", "+919876543210")
        assert "Asha" not in repr(line)
        await shop.database.write(erase_events, [event.event_id], NOW)
        assert [one.facts for one in (await listed(shop)).orders] == [None]

    async def test_what_cannot_be_opened_is_listed_all_the_same(
        self, shop: Shelf, caplog: pytest.LogCaptureFixture
    ) -> None:
        event = await happens(shop, "A")
        row = await shop.one(EventRow, event.event_id)
        await shop.change(EventRow, event.event_id, body=row.body[:-8] + "AAAAAAA=")
        assert [one.facts for one in (await listed(shop)).orders] == [None]
        assert "cannot be opened" in caplog.text


class TestFilters:
    async def test_by_how_the_parcel_stands_and_when(self, shop: Shelf) -> None:
        await happens(shop, "A")
        await happens(shop, "A", "delivered", at=10)
        await happens(shop, "B", at=20)
        confirmed = OrderFilter(event_type=EventType.ORDER_CONFIRMED)
        assert names(await listed(shop, confirmed)) == ["B"]
        assert names(await listed(shop, OrderFilter(since=after(15)))) == ["B"]
        assert names(await listed(shop, OrderFilter(until=after(15)))) == ["A"]

    @pytest.mark.parametrize("rare", [0, 2_000])
    async def test_by_a_problem_of_the_last_update(
        self, shop: Shelf, rare: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(orders, "MOST_RARE", rare)
        await shop.add_endpoint()
        for order_id in ("A", "B"):
            await shop.plan(await happens(shop, order_id))
        [row, _] = await shop.all_rows(DeliveryRow)
        await shop.change(DeliveryRow, row.id, state=DeliveryState.DEAD_LETTERED)
        failed = (await shop.one(EventRow, row.event_id)).order_id
        wanted = OrderFilter(problem=DeliveryState.DEAD_LETTERED)
        assert names(await listed(shop, wanted)) == [failed]
        await happens(shop, failed, "delivered", at=30)
        assert names(await listed(shop, wanted)) == []

    async def test_an_sms_that_nobody_asked_for_is_no_problem(self, shop: Shelf) -> None:
        await shop.add_endpoint()
        event = await happens(shop, "A")
        await shop.plan(event)
        [row] = await shop.all_rows(DeliveryRow)
        skipped = {"state": DeliveryState.SKIPPED, "skip_reason": SkipReason.SMS_OFF_FOR_TYPE}
        wanted = OrderFilter(problem=DeliveryState.SKIPPED)
        await shop.change(DeliveryRow, row.id, **skipped)
        assert names(await listed(shop, wanted)) == ["A"]
        await shop.change(DeliveryRow, row.id, fallback=True)
        assert names(await listed(shop, wanted)) == []
        [line] = (await listed(shop)).orders
        assert line.deliveries == []


class TestPages:
    async def test_they_follow_each_other(self, shop: Shelf) -> None:
        for number in range(7):
            await happens(shop, f"ORD-{number}", at=number)
        found, place, pages = [], None, 0
        while place is not None or pages == 0:
            page = await listed(shop, place=place, limit=3)
            found += names(page)
            place, pages = page.next_place, pages + 1
        assert found == [f"ORD-{number}" for number in reversed(range(7))]

    async def test_one_looks_through_so_many_events_and_says_where_to_go_on(
        self, shop: Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(orders, "LOOKED_THROUGH", 4)
        await happens(shop, "OLD", "return_initiated", at=-60)
        for number in range(6):
            await happens(shop, f"ORD-{number}", at=number)
        wanted = OrderFilter(event_type=EventType.RETURN_INITIATED)
        first = await listed(shop, wanted)
        assert (names(first), first.next_place is not None) == ([], True)
        second = await listed(shop, wanted, place=first.next_place)
        assert (names(second), second.next_place) == (["OLD"], None)

    async def test_days_bound_them(self, shop: Shelf) -> None:
        await happens(shop, "A")
        assert names(await listed(shop, OrderFilter(since=NOW + timedelta(days=1)))) == []
