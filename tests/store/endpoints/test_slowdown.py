"""Endpoints that ask us to wait: nothing is charged or lost, and they get what they can take."""

import pytest

from contracts.delivery.messages import SendResult
from contracts.delivery.retry import JITTER
from contracts.delivery.states import AttemptState, DeliveryState, EndpointState, HoldReason
from contracts.endpoints.endpoints import EndpointChange
from contracts.endpoints.slowdown import UNCHARGED_WAIT_S
from store.deliveries.attempt_results import Settled
from store.deliveries.concurrency import admit, endpoints_with_waiting
from store.endpoints.changes import change_endpoint
from store.tables import DeliveryRow, EndpointRow
from tests.support.shelf import Shelf, Webhook, after, an_event

HELD = SendResult(DeliveryState.HELD)


class World:
    """An endpoint, and what happens to it."""

    def __init__(self, shelf: Shelf, endpoint_id: str) -> None:
        self.shelf, self.endpoint_id = shelf, endpoint_id

    async def deliveries(self, count: int) -> list[Webhook]:
        found = []
        for _ in range(count):
            event = an_event()
            [planned] = (await self.shelf.plan(event)).deliveries
            found.append(Webhook(self.shelf, event, planned.delivery_id, self.endpoint_id))
        return found

    async def refused(self, webhook: Webhook, at_s: float, **how: str) -> Settled:
        """A whole try that is answered with 429 at once."""
        ready = await webhook.ready(now=after(at_s))
        return await webhook.finish(ready, 429, now=after(at_s), **how)

    async def endpoint(self) -> EndpointRow:
        return await self.shelf.one(EndpointRow, self.endpoint_id)

    async def admit(self, seconds: float) -> list[str]:
        found = await self.shelf.database.write(admit, after(seconds), endpoint_id=self.endpoint_id)
        return [delivery_id for _, delivery_id in found]

    async def watched(self, seconds: float) -> list[str]:
        return list(await self.shelf.database.read(endpoints_with_waiting, after(seconds)))


@pytest.fixture
async def world(shelf: Shelf) -> World:
    await shelf.add_partner()
    return World(shelf, (await shelf.add_endpoint()).id)


class TestNothingIsCharged:
    @pytest.mark.parametrize(
        ("status", "retry_after", "charged"),
        [
            (429, "60", False),
            (429, None, False),
            (429, "soon", False),
            (503, "60", False),
            (503, None, True),
            (502, "60", True),
            (504, "60", True),
        ],
    )
    async def test_while_it_asks_us_to_wait(
        self, world: World, status: int, retry_after: str | None, charged: bool
    ) -> None:
        [webhook] = await world.deliveries(1)
        settled = await webhook.finish(await webhook.ready(), status, retry_after=retry_after)
        [attempt] = await webhook.attempts()
        assert (attempt.state, attempt.charged) == (AttemptState.FAILED, charged)
        assert (await webhook.row()).charged == charged
        assert settled.delay_s >= (60 if retry_after == "60" else 1)
        endpoint = await world.endpoint()
        assert endpoint.failures_in_row == charged
        assert (endpoint.slowed_limit is None) is charged

    async def test_it_comes_again_when_it_is_asked_to_and_a_little_later(
        self, world: World
    ) -> None:
        webhooks = await world.deliveries(20)
        ready = [await one.ready() for one in webhooks]
        settled = [
            await one.finish(it, 429, retry_after="60")
            for one, it in zip(webhooks, ready, strict=True)
        ]
        waits = [one.delay_s for one in settled]
        assert all(60 <= one <= 60 * (1 + JITTER) for one in waits)
        assert len(set(waits)) > 15  # of 6,000 milliseconds, two may well be the same

    async def test_for_an_hour_in_all_then_by_the_schedule(self, world: World) -> None:
        [webhook] = await world.deliveries(1)
        at, charged = 0.0, []
        while (settled := await self._refused(world, webhook, at)).result is None:
            charged.append((await webhook.row()).charged)
            at += settled.delay_s
        assert charged == [0] * charged.count(0) + [1, 2, 3]
        waited_s = (await webhook.row()).waited_s
        assert UNCHARGED_WAIT_S <= waited_s <= UNCHARGED_WAIT_S + 300 * (1 + JITTER)
        assert charged.count(0) < 25  # asked ever more seldom

    async def _refused(self, world: World, webhook: Webhook, at: float) -> Settled:
        return await world.refused(webhook, at, retry_after="1")

    async def test_the_hour_is_not_begun_anew_by_being_held_in_between(self, world: World) -> None:
        first, second = await world.deliveries(2)
        settled = await world.refused(first, 0, retry_after="1000")
        assert settled.delay_s >= 1000
        assert await second.begin(now=after(500)) == HELD
        before = (await first.row()).waited_s
        busy = DeliveryState.HELD, HoldReason.ENDPOINT_BUSY
        await world.shelf.change(
            DeliveryRow, first.id, state=busy[0], hold_reason=busy[1], charged=2
        )
        await first.ready(in_round=2, now=after(1100))
        row = await first.row()
        assert (row.waited_s, row.charged) == (before, 2)

    async def test_a_retry_by_hand_has_a_whole_hour_again(self, world: World) -> None:
        [webhook] = await world.deliveries(1)
        await world.shelf.change(
            DeliveryRow, webhook.id, state=DeliveryState.DEAD_LETTERED, waited_s=3600, charged=4
        )
        await webhook.ready(in_round=2)
        row = await webhook.row()
        assert (row.waited_s, row.charged) == (0, 0)


class TestOthersWait:
    async def test_until_it_may_be_sent_to_and_spend_no_attempt(self, world: World) -> None:
        first, second = await world.deliveries(2)
        await world.refused(first, 0, retry_after="60")
        assert await second.begin(now=after(59)) == HELD
        row = await second.row()
        assert (row.hold_reason, row.attempts) == (HoldReason.ENDPOINT_BUSY, 0)
        assert await world.admit(59) == []
        assert await world.watched(59) == []
        assert await world.watched(60) == [world.endpoint_id]
        assert await world.admit(60) == [second.id]

    async def test_another_endpoint_is_not_touched(self, world: World) -> None:
        [first] = await world.deliveries(1)
        await world.refused(first, 0)
        other = await world.shelf.add_endpoint()
        event = an_event()
        plan = await world.shelf.plan(event)
        begun = [
            await Webhook(world.shelf, event, one.delivery_id, other.id).begin()
            for one in plan.deliveries
        ]
        assert begun.count(HELD) == 1

    async def test_then_one_goes_at_a_time_and_with_each_that_is_taken_one_more(
        self, world: World
    ) -> None:
        first, *others = await world.deliveries(8)
        await world.refused(first, 0, retry_after="60")
        for one in others:
            await one.begin(now=after(1))
        in_flight = [await first.ready(now=after(66))]
        assert await world.admit(66) == []
        let, taken = 0, [first]
        for round_ in range(1, 3):
            at = 66 + round_
            for one, it in zip(taken, in_flight, strict=True):
                assert (await one.finish(it, 200, now=after(at))).has_waiting
            ids = await world.admit(at)
            assert len(ids) == 2**round_
            taken = [one for one in others if one.id in ids]
            in_flight = [await one.ready(in_round=2, now=after(at)) for one in taken]
            let += len(ids)
        assert let == 6

    async def test_one_that_was_refused_too_does_not_come_before_a_later_wish(
        self, world: World
    ) -> None:
        first, second = await world.deliveries(2)
        ready = [await one.ready() for one in (first, second)]
        for one, it in zip((first, second), ready, strict=True):
            await one.finish(it, 429, now=after(0.1), retry_after="1")
        await world.refused(first, 1.25, retry_after="1")
        assert await second.begin(now=after(1.26)) == HELD

    async def test_its_own_time_has_come_by_temporal_s_clock_which_may_be_ahead(
        self, world: World
    ) -> None:
        first, second = await world.deliveries(2)
        await world.refused(first, 0, retry_after="60")
        ready = await first.ready(now=after(50))
        assert await second.begin(now=after(50)) == HELD
        await first.finish(ready, 200, now=after(51))
        assert await world.admit(51) == [second.id]


class TestItsBreaker:
    async def test_it_is_no_failing_endpoint(self, world: World) -> None:
        webhooks = await world.deliveries(30)
        ready = [await one.ready() for one in webhooks]
        for seconds, (one, it) in enumerate(zip(webhooks, ready, strict=True)):
            await one.finish(it, 429, now=after(seconds * 4))
        endpoint = await world.endpoint()
        assert (endpoint.failures_in_row, endpoint.opened_at) == (0, None)

    async def test_one_that_is_open_stays_so_and_is_not_probed_before_it_may(
        self, world: World
    ) -> None:
        [webhook] = await world.deliveries(1)
        opened = {"opened_at": after(0), "failing_since": after(-60), "failures_in_row": 10}
        await world.shelf.change(EndpointRow, world.endpoint_id, probe_at=after(30), **opened)
        ready = await webhook.ready(now=after(30))
        await webhook.finish(ready, 503, now=after(31), retry_after="1800")
        endpoint = await world.endpoint()
        assert endpoint.probe_at == after(31 + 1800)
        assert (await webhook.row()).charged == 0

    async def test_whoever_mended_it_need_not_wait(self, world: World) -> None:
        first, second = await world.deliveries(2)
        await world.refused(first, 0, retry_after="3600")
        enabled = EndpointChange(state=EndpointState.ENABLED)
        await world.shelf.database.write(
            change_endpoint, world.endpoint_id, enabled, after(5), actor="key_1"
        )
        await second.ready(now=after(6))
