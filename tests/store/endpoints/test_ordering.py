"""An endpoint that asks for order: a later event of an order waits for the earlier ones."""

import pytest

from contracts.delivery.messages import RecordDeadLetter, SendResult
from contracts.delivery.states import DeadLetterReason, DeliveryState, HoldReason
from store.deliveries.dead_lettering import record_dead_letter
from store.endpoints.ordering import (
    LOOKED_AT_AGAIN_AFTER,
    LOOKED_AT_FIRST_AFTER,
    any_woken,
    take_woken,
)
from tests.support.factories import make_groups, make_order
from tests.support.query_plans import is_served_by_an_index, plans_of
from tests.support.shelf import NOW, Shelf, Webhook, after, an_event

HELD = SendResult(DeliveryState.HELD)
SOON, SLOW = LOOKED_AT_FIRST_AFTER.total_seconds(), LOOKED_AT_AGAIN_AFTER.total_seconds()


class World:
    """An endpoint that is ordered, and events of several orders."""

    def __init__(self, shelf: Shelf, endpoint_id: str) -> None:
        self.shelf, self.endpoint_id = shelf, endpoint_id

    async def event(self, order: str = "ORD-1", *, plan: bool = True) -> Webhook:
        """The next event of an order."""
        ordered = make_order(order_id=order, ordered_at=after(-60).isoformat())
        event = an_event(data=make_groups(order=ordered))
        await self.shelf.accept(event)
        if not plan:
            return Webhook(self.shelf, event, "", self.endpoint_id)
        planned = (await self.shelf.plan(event)).deliveries
        return Webhook(self.shelf, event, planned[0].delivery_id, self.endpoint_id)

    async def woken(self, seconds: float = 0) -> list[str]:
        taken = await self.shelf.database.write(take_woken, after(seconds), limit=9)
        return [delivery_id for _, delivery_id in taken]


@pytest.fixture
async def world(shelf: Shelf) -> World:
    await shelf.add_partner()
    return World(shelf, (await shelf.add_endpoint(ordered=True)).id)


class TestWaiting:
    async def test_a_later_one_is_held_and_spends_no_attempt(self, world: World) -> None:
        await world.event()
        second = await world.event()
        assert await second.begin() == HELD
        row = await second.row()
        assert (row.hold_reason, row.attempts) == (HoldReason.EARLIER_EVENT, 0)
        assert row.next_attempt_at == after(SOON)

    async def test_the_first_one_and_other_orders_go(self, world: World) -> None:
        first, other = await world.event(), await world.event("ORD-2")
        await world.event()
        await first.ready()
        await other.ready()

    async def test_an_event_that_is_not_planned_yet_counts(self, world: World) -> None:
        await world.event(plan=False)
        assert await (await world.event()).begin() == HELD

    async def test_without_the_switch_nothing_waits(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        world = World(shelf, (await shelf.add_endpoint()).id)
        await world.event()
        await (await world.event()).ready()


class TestItsTurn:
    async def test_of_many_each_is_looked_at_by_itself(self, world: World) -> None:
        orders = [[await world.event(f"ORD-{number}") for _ in range(2)] for number in range(3)]
        ready = [await first.ready() for first, _ in orders]
        for _, second in orders:
            await second.begin()
        await orders[1][0].finish(ready[1], 200)
        assert await world.woken(SOON + 10) == [orders[1][1].id]
        for number in (0, 2):
            row = await orders[number][1].row()
            assert row.next_attempt_at == after(2 * (SOON + 10))

    async def test_a_delivery_wakes_the_next_and_only_that(self, world: World) -> None:
        first, second, third = [await world.event() for _ in range(3)]
        for later in (second, third):
            await later.begin()
        assert await world.woken() == []
        await first.attempt(200)
        assert await world.woken() == [second.id]
        await second.finish(await second.ready(in_round=2), 200)
        assert await world.woken() == [third.id]

    async def test_a_dead_letter_is_an_end_too(self, world: World) -> None:
        first, second = await world.event(), await world.event()
        await second.begin()
        await first.attempt(410)
        dead_letter = RecordDeadLetter(first.id, DeadLetterReason.GONE)
        await world.shelf.database.write(record_dead_letter, dead_letter, NOW)
        assert await world.woken() == [second.id]

    async def test_a_failed_attempt_is_none(self, world: World) -> None:
        first, second = await world.event(), await world.event()
        await second.begin()
        await first.attempt(503)
        assert await world.woken() == []

    async def test_a_wake_that_was_lost_is_made_up_for(self, world: World) -> None:
        first, second = await world.event(), await world.event()
        await second.begin()
        await world.shelf.change(type(await first.row()), first.id, state=DeliveryState.SKIPPED)
        assert await world.woken(SOON - 1) == []
        assert await world.woken(SOON) == [second.id]
        assert await world.woken(SOON + SLOW - 1) == []  # it was asked for
        assert await world.woken(SOON + SLOW) == [second.id]

    async def test_the_longer_it_waits_the_less_it_is_looked_at(self, world: World) -> None:
        await world.event()
        second = await world.event()
        await second.begin()
        looks = []
        for _ in range(6):
            row = await second.row()
            assert row.next_attempt_at is not None
            looks.append((row.next_attempt_at - NOW).total_seconds())
            assert await world.woken(looks[-1]) == []
        assert looks == [SOON, 4, 8, 16, 32, 32 + SLOW]

    async def test_looking_costs_little(self, world: World) -> None:
        plans = await world.shelf.database.read(
            lambda session: plans_of(session, lambda s: any_woken(s, NOW), "deliveries")
        )
        assert plans
        assert all(is_served_by_an_index(plan, "deliveries") for plan in plans)
