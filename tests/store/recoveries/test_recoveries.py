"""Recoveries: what there is to send again, how they begin, end and are shown."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from contracts.access.audit import AuditAction
from contracts.delivery.recoveries import RecoveryRequest, RecoveryState
from contracts.delivery.states import DeliveryState, EndpointState
from contracts.errors import Conflict, Invalid, NotFound
from store.access.audit import AuditFilter, list_entries
from store.db.database import Database
from store.db.keyset import Position
from store.recoveries.automatic import begin_due_recoveries
from store.recoveries.recoveries import (
    NEVER_BEGUN_AFTER,
    STILL_AFTER,
    begin_recovery,
    cancel_recovery,
    get_recovery,
    list_recoveries,
    preview,
    recoveries_to_start,
)
from store.recoveries.steps import next_step
from store.tables import EndpointRow, EventRow, PartnerRow, RecoveryRow
from tests.support.backlog import Backlog, make_backlog
from tests.support.query_plans import is_served_by_an_index, plans_of
from tests.support.shelf import NOW, Shelf, after

EVERYTHING = ["held", "dead_lettered", "delivered"]


@pytest.fixture
async def backlog(shelf: Shelf) -> Backlog:
    """An endpoint that sends ten a second, with nothing to recover yet."""
    return await make_backlog(shelf)


class TestCountingBeforehand:
    async def test_what_is_held_or_a_dead_letter(self, backlog: Backlog) -> None:
        await backlog.held("held", made=5)
        await backlog.dead("dead", made=30)
        await backlog.delivered("arrived", made=10)
        await backlog.planned("open", made=20)
        found = await backlog.count(after(60))
        assert found.found == 2
        assert (found.oldest, found.newest) == (after(5), after(30))

    @pytest.mark.parametrize(
        ("asked", "count"),
        [
            ({"states": ["held"]}, 3),
            ({"states": ["delivered"]}, 1),
            ({"states": EVERYTHING}, 4),
            ({"event_types": ["delivered"]}, 1),
            ({"event_types": ["delivered", "order_confirmed"]}, 3),
            ({"since": after(20).isoformat()}, 2),
            ({"until": after(20).isoformat()}, 1),
            ({"since": after(10).isoformat(), "until": after(30).isoformat()}, 2),
        ],
    )
    async def test_by_what_is_asked(
        self, backlog: Backlog, asked: dict[str, Any], count: int
    ) -> None:
        await backlog.held("a", made=10)
        await backlog.held("b", made=20)
        await backlog.held("c", made=30, event_type="delivered")
        await backlog.delivered("d", made=40)
        assert (await backlog.count(after(60), **asked)).found == count

    async def test_tests_and_erased_events_and_other_endpoints_are_left_out(
        self, backlog: Backlog, shelf: Shelf
    ) -> None:
        for name in ("test", "erased"):
            await backlog.held(name)
        await shelf.change(EventRow, "test", only_target=backlog.endpoint_id)
        await shelf.change(EventRow, "erased", erased_at=NOW)
        await shelf.add_endpoint()
        found = await backlog.count(after(1))
        assert (found.found, found.oldest, found.newest) == (0, None, None)

    @pytest.mark.parametrize(
        ("asked", "field", "says"),
        [
            ({"states": ["held", "expired"]}, "states", "expired cannot be sent again"),
            ({"since": after(60).isoformat()}, "since", "before until"),
            ({"since": after(5).isoformat(), "until": after(5).isoformat()}, "since", "before"),
        ],
    )
    async def test_what_cannot_be_asked(
        self, backlog: Backlog, asked: dict[str, Any], field: str, says: str
    ) -> None:
        with pytest.raises(Invalid, match=says) as refused:
            await backlog.count(after(60), **asked)
        assert refused.value.field == field

    async def test_another_s_endpoint_is_not_found(
        self, backlog: Backlog, database: Database
    ) -> None:
        for endpoint_id, owner in ((backlog.endpoint_id, "rival"), ("ep_none", None)):
            with pytest.raises(NotFound):
                await database.read(preview, endpoint_id, RecoveryRequest(), NOW, owner=owner)


class TestBeginning:
    async def test_it_is_written_down_with_who_began_it(
        self, backlog: Backlog, database: Database
    ) -> None:
        await backlog.held("a")
        begun = await backlog.recover(
            states=["dead_lettered", "held"], event_types=["order_confirmed"]
        )
        row = await database.read(get_recovery, begun.id)
        assert (row.state, row.found, row.asked) == (RecoveryState.RUNNING, 1, 0)
        assert (row.states, row.event_types) == (["held", "dead_lettered"], ["order_confirmed"])
        assert (row.since, row.until) == (None, after(3600))
        assert (row.partner_id, row.made_by, row.automatic) == ("shop", "test", False)
        [entry] = await database.read(
            list_entries, AuditFilter(object_id=row.id), after=None, limit=9
        )
        assert (entry.action, entry.actor) == (AuditAction.RECOVERY_STARTED, "test")
        assert entry.partner_id == "shop"

    async def test_one_at_a_time_for_an_endpoint(self, backlog: Backlog) -> None:
        running = await backlog.recover()
        with pytest.raises(Conflict, match="runs already"):
            await backlog.recover()
        await backlog.step(running)
        await backlog.recover()

    async def test_not_while_nothing_can_be_sent(self, backlog: Backlog, shelf: Shelf) -> None:
        await backlog.switch(EndpointState.DISABLED)
        with pytest.raises(Conflict, match="is disabled: enable it first"):
            await backlog.recover()
        await backlog.switch(EndpointState.ENABLED)
        await shelf.change(PartnerRow, "shop", paused_at=NOW)
        with pytest.raises(Conflict, match="is paused: resume it first"):
            await backlog.recover()
        await shelf.change(PartnerRow, "shop", paused_at=None)
        await shelf.change(EndpointRow, backlog.endpoint_id, opened_at=NOW)
        with pytest.raises(Conflict, match="retry one delivery"):
            await backlog.recover()

    async def test_another_s_endpoint_is_not_found(
        self, backlog: Backlog, database: Database
    ) -> None:
        with pytest.raises(NotFound):
            await database.write(
                begin_recovery,
                backlog.endpoint_id,
                RecoveryRequest(),
                NOW,
                actor="x",
                owner="rival",
            )


class TestItsEnd:
    async def test_done_when_nothing_is_left_and_nothing_on_its_way(
        self, backlog: Backlog, shelf: Shelf
    ) -> None:
        await backlog.held("a")
        recovery = await backlog.recover()
        await backlog.step(recovery)
        assert (await backlog.step(recovery, 1)).told.state is RecoveryState.RUNNING
        await backlog.answer(backlog.ids["a"], 200)
        told = (await backlog.step(recovery, 2)).told
        assert (told.state, told.asked, told.found, told.wait_s) == (RecoveryState.DONE, 1, 1, None)
        row = await shelf.one(RecoveryRow, recovery.id)
        assert (row.finished_at, row.reason) == (after(3602), None)
        assert (await backlog.step(recovery, 3)).told.state is RecoveryState.DONE

    async def test_it_stops_when_the_endpoint_fails_again_and_a_new_one_goes_on(
        self, backlog: Backlog, shelf: Shelf
    ) -> None:
        for number in range(12):
            await backlog.held(f"e{number:02}")
        recovery = await backlog.recover()
        for one in (await backlog.step(recovery)).wanted:
            await backlog.answer(one.delivery_id, 200)
        await shelf.change(EndpointRow, backlog.endpoint_id, opened_at=NOW)
        stopped = await backlog.step(recovery, 1)
        assert (stopped.told.state, stopped.wanted) == (RecoveryState.STOPPED, ())
        assert (await shelf.one(RecoveryRow, recovery.id)).reason == "the endpoint fails again"
        await shelf.change(EndpointRow, backlog.endpoint_id, opened_at=None)
        assert await backlog.all_steps(await backlog.recover()) == ["e10", "e11"]

    @pytest.mark.parametrize(
        ("kind", "change", "reason"),
        [
            (EndpointRow, {"removed_at": NOW}, "the endpoint was removed"),
            (EndpointRow, {"state": EndpointState.PAUSED}, "the endpoint is paused"),
            (
                EndpointRow,
                {"state": EndpointState.DISABLED, "state_reason": "the endpoint answered 410 Gone"},
                "the endpoint is disabled: the endpoint answered 410 Gone",
            ),
            (PartnerRow, {"paused_at": NOW}, "the partner is paused"),
        ],
    )
    async def test_it_stops_with_a_reason(
        self,
        backlog: Backlog,
        shelf: Shelf,
        kind: type[EndpointRow | PartnerRow],
        change: dict[str, Any],
        reason: str,
    ) -> None:
        await backlog.held("a")
        recovery = await backlog.recover()
        key = "shop" if kind is PartnerRow else backlog.endpoint_id
        await shelf.change(kind, key, **change)
        assert (await backlog.step(recovery)).told.state is RecoveryState.STOPPED
        assert (await shelf.one(RecoveryRow, recovery.id)).reason == reason
        assert (await backlog.row("a")).state is DeliveryState.HELD

    async def test_one_that_began_by_itself_will_begin_again_with_all_that_is_left(
        self, backlog: Backlog, database: Database, shelf: Shelf
    ) -> None:
        await backlog.held("a")
        begun = await database.write(
            begin_recovery,
            backlog.endpoint_id,
            RecoveryRequest(since=after(-3600)),
            after(3600),
            actor="doorstep",
            automatic=True,
        )
        await shelf.change(EndpointRow, backlog.endpoint_id, opened_at=after(3600))
        assert (await backlog.step(begun, 1)).told.state is RecoveryState.STOPPED
        await shelf.change(EndpointRow, backlog.endpoint_id, opened_at=None)
        [again] = await database.write(begin_due_recoveries, after(3700))
        assert (again.automatic, again.since) == (True, after(-3600))
        assert await backlog.all_steps(again) == ["a"]

    async def test_one_that_a_person_began_will_not(self, backlog: Backlog, shelf: Shelf) -> None:
        begun = await backlog.recover(since=after(-3600).isoformat())
        await backlog.switch(EndpointState.PAUSED)
        assert (await backlog.step(begun, 1)).told.state is RecoveryState.STOPPED
        assert (await shelf.one(EndpointRow, backlog.endpoint_id)).recover_since is None

    async def test_cancelled_it_sends_no_more(
        self, backlog: Backlog, database: Database, shelf: Shelf
    ) -> None:
        for number in range(12):
            await backlog.held(f"e{number:02}")
        recovery = await backlog.recover()
        await backlog.step(recovery)
        await database.write(cancel_recovery, recovery.id, after(3601), actor="key_1")
        told = (await backlog.step(recovery, 2)).told
        assert (told.state, told.open, told.wait_s) == (RecoveryState.CANCELLED, 10, None)
        assert (await backlog.row("e11")).state is DeliveryState.HELD
        row = await shelf.one(RecoveryRow, recovery.id)
        assert row.finished_at == after(3601)
        [entry, _] = await database.read(
            list_entries, AuditFilter(object_id=row.id), after=None, limit=9
        )
        assert (entry.action, entry.actor) == (AuditAction.RECOVERY_CANCELLED, "key_1")
        assert entry.details["asked"] == 10
        with pytest.raises(Conflict, match="has ended: it is cancelled"):
            await database.write(cancel_recovery, recovery.id, after(3602), actor="key_1")

    async def test_unknown_ones_are_not_found(self, database: Database) -> None:
        with pytest.raises(NotFound, match="no recovery rcv_none"):
            await database.write(next_step, "rcv_none", NOW)
        with pytest.raises(NotFound, match="no recovery rcv_none"):
            await database.write(cancel_recovery, "rcv_none", NOW, actor="test")
        with pytest.raises(NotFound, match="no recovery rcv_none"):
            await database.read(get_recovery, "rcv_none")


class TestTheBooks:
    async def test_pages_newest_first(self, backlog: Backlog, database: Database) -> None:
        made = []
        for second in (0, 1, 1, 2):
            recovery = await backlog.recover(second)
            await backlog.step(recovery, second)
            made.append(recovery)
        expected = [one.id for one in sorted(made, key=lambda one: (one.created_at, one.id))][::-1]
        first = await database.read(list_recoveries, backlog.endpoint_id, after=None, limit=2)
        ended = Position(first[-1].created_at, first[-1].id)
        second_page = await database.read(
            list_recoveries, backlog.endpoint_id, after=ended, limit=5
        )
        assert [one.id for one in (*first, *second_page)] == expected
        with pytest.raises(NotFound):
            await database.read(
                list_recoveries, backlog.endpoint_id, owner="rival", after=None, limit=2
            )

    async def test_what_stands_still_is_to_be_started(
        self, backlog: Backlog, database: Database
    ) -> None:
        await backlog.planned("slow")
        await backlog.held("a", "ORD-slow")
        recovery = await backlog.recover()
        ids = (recovery.id, backlog.endpoint_id, "shop")
        begun = recovery.created_at
        assert await database.read(recoveries_to_start, begun + NEVER_BEGUN_AFTER) == []
        moment = timedelta(seconds=1)
        assert await database.read(recoveries_to_start, begun + NEVER_BEGUN_AFTER + moment) == [ids]
        await backlog.step(recovery)
        assert await database.read(recoveries_to_start, begun + STILL_AFTER) == []
        assert await database.read(recoveries_to_start, begun + STILL_AFTER + moment) == [ids]
        await database.write(cancel_recovery, recovery.id, NOW, actor="test")
        assert await database.read(recoveries_to_start, begun + STILL_AFTER + moment) == []

    async def test_they_are_read_by_an_index(self, backlog: Backlog, database: Database) -> None:
        def all_of_them(session: Session) -> None:
            recoveries_to_start(session, NOW)
            here = Position(NOW, "rcv_1")
            list_recoveries(session, backlog.endpoint_id, after=here, limit=9)

        plans = await database.read(plans_of, all_of_them, "recoveries")
        assert len(plans) == 2
        for plan in plans:
            assert is_served_by_an_index(plan, "recoveries"), plan
