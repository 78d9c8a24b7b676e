"""The dispatcher against every answer that Temporal has: no event is lost, failed or forgotten that
could be started later, and nobody waits behind somebody else's events (DESIGN sections 1 and 2)."""

import asyncio
import logging
from datetime import timedelta

import pytest
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCStatusCode

from contracts.delivery.messages import DeliverEvent
from dispatch.places import PLACES
from store.db.database import Database
from store.tables import EventRow
from tests.dispatch.dispatching import Dispatching, refusal
from tests.support.logs import said_by
from tests.support.shelf import an_event
from tests.support.waiting import eventually

WORSE_THAN_AWAY = {
    RPCStatusCode.INVALID_ARGUMENT,
    RPCStatusCode.FAILED_PRECONDITION,
    RPCStatusCode.OUT_OF_RANGE,
    RPCStatusCode.UNIMPLEMENTED,
}
REFUSALS = sorted(
    set(RPCStatusCode) - {RPCStatusCode.OK, RPCStatusCode.ALREADY_EXISTS}, key=lambda one: one.value
)


@pytest.fixture
async def outbox(database: Database) -> Dispatching:
    dispatching = Dispatching(database)
    await dispatching.shelf.add_partner()
    return dispatching


async def accepted(outbox: Dispatching, count: int = 1, partner_id: str = "shop") -> list[str]:
    """So many events in the outbox, accepted now."""
    events = [an_event(partner_id=partner_id) for _ in range(count)]
    for event in events:
        await outbox.shelf.accept(event, now=outbox.clock())
    return [event.event_id for event in events]


class TestEveryAnswer:
    async def test_ok_is_started(self, outbox: Dispatching) -> None:
        [event_id] = await accepted(outbox)
        await outbox.all_asked()
        assert await outbox.became(event_id) == "started"
        assert outbox.temporal.taken == [event_id]

    async def test_already_started_is_started(self, outbox: Dispatching) -> None:
        [event_id] = await accepted(outbox)
        known = WorkflowAlreadyStartedError(event_id, "DeliverTrackingEvent")
        outbox.temporal.script[event_id] = known
        await outbox.all_asked()
        assert await outbox.became(event_id) == "started"

    @pytest.mark.parametrize("status", REFUSALS, ids=lambda one: one.name.lower())
    async def test_a_refusal_is_put_off_and_started_later(
        self, outbox: Dispatching, status: RPCStatusCode
    ) -> None:
        [event_id] = await accepted(outbox)
        outbox.temporal.script[None] = refusal(status)
        await outbox.all_asked()
        assert await outbox.became(event_id) == "put off"
        outbox.temporal.script.clear()
        outbox.clock.turn(await outbox.put_off_for(event_id) + timedelta(seconds=1))
        await outbox.all_asked()
        assert await outbox.became(event_id) == "started"

    @pytest.mark.parametrize(
        "error",
        [
            pytest.param(RuntimeError("no connection"), id="RuntimeError"),
            pytest.param(
                ValueError("no converter for it"),
                id="ValueError",
            ),
            pytest.param(
                OSError("too many open files"),
                id="OSError",
            ),
        ],
    )
    async def test_a_start_that_raises_anything_else_is_put_off_and_logged(
        self, outbox: Dispatching, error: Exception, caplog: pytest.LogCaptureFixture
    ) -> None:
        [event_id] = await accepted(outbox)
        outbox.temporal.script[event_id] = error
        with caplog.at_level(logging.WARNING, logger="dispatch.refusals"):
            await outbox.all_asked()
        assert await outbox.became(event_id) == "put off"
        assert [one for one in caplog.messages if event_id in one]


class TestPuttingOff:
    async def test_one_event_s_refusal_delays_no_other(self, outbox: Dispatching) -> None:
        bad, good = await accepted(outbox, 2)
        outbox.temporal.script[bad] = refusal(RPCStatusCode.RESOURCE_EXHAUSTED)
        await outbox.all_asked()
        assert (await outbox.became(bad), await outbox.became(good)) == ("put off", "started")

    async def test_each_refusal_in_a_row_makes_the_wait_longer(self, outbox: Dispatching) -> None:
        [event_id] = await accepted(outbox)
        outbox.temporal.script[None] = refusal(RPCStatusCode.UNAVAILABLE)
        waits = []
        for _ in range(3):
            await outbox.all_asked()
            waits.append(await outbox.put_off_for(event_id))
            outbox.clock.turn(waits[-1] + timedelta(milliseconds=1))
        assert waits == sorted(set(waits))

    async def test_an_outage_of_whatever_kind_fails_nothing(self, outbox: Dispatching) -> None:
        """Namespace fail-over, a proxy's 404, a server that takes nothing: for an hour."""
        event_ids = await accepted(outbox, 10)
        for status in WORSE_THAN_AWAY:
            outbox.temporal.script[None] = refusal(status)
            await outbox.all_asked()
            outbox.clock.turn(timedelta(minutes=20))
        outbox.temporal.script.clear()
        outbox.clock.turn(timedelta(minutes=20))
        await outbox.all_asked()
        assert {await outbox.became(one) for one in event_ids} == {"started"}


class TestPoison:
    async def test_an_impossible_event_is_failed_in_the_end_with_a_reason(
        self, outbox: Dispatching
    ) -> None:
        """Refused as itself, again and again, while others start."""
        [bad] = await accepted(outbox)
        outbox.temporal.script[bad] = refusal(RPCStatusCode.INVALID_ARGUMENT)
        for _ in range(10):
            good = await accepted(outbox, 3)
            await outbox.all_asked()
            assert {await outbox.became(one) for one in good} == {"started"}
            outbox.clock.turn(timedelta(minutes=5))
        assert await outbox.became(bad) == "failed"
        assert all(await outbox.reasons([bad]))

    @pytest.mark.parametrize(
        "error",
        [refusal(RPCStatusCode.UNAVAILABLE), ValueError("no converter for it")],
        ids=["refused", "raising"],
    )
    async def test_more_of_them_than_there_are_slots_keep_nobody_from_being_started(
        self, outbox: Dispatching, error: Exception
    ) -> None:
        for bad in await accepted(outbox, PLACES + 8):
            outbox.temporal.script[bad] = error
        for _ in range(3):
            good = await accepted(outbox, 2)
            await outbox.all_asked()
            assert {await outbox.became(one) for one in good} == {"started"}
            outbox.clock.turn(timedelta(minutes=1))


@pytest.mark.extended
class TestFairness:
    BURST = 4 * PLACES

    async def test_of_one_partner_the_oldest_come_first(self, outbox: Dispatching) -> None:
        event_ids = []
        for _ in range(3):
            event_ids += await accepted(outbox)
            outbox.clock.turn(timedelta(milliseconds=10))
        await outbox.all_asked()
        assert outbox.temporal.asked == event_ids

    async def test_a_higher_tier_does_not_wait_behind_an_import(self, outbox: Dispatching) -> None:
        await outbox.shelf.add_partner("importer", "smb")
        await outbox.shelf.add_partner("client", "enterprise")
        await accepted(outbox, self.BURST, "importer")
        outbox.clock.turn(timedelta(milliseconds=10))
        [event_id] = await accepted(outbox, 1, "client")
        await outbox.all_asked()
        assert outbox.temporal.asked.index(event_id) < PLACES

    async def test_nor_does_another_partner_of_the_same_tier(self, outbox: Dispatching) -> None:
        await outbox.shelf.add_partner("importer", "smb")
        await outbox.shelf.add_partner("neighbour", "smb")
        await accepted(outbox, self.BURST, "importer")
        outbox.clock.turn(timedelta(milliseconds=10))
        event_ids = await accepted(outbox, 3, "neighbour")
        await outbox.all_asked()
        last = max(outbox.temporal.asked.index(one) for one in event_ids)
        assert last < 2 * len(event_ids), "in turns"


class TestTheTransaction:
    async def test_none_is_held_across_a_call_to_temporal(self, outbox: Dispatching) -> None:
        """While a start is under way its own event's row can be changed."""

        async def change(event: DeliverEvent) -> None:
            await outbox.shelf.change(EventRow, event.event_id, awb_number="AWB-2")

        outbox.temporal.beside = change
        [event_id] = await accepted(outbox)
        await outbox.all_asked()
        assert await outbox.became(event_id) == "started"

    async def test_a_dispatcher_that_has_to_go_finishes_what_is_under_way(
        self, outbox: Dispatching
    ) -> None:
        answered = asyncio.Event()
        outbox.temporal.beside = lambda event: _wait(answered)
        event_ids = await accepted(outbox, 3)
        stop = asyncio.Event()
        dispatching = asyncio.create_task(outbox.dispatcher().run(stop))
        await outbox.temporal.has_been_asked(len(event_ids))
        stop.set()
        answered.set()
        await dispatching
        assert {await outbox.became(one) for one in event_ids} == {"started"}


async def _wait(answered: asyncio.Event) -> None:
    await answered.wait()


class TestTheLog:
    async def test_temporal_s_trouble_is_said_once_for_all_events_and_once_that_it_is_over(
        self, outbox: Dispatching, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO, "dispatch.refusals")
        events = await accepted(outbox, 5)
        outbox.temporal.script[None] = refusal(RPCStatusCode.UNAVAILABLE, "no connection")
        dispatcher, stop = outbox.dispatcher(), asyncio.Event()
        dispatching = asyncio.create_task(dispatcher.run(stop))

        async def all_put_off() -> bool:
            return {await outbox.became(one) for one in events} == {"put off"}

        async def all_taken() -> bool:
            return sorted(outbox.temporal.taken) == sorted(events)

        try:
            await eventually(all_put_off)
            outbox.temporal.script.clear()
            outbox.clock.turn(timedelta(minutes=1))
            outbox.notify(dispatcher)
            await eventually(all_taken)
        finally:
            stop.set()
            await dispatching
        begun, over = said_by("dispatch.refusals", caplog)
        assert "events wait" in begun
        assert begun.endswith("UNAVAILABLE no connection")
        assert [one for one in events if one in begun] != []
        assert over == "Temporal takes workflows again"

    async def test_what_concerns_one_event_is_said_of_each(
        self, outbox: Dispatching, caplog: pytest.LogCaptureFixture
    ) -> None:
        events = await accepted(outbox, 2)
        outbox.temporal.script[None] = refusal(RPCStatusCode.INVALID_ARGUMENT)
        await outbox.all_asked()
        for event_id in events:
            assert (
                len([one for one in said_by("dispatch.refusals", caplog) if event_id in one]) == 1
            )
