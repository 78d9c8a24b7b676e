"""The concurrency limit: counted across workers, kept for whoever is let in, and free again after a
crash."""

import asyncio

import pytest
from sqlmodel import Session

from contracts.delivery.messages import SendResult
from contracts.delivery.states import DeliveryState, HoldReason
from store.deliveries.concurrency import ADMITTED_FOR, IN_FLIGHT_FOR, admit, endpoints_with_waiting
from store.tables import EndpointRow
from tests.support.query_plans import is_served_by_an_index, plans_of
from tests.support.shelf import Shelf, Webhook, after, an_event

HELD = SendResult(DeliveryState.HELD)
KEPT_S, IN_FLIGHT_S = ADMITTED_FOR.total_seconds(), IN_FLIGHT_FOR.total_seconds()


class World:
    """An endpoint with two places."""

    def __init__(self, shelf: Shelf, endpoint_id: str) -> None:
        self.shelf, self.endpoint_id = shelf, endpoint_id

    async def deliveries(self, count: int) -> list[Webhook]:
        """So many planned deliveries, a second apart."""
        found = []
        for number in range(count):
            event = an_event()
            [planned] = (await self.shelf.plan(event, now=after(number))).deliveries
            found.append(Webhook(self.shelf, event, planned.delivery_id, self.endpoint_id))
        return found

    async def admit(self, seconds: float) -> list[str]:
        found = await self.shelf.database.write(admit, after(seconds), endpoint_id=self.endpoint_id)
        return [delivery_id for _, delivery_id in found]

    async def watched(self, seconds: float) -> list[str]:
        return list(await self.shelf.database.read(endpoints_with_waiting, after(seconds)))

    async def endpoint(self) -> EndpointRow:
        return await self.shelf.one(EndpointRow, self.endpoint_id)


@pytest.fixture
async def world(shelf: Shelf) -> World:
    await shelf.add_partner()
    return World(shelf, (await shelf.add_endpoint(in_flight_limit=2)).id)


class TestInFlight:
    async def test_more_than_the_limit_wait_and_spend_no_attempt(self, world: World) -> None:
        first, second, third = await world.deliveries(3)
        await first.ready()
        await second.ready()
        assert await third.begin(now=after(4)) == HELD
        row = await third.row()
        assert (row.hold_reason, row.attempts) == (HoldReason.ENDPOINT_BUSY, 0)
        assert row.next_attempt_at == after(4)

    async def test_another_endpoint_is_not_touched(self, world: World) -> None:
        other = World(world.shelf, (await world.shelf.add_endpoint()).id)
        events = [an_event() for _ in range(3)]
        for event in events:
            for planned in (await world.shelf.plan(event)).deliveries:
                await Webhook(world.shelf, event, planned.delivery_id, "").begin()
        assert await world.watched(1) == [world.endpoint_id]
        assert not (await other.endpoint()).has_waiting

    async def test_side_by_side_no_more_than_the_limit_begin(self, world: World) -> None:
        webhooks = await world.deliveries(20)
        begun = await asyncio.gather(*(one.begin() for one in webhooks))
        assert begun.count(HELD) == 18

    async def test_an_attempt_whose_worker_died_holds_its_place_for_a_minute(
        self, world: World
    ) -> None:
        first, second, third = await world.deliveries(3)
        await first.ready()
        await second.ready(now=after(30))
        assert await third.begin(now=after(IN_FLIGHT_S - 1)) == HELD
        await third.ready(now=after(IN_FLIGHT_S))

    async def test_its_own_attempt_that_broke_off_is_not_in_its_way(self, world: World) -> None:
        first, second = await world.deliveries(2)
        await first.ready()
        await second.ready()
        await first.ready(now=after(5))

    async def test_a_probe_needs_no_place(self, world: World) -> None:
        first, second, third = await world.deliveries(3)
        await first.ready()
        await second.ready()
        await world.shelf.change(
            EndpointRow, world.endpoint_id, opened_at=after(0), probe_at=after(30)
        )
        await third.ready(now=after(31))


class TestTheRate:
    async def test_more_than_the_rate_wait(self, world: World) -> None:
        await world.shelf.change(EndpointRow, world.endpoint_id, in_flight_limit=50, rate_limit=1)
        webhooks = await world.deliveries(5)
        begun = [await one.begin(now=after(10)) for one in webhooks]
        assert [one == HELD for one in begun] == [False, False, False, True, True]
        assert await world.admit(10) == []
        assert await world.admit(11) == [webhooks[3].id]

    async def test_an_attempt_that_finds_no_place_uses_none_of_it(self, world: World) -> None:
        await world.shelf.change(EndpointRow, world.endpoint_id, rate_limit=1)
        webhooks = await world.deliveries(3)
        for one in webhooks:
            await one.begin()
        assert (await world.endpoint()).rate_used_until == after(2)


class TestLettingIn:
    async def test_the_oldest_first_as_places_become_free(self, world: World) -> None:
        webhooks = await world.deliveries(6)
        ready = [await one.ready() for one in webhooks[:2]]
        for one in reversed(webhooks[2:]):
            await one.begin(now=after(9))
        assert await world.admit(9) == []
        settled = await webhooks[0].finish(ready[0], 200)
        assert settled.has_waiting
        assert await world.admit(10) == [webhooks[2].id]
        assert await world.admit(10) == []  # the place is kept for that one
        await webhooks[1].finish(ready[1], 503)
        assert await world.admit(10) == [webhooks[3].id]
        await webhooks[2].ready(in_round=2, now=after(11))
        assert (await webhooks[2].row()).hold_reason is None
        assert await world.admit(11) == []

    async def test_of_a_failing_endpoint_they_wait_for_the_breaker_and_nobody_is_asked_for(
        self, world: World
    ) -> None:
        webhooks = await world.deliveries(4)
        for one in webhooks[:2]:
            await one.ready()
        for one in webhooks[2:]:
            await one.begin()
        await world.shelf.change(EndpointRow, world.endpoint_id, opened_at=after(5))
        assert await world.admit(70) == []
        rows = [await one.row() for one in webhooks]
        assert [one.hold_reason for one in rows] == [None, None, *[HoldReason.ENDPOINT_FAILING] * 2]
        assert [one.next_attempt_at for one in rows[2:]] == [None, None]
        assert await world.watched(70) == []

    async def test_one_that_does_not_come_loses_its_place(self, world: World) -> None:
        webhooks = await world.deliveries(3)
        ready = [await one.ready() for one in webhooks[:2]]
        await webhooks[2].begin()
        await webhooks[0].finish(ready[0], 200)
        assert await world.admit(1) == [webhooks[2].id]
        assert await world.watched(KEPT_S) == []
        assert await world.watched(1 + KEPT_S) == [world.endpoint_id]
        assert await world.admit(1 + KEPT_S) == [webhooks[2].id]

    async def test_the_last_one_says_that_nobody_waits(self, world: World) -> None:
        webhooks = await world.deliveries(3)
        ready = [await one.ready() for one in webhooks[:2]]
        await webhooks[2].begin()
        await webhooks[0].finish(ready[0], 200)
        await world.admit(1)
        third = await webhooks[2].ready(in_round=2, now=after(2))
        await webhooks[1].finish(ready[1], 200)
        assert await world.admit(3) == []
        assert not (await webhooks[2].finish(third, 200)).has_waiting

    async def test_two_at_the_same_time_let_nobody_in_twice(self, world: World) -> None:
        webhooks = await world.deliveries(8)
        ready = [await one.ready() for one in webhooks[:2]]
        for one in webhooks[2:]:
            await one.begin()
        for one, it in zip(webhooks[:2], ready, strict=True):
            await one.finish(it, 200)
        found = await asyncio.gather(*(world.admit(1) for _ in range(5)))
        let = [one for some in found for one in some]
        assert len(let) == len(set(let)) == 2

    async def test_looking_costs_little(self, world: World) -> None:
        database = world.shelf.database

        def look(session: Session) -> None:
            admit(session, after(1), endpoint_id=world.endpoint_id)

        for table in ("deliveries", "attempts"):
            plans = await database.write(plans_of, look, table)
            assert plans
            for plan in plans:
                assert is_served_by_an_index(plan, table), plan
        [watch] = await database.read(
            plans_of, lambda session: endpoints_with_waiting(session, after(1)), "deliveries"
        )
        assert "ix_deliveries_" in watch
