"""The steps of a recovery: what comes next, how fast, and what a crash leaves behind."""

from typing import Any

import pytest
from sqlmodel import Session

from contracts.delivery.messages import SendResult
from contracts.delivery.recoveries import RecoveryRequest, RecoveryState
from contracts.delivery.states import DeliveryState, HoldReason
from store.db.database import Database
from store.deliveries.planning import plan_event
from store.deliveries.state_changes import hold
from store.recoveries.recoveries import preview
from store.recoveries.steps import REQUESTED_AGAIN_AFTER, next_step
from store.reports.ledger import read_ledger
from store.tables import DeliveryRow, EndpointRow, RecoveryRow
from tests.support.backlog import Backlog, add_others, make_backlog
from tests.support.query_plans import is_served_by_an_index, plans_of
from tests.support.shelf import Shelf, after

HELD = SendResult(DeliveryState.HELD)
EVERYTHING = ["held", "dead_lettered", "delivered"]

_INDEXES = ("ix_deliveries_endpoint", "ix_deliveries_open", "deliveries_pkey")


@pytest.fixture
async def backlog(shelf: Shelf) -> Backlog:
    """An endpoint that sends ten a second, with nothing to recover yet."""
    return await make_backlog(shelf)


class TestWhatComesNext:
    async def test_the_oldest_first_and_each_once(self, backlog: Backlog) -> None:
        for name, made in (("c", 30), ("a", 10), ("b", 20)):
            await backlog.held(name, made=made)
        await backlog.dead("dead", made=15)
        assert await backlog.all_steps(await backlog.recover()) == ["a", "dead", "b", "c"]
        assert (await backlog.row("dead")).state is DeliveryState.DELIVERED

    async def test_of_an_order_one_at_a_time_as_they_happened(self, backlog: Backlog) -> None:
        """Not as they were accepted: the second one came late."""
        await backlog.held("third", "ORD-1", made=5, occurred_at=after(4).isoformat())
        await backlog.dead("second", "ORD-1", made=6, occurred_at=after(3).isoformat())
        await backlog.held("first", "ORD-1", made=7, occurred_at=after(2).isoformat())
        await backlog.held("other", "ORD-2", made=8)
        recovery = await backlog.recover()
        step = await backlog.step(recovery)
        assert backlog.names(step.wanted) == ["first", "other"]
        assert (await backlog.step(recovery, 1)).wanted == []
        for name in ("first", "other"):
            await backlog.answer(backlog.ids[name], 200)
        assert backlog.names((await backlog.step(recovery, 2)).wanted) == ["second"]
        await backlog.answer(backlog.ids["second"], 503, now=after(3600))
        assert (await backlog.step(recovery, 3)).wanted == [], "it is still on its way"
        await backlog.answer(backlog.ids["second"], 200, now=after(3700))
        assert backlog.names((await backlog.step(recovery, 101)).wanted) == ["third"]

    async def test_what_is_on_its_way_otherwise_comes_before_the_later_ones_of_its_order(
        self, backlog: Backlog
    ) -> None:
        await backlog.planned("waiting", "ORD-1", made=1)
        await backlog.answer(backlog.ids["waiting"], 503, now=after(3600))
        await backlog.held("held", "ORD-1", made=2)
        recovery = await backlog.recover()
        first = await backlog.step(recovery)
        assert (first.wanted, first.told.state) == ([], RecoveryState.RUNNING)
        assert first.told.wait_s == 5
        await backlog.answer(backlog.ids["waiting"], 200)
        assert backlog.names((await backlog.step(recovery, 5)).wanted) == ["held"]

    async def test_a_later_one_of_the_order_is_not_waited_for(self, backlog: Backlog) -> None:
        await backlog.held("held", "ORD-1", made=1)
        await backlog.planned("new", "ORD-1", made=2)
        recovery = await backlog.recover()
        assert backlog.names((await backlog.step(recovery)).wanted) == ["held"]

    async def test_only_what_was_asked_for(self, backlog: Backlog) -> None:
        await backlog.held("early", made=1)
        await backlog.held("wanted", made=10)
        await backlog.dead("dead", made=11)
        await backlog.held("type", made=12, event_type="delivered")
        await backlog.held("late", made=20)
        asked: dict[str, Any] = {"states": ["held"], "event_types": ["order_confirmed"]}
        asked |= {"since": after(5).isoformat(), "until": after(20).isoformat()}
        assert await backlog.all_steps(await backlog.recover(**asked)) == ["wanted"]

    async def test_delivered_ones_once_each_where_they_are_asked_for(
        self, backlog: Backlog, shelf: Shelf
    ) -> None:
        for number in range(12):
            await backlog.delivered(f"e{number:02}", f"ORD-{number % 4}", made=number)
        recovery = await backlog.recover(states=["delivered"])
        first = await backlog.step(recovery)
        assert {one.resend for one in first.wanted} == {True}
        for one in first.wanted:
            await backlog.answer(one.delivery_id, 200)
        rest = await backlog.all_steps(recovery)
        sent = backlog.names(first.wanted) + rest
        assert sorted(sent) == sorted(backlog.ids)
        for order in range(4):
            of_one = [name for name in sent if int(name[1:]) % 4 == order]
            assert of_one == sorted(of_one)
        row = await shelf.one(RecoveryRow, recovery.id)
        assert (row.state, row.found, row.asked) == (RecoveryState.DONE, 12, 12)
        assert {(await backlog.row(name)).attempts for name in backlog.ids} == {2}

    async def test_each_gets_its_whole_schedule_again(self, backlog: Backlog) -> None:
        await backlog.dead("dead")
        await backlog.shelf.change(DeliveryRow, backlog.ids["dead"], charged=4, attempts=4)
        step = await backlog.step(await backlog.recover())
        row = await backlog.row("dead")
        assert (row.state, row.round, row.charged) == (DeliveryState.DELIVERING, 2, 0)
        assert row.recovery_id is not None
        assert step.told.open == 1

    async def test_what_died_while_it_ran_is_found_in_the_end(self, backlog: Backlog) -> None:
        await backlog.planned("slow", made=1)
        for number in range(30):
            await backlog.held(f"e{number:02}", made=2 + number)
        recovery = await backlog.recover()
        for second in range(2):
            for one in (await backlog.step(recovery, second)).wanted:
                await backlog.answer(one.delivery_id, 200)
        await backlog.bury(backlog.ids["slow"])
        assert (await backlog.all_steps(recovery))[-1] == "slow"

    async def test_what_died_late_holds_up_the_later_ones_of_its_order_for_a_while_only(
        self, backlog: Backlog
    ) -> None:
        await backlog.planned("slow", "ORD-1", made=1)
        for number in range(20):
            await backlog.held(f"e{number:02}", made=2 + number)
        await backlog.held("later", "ORD-1", made=30)
        recovery = await backlog.recover()
        for second in range(2):
            for one in (await backlog.step(recovery, second)).wanted:
                await backlog.answer(one.delivery_id, 200)
        await backlog.bury(backlog.ids["slow"])
        assert await backlog.all_steps(recovery) == ["slow", "later"]

    async def test_the_books_balance_all_the_time(self, backlog: Backlog) -> None:
        for number in range(5):
            await backlog.dead(f"e{number}")
        recovery = await backlog.recover()
        await backlog.step(recovery)
        assert (await backlog.shelf.database.read(read_ledger)).balanced


@pytest.mark.extended
class TestThePace:
    async def test_no_more_at_once_than_a_second_s_worth(self, backlog: Backlog) -> None:
        for number in range(30):
            await backlog.held(f"e{number:02}")
        recovery = await backlog.recover()
        first = await backlog.step(recovery)
        assert (len(first.wanted), first.told.open, first.told.wait_s) == (10, 10, 1)
        assert (await backlog.step(recovery, 1)).wanted == [], "paced by outcomes"
        for one in first.wanted[:3]:
            await backlog.answer(one.delivery_id, 200)
        third = await backlog.step(recovery, 2)
        assert (len(third.wanted), third.told.open, third.told.asked) == (3, 10, 13)

    async def test_new_events_go_first(self, backlog: Backlog, shelf: Shelf) -> None:
        for number in range(30):
            await backlog.held(f"e{number:02}")
        recovery = await backlog.recover()
        new = await shelf.accept(now=after(3600))
        first = await backlog.step(recovery, 1)
        assert (len(first.wanted), first.told.wait_s) == (1, 5)
        await backlog.answer(first.wanted[0].delivery_id, 200)
        await shelf.database.write(plan_event, new.event_id, after(3601))
        second = await backlog.step(recovery, 6)
        assert (len(second.wanted), second.told.wait_s) == (10, 1)

    @pytest.mark.parametrize("waited_s", [0.4, 61])
    async def test_but_for_those_that_only_just_came_or_are_stuck(
        self, backlog: Backlog, shelf: Shelf, waited_s: float
    ) -> None:
        for number in range(30):
            await backlog.held(f"e{number:02}")
        recovery = await backlog.recover()
        await shelf.accept(now=after(3600 - waited_s))
        assert len((await backlog.step(recovery)).wanted) == 10

    async def test_no_more_than_the_time_allows(self, backlog: Backlog) -> None:
        for number in range(60):
            await backlog.held(f"e{number:02}")
        recovery = await backlog.recover()
        asked = []
        for seconds in (0, 0.25, 0.5, 1.5, 61.5):
            step = await backlog.step(recovery, seconds)
            asked.append(len(step.wanted))
            for one in step.wanted:
                await backlog.answer(one.delivery_id, 200)
        assert asked == [10, 2, 3, 10, 10], "of 2.5 and 2.5 none is lost; a pause is not made up"

    async def test_the_endpoint_sets_it_also_while_it_runs(
        self, backlog: Backlog, shelf: Shelf
    ) -> None:
        for number in range(40):
            await backlog.held(f"e{number:02}")
        await shelf.change(EndpointRow, backlog.endpoint_id, recovery_rate=1)
        recovery = await backlog.recover()
        assert len((await backlog.step(recovery)).wanted) == 1
        await shelf.change(EndpointRow, backlog.endpoint_id, recovery_rate=20)
        assert len((await backlog.step(recovery, 1)).wanted) == 19

    async def test_no_more_are_on_their_way_than_the_endpoint_has_places(
        self, backlog: Backlog, shelf: Shelf
    ) -> None:
        """One that waits for a place is on its way: the next of its order has to wait for it."""
        for kind in ("order_confirmed", "delivered"):
            await backlog.held(kind, "ORD-1", event_type=kind)
        await shelf.change(EndpointRow, backlog.endpoint_id, in_flight_limit=1, rate_limit=0.1)
        recovery = await backlog.recover()
        [first] = (await backlog.step(recovery)).wanted
        await shelf.change(
            EndpointRow, backlog.endpoint_id, rate_used_until=after(7200), in_flight_limit=9
        )
        assert await backlog.answer(first.delivery_id, 200, now=after(3600)) == HELD
        step = await backlog.step(recovery, 1)
        assert (step.told.open, step.wanted) == (1, [])

    async def test_it_looks_less_often_while_all_wait_for_their_next_attempt(
        self, backlog: Backlog
    ) -> None:
        await backlog.held("a")
        recovery = await backlog.recover()
        await backlog.step(recovery)
        await backlog.answer(backlog.ids["a"], 503, now=after(3600))
        assert (await backlog.step(recovery, 1)).told.wait_s == 5
        assert (await backlog.step(recovery, 34)).told.wait_s == 1

    @pytest.mark.parametrize("again", ["held", "dead_lettered"])
    async def test_what_failed_again_makes_room_and_is_not_tried_a_third_time(
        self, backlog: Backlog, database: Database, again: str
    ) -> None:
        for number in range(11):
            await backlog.held(f"e{number:02}")
        recovery = await backlog.recover()
        step = await backlog.step(recovery)
        for one in step.wanted:
            if again == "held":
                await database.write(_hold, one.delivery_id)
            else:
                await backlog.bury(one.delivery_id)
        second = await backlog.step(recovery, 1)
        assert backlog.names(second.wanted) == ["e10"]
        assert second.told.open == 1
        await backlog.answer(second.wanted[0].delivery_id, 200)
        assert (await backlog.step(recovery, 2)).told.state is RecoveryState.DONE


class TestACrashInBetween:
    async def test_what_nobody_was_told_of_is_asked_for_again(self, backlog: Backlog) -> None:
        """It is open from the step on that picked it: not lost, and not picked a second time."""
        await backlog.held("a")
        await backlog.delivered("b")
        recovery = await backlog.recover(states=["held", "delivered"])
        assert sorted(backlog.names((await backlog.step(recovery)).wanted)) == ["a", "b"]
        assert (await backlog.step(recovery, 29)).wanted == []
        later = REQUESTED_AGAIN_AFTER.total_seconds()
        again = (await backlog.step(recovery, later)).wanted
        assert sorted(backlog.names(again)) == ["a", "b"]
        assert {(one.again, one.resend) for one in again} == {(True, False)}
        assert (await backlog.step(recovery, later + 1)).wanted == [], "asked for a moment ago"
        for one in again:
            await backlog.answer(one.delivery_id, 200, now=after(3660))
        assert (await backlog.step(recovery, 61)).told.state is RecoveryState.DONE
        assert [(await backlog.row(name)).attempts for name in ("a", "b")] == [1, 2]

    async def test_what_is_known_to_be_on_its_way_is_not_asked_for(self, backlog: Backlog) -> None:
        await backlog.held("a")
        recovery = await backlog.recover()
        await backlog.step(recovery)
        await backlog.answer(backlog.ids["a"], 503, now=after(3600))
        assert (await backlog.step(recovery, 200)).wanted == []


class TestTheIndexes:
    async def test_each_query_is_served_by_one(self, backlog: Backlog, database: Database) -> None:
        for number in range(3):
            await backlog.held(f"held{number}", "ORD-1", made=number)
            await backlog.delivered(f"done{number}", made=number)
        await database.write(add_others, "held0")
        recovery = await backlog.recover(states=EVERYTHING, event_types=["order_confirmed"])

        def whole_step(session: Session) -> None:
            preview(session, backlog.endpoint_id, RecoveryRequest(), after(3600))
            for seconds in (0, 60):
                next_step(session, recovery.id, after(3600 + seconds))

        plans = await database.write(plans_of, whole_step, "deliveries")
        assert len(plans) > 10
        for plan in plans:
            assert is_served_by_an_index(plan, "deliveries"), plan
            assert any(index in plan for index in _INDEXES), plan

    async def test_whether_new_events_wait_is_one_look_at_an_index(
        self, backlog: Backlog, database: Database
    ) -> None:
        await backlog.held("held")
        await database.write(add_others, "held")
        recovery = await backlog.recover()
        plans = await database.write(
            plans_of, lambda session: next_step(session, recovery.id, after(3600)), "events"
        )
        assert any("ix_events_unplanned" in plan for plan in plans), plans


def _hold(session: Session, delivery_id: str) -> None:
    row = session.get_one(DeliveryRow, delivery_id)
    hold(session, row, HoldReason.ENDPOINT_OFF, after(0))
