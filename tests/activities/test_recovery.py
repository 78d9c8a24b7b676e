"""`recover_step`: what it asks of whom, and what one that dies in the middle leaves to the next."""

from datetime import datetime, timedelta

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.recovery import RecoveryActivities
from contracts.delivery.messages import RetryRequest
from contracts.delivery.names import FailureType
from contracts.delivery.recoveries import Recover, RecoveryState, RecoveryStep
from contracts.delivery.states import DeliveryState
from store.db.database import Database
from store.recoveries.steps import REQUESTED_AGAIN_AFTER
from store.tables import EndpointRow
from tests.support.asker import Asker
from tests.support.backlog import Backlog, make_backlog
from tests.support.shelf import Shelf, after


class Clock:
    """An hour after the start, and on from there by hand."""

    def __init__(self) -> None:
        self.now = after(3600)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, by: timedelta) -> None:
        self.now += by


@pytest.fixture
def asker() -> Asker:
    return Asker()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def activity(database: Database, asker: Asker, clock: Clock) -> RecoveryActivities:
    return RecoveryActivities(database, asker, clock)


@pytest.fixture
async def backlog(shelf: Shelf) -> Backlog:
    """An endpoint that sends ten a second, with twelve held deliveries."""
    backlog = await make_backlog(shelf)
    for number in range(12):
        await backlog.held(f"e{number:02}", made=number)
    return backlog


async def step(activity: RecoveryActivities, recovery_id: str) -> RecoveryStep:
    """Run the activity as a worker does."""
    return await ActivityEnvironment().run(activity.recover_step, Recover(recovery_id))


class TestAStep:
    async def test_it_asks_the_workflows_of_what_it_picked(
        self, backlog: Backlog, activity: RecoveryActivities, asker: Asker
    ) -> None:
        recovery = await backlog.recover()
        told = await step(activity, recovery.id)
        assert told == RecoveryStep(RecoveryState.RUNNING, asked=10, open=10, wait_s=1, found=12)
        assert told.host == "hooks.shop.example"
        assert asker.events == [f"e{number:02}" for number in range(10)]
        event, request = asker.asked[0]
        assert (event.partner_id, event.order_id) == ("shop", "ORD-e00")
        assert request == RetryRequest(recovery.id, [backlog.ids["e00"]])

    async def test_a_delivered_one_is_asked_for_as_such(
        self, backlog: Backlog, activity: RecoveryActivities, asker: Asker
    ) -> None:
        await backlog.delivered("done")
        recovery = await backlog.recover(states=["delivered"])
        await step(activity, recovery.id)
        [(_, request)] = asker.asked
        assert request == RetryRequest(recovery.id, [backlog.ids["done"]], resend=True)

    async def test_the_end_asks_for_nothing(
        self, backlog: Backlog, activity: RecoveryActivities, asker: Asker
    ) -> None:
        recovery = await backlog.recover()
        await backlog.shelf.change(EndpointRow, backlog.endpoint_id, opened_at=after(0))
        told = await step(activity, recovery.id)
        assert (told.state, told.wait_s) == (RecoveryState.STOPPED, None)
        assert asker.asked == []


class TestTroubleInTheMiddle:
    async def test_temporal_away_fails_the_step_and_loses_nothing(
        self, backlog: Backlog, activity: RecoveryActivities, asker: Asker, clock: Clock
    ) -> None:
        recovery = await backlog.recover()
        asker.away_from = 4
        with pytest.raises(ApplicationError) as failed:
            await step(activity, recovery.id)
        assert (failed.value.type, failed.value.non_retryable) == (FailureType.OUR_FAULT, False)
        assert "Temporal" in failed.value.message
        assert asker.events == ["e00", "e01", "e02", "e03"]
        asker.away_from = None
        told = await step(activity, recovery.id)
        assert (told.asked, told.open) == (10, 10), "no more than there is room for"
        for name in ("e00", "e01", "e02", "e03"):
            await backlog.answer(backlog.ids[name], 200)
        clock.forward(REQUESTED_AGAIN_AFTER)
        await step(activity, recovery.id)
        again = [request for event, request in asker.asked[4:] if event.event_id < "e10"]
        assert [one.delivery_ids for one in again] == [
            [backlog.ids[f"e{number:02}"]] for number in range(4, 10)
        ]
        assert {(one.only_waiting, one.resend) for one in again} == {(True, False)}
        assert asker.events[-2:] == ["e10", "e11"]

    async def test_a_worker_killed_after_the_commit_sends_a_delivered_one_once(
        self, backlog: Backlog, activity: RecoveryActivities, asker: Asker, clock: Clock
    ) -> None:
        await backlog.delivered("done")
        recovery = await backlog.recover(states=["delivered"])
        asker.mistake = RuntimeError("killed, about +919876543210")
        with pytest.raises(ApplicationError) as failed:
            await step(activity, recovery.id)
        assert failed.value.message == "a mistake of ours: RuntimeError"
        asker.mistake = None
        for _ in range(3):
            clock.forward(REQUESTED_AGAIN_AFTER)
            await step(activity, recovery.id)
        assert {(one.only_waiting, one.resend) for _, one in asker.asked} == {(True, False)}
        await backlog.answer(backlog.ids["done"], 200)
        told = await step(activity, recovery.id)
        assert told.state is RecoveryState.DONE
        row = await backlog.row("done")
        assert (row.state, row.round, row.attempts) == (DeliveryState.DELIVERED, 2, 2)

    async def test_a_recovery_that_nobody_knows_is_no_reason_to_try_again(
        self, activity: RecoveryActivities
    ) -> None:
        with pytest.raises(ApplicationError) as failed:
            await step(activity, "rcv_none")
        assert failed.value.non_retryable
