"""The outbox: what is accepted, in which order it is leased, and what nobody may lose."""

import asyncio
from datetime import datetime, timedelta

import pytest

from contracts.delivery.states import DeliveryState, EventState, SkipReason
from contracts.errors import Conflict, Invalid
from store.db.database import Database
from store.deliveries.planning import stored_plan
from store.events import acceptance, outbox
from store.events.acceptance import Accepted, Refused
from store.events.bodies import body_of
from store.events.outbox import Startable
from store.tables import EventRow, OrderSequenceRow, OutboxRow
from tests.support.factories import make_groups, make_order
from tests.support.shelf import NOW, Shelf, after, an_event

LEASE = timedelta(seconds=30)


async def lease(database: Database, *, limit: int = 9, now: datetime = NOW) -> list[str]:
    """The ids that a dispatcher gets."""
    taken = await database.write(outbox.lease, limit=limit, now=now, duration=LEASE)
    return [event.event_id for event in taken]


async def nothing_stored(shelf: Shelf) -> bool:
    """Neither an event nor a number given to an order."""
    return not await shelf.count(EventRow) and not await shelf.count(OrderSequenceRow)


class TestAccepting:
    async def test_a_new_event_is_stored_whole(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        event = an_event("out_for_delivery")
        accepted = await database.write(acceptance.accept, event, NOW)
        assert accepted == Accepted(event.event_id, EventState.ACCEPTED, duplicate=False)
        row = await shelf.one(EventRow, event.event_id)
        assert await database.read(body_of, row) == event
        assert (row.partner_id, row.order_id, row.event_type) == ("shop", "ORD-1", event.type)
        assert (row.occurred_at, row.accepted_at) == (event.occurred_at, NOW)
        assert (row.sequence, row.planned_at) == (1, None)

    async def test_the_same_again_is_a_duplicate_without_effect(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        event = await shelf.accept()
        before = await shelf.one(EventRow, event.event_id)
        again = await database.write(acceptance.accept, event, after(60))
        assert again == Accepted(event.event_id, EventState.ACCEPTED, duplicate=True)
        assert await shelf.one(EventRow, event.event_id) == before
        assert (await shelf.one(OrderSequenceRow, ("shop", "ORD-1"))).last == 1

    async def test_another_notation_of_the_same_body_is_the_same(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        event = await shelf.accept(an_event(event_id="evt-same"))
        order = make_order(
            ordered_at=event.data.order.ordered_at.isoformat(),
            customer={"phone": "098765 43210", "name": " Asha Kulkarni "},
        )
        twin = an_event(
            event_id="evt-same",
            occurred_at="2026-03-02T15:30:00+05:30",
            data={**event.data.model_dump(mode="json"), "order": order},
        )
        assert (await database.write(acceptance.accept, twin, NOW)).duplicate

    async def test_a_duplicate_says_what_became_of_it(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        event = an_event()
        await shelf.plan(event)
        again = await database.write(acceptance.accept, event, after(60))
        assert again == Accepted(event.event_id, EventState.PLANNED, duplicate=True)

    async def test_another_body_is_a_conflict_that_changes_nothing(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        event = await shelf.accept(an_event(event_id="evt-1"))
        before = await shelf.one(EventRow, "evt-1")
        with pytest.raises(Conflict, match="evt-1 was accepted with another body"):
            await database.write(acceptance.accept, an_event("delivered", event_id="evt-1"), NOW)
        assert await shelf.one(EventRow, event.event_id) == before
        assert (await shelf.one(OrderSequenceRow, ("shop", "ORD-1"))).last == 1

    async def test_an_unknown_partner_is_named_and_nothing_is_stored(
        self, shelf: Shelf, database: Database
    ) -> None:
        with pytest.raises(Invalid, match="no partner chai-2") as caught:
            await database.write(acceptance.accept, an_event(partner_id="chai-2"), NOW)
        assert caught.value.field == "partner_id"
        assert await nothing_stored(shelf)

    async def test_an_impossible_time_is_refused_and_nothing_is_stored(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        with pytest.raises(Invalid, match="in the future") as caught:
            await database.write(acceptance.accept, an_event(), NOW - timedelta(minutes=6))
        assert caught.value.field == "occurred_at"
        assert await nothing_stored(shelf)

    async def test_history_is_recorded_with_the_reason_and_never_leased(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        event = await shelf.accept(an_event(notify=False, occurred_at="2024-03-02T10:00:00Z"))
        row = await shelf.one(EventRow, event.event_id)
        assert (row.state, row.planned_at, row.delivery_count) == (EventState.PLANNED, NOW, 1)
        [planned] = (await database.read(stored_plan, event.event_id)).deliveries
        assert planned.state is DeliveryState.SKIPPED
        assert planned.skip_reason is SkipReason.RECORDED_ONLY
        assert await lease(database) == []

    async def test_one_bad_event_of_many_leaves_the_others(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        known = await shelf.accept()
        batch = [
            an_event(event_id="evt-a"),
            an_event(partner_id="nobody"),
            known,
            an_event(event_id="evt-a"),
            an_event("delivered", event_id="evt-a"),
            an_event(event_id="evt-b"),
        ]
        outcomes = await database.write(acceptance.accept_all, batch, NOW)
        told = [
            type(one.error).__name__ if isinstance(one, Refused) else one.duplicate
            for one in outcomes
        ]
        assert told == [False, "Invalid", True, "Conflict", "Conflict", False]
        assert await shelf.count(EventRow) == 3


class TestTheSequence:
    async def numbers(self, shelf: Shelf, *asked: int | None, order_id: str = "ORD-1") -> list[int]:
        """What the events of an order are numbered, sent one after the other."""
        data = make_groups(order=make_order(order_id=order_id))
        events = [an_event(sequence=number, data=data) for number in asked]
        for event in events:
            await shelf.accept(event)
        return [(await shelf.one(EventRow, event.event_id)).sequence for event in events]

    async def test_an_order_s_events_count_from_one(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        assert await self.numbers(shelf, None, None, None) == [1, 2, 3]

    async def test_each_order_has_its_own_count(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        await self.numbers(shelf, None, None)
        assert await self.numbers(shelf, None, order_id="ORD-2") == [1]

    async def test_the_same_order_id_of_another_partner_is_another_order(
        self, shelf: Shelf
    ) -> None:
        await shelf.add_partner()
        await shelf.add_partner("other")
        await self.numbers(shelf, None, None)
        event = await shelf.accept(an_event(partner_id="other"))
        assert (await shelf.one(EventRow, event.event_id)).sequence == 1

    @pytest.mark.parametrize(
        ("asked", "given"),
        [
            ([1, 2, 3], [1, 2, 3]),
            ([5, None], [5, 6]),
            ([None, 5, None], [1, 5, 6]),
            ([5, 2, None], [5, 2, 6]),
            ([None, None, 2, None], [1, 2, 2, 3]),
        ],
    )
    async def test_the_sender_s_own_count_is_kept_and_moves_ours_up(
        self, shelf: Shelf, asked: list[int | None], given: list[int]
    ) -> None:
        await shelf.add_partner()
        assert await self.numbers(shelf, *asked) == given

    async def test_in_a_batch_it_follows_the_order_of_the_batch(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        await shelf.accept()
        batch = [an_event() for _ in range(3)]
        await database.write(acceptance.accept_all, batch, NOW)
        rows = [await shelf.one(EventRow, event.event_id) for event in batch]
        assert [row.sequence for row in rows] == [2, 3, 4]


class TestLeasing:
    async def test_the_oldest_come_first_and_up_to_the_limit(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        young = await shelf.accept(now=after(2))
        old = await shelf.accept(now=after(0))
        middle = await shelf.accept(now=after(1))
        assert await lease(database, limit=2) == [old.event_id, middle.event_id]
        assert await lease(database, limit=2) == [young.event_id]

    async def test_by_tier_and_then_in_turns_by_partner(
        self, shelf: Shelf, database: Database
    ) -> None:
        waiting: dict[str, list[str]] = {}
        for partner, tier in [("import", "smb"), ("shop", "smb"), ("chain", "enterprise")]:
            await shelf.add_partner(partner, tier)
            for number in range(3):
                event = await shelf.accept(an_event(partner_id=partner), now=after(number))
                waiting.setdefault(partner, []).append(event.event_id)
        late = after(10)
        assert await lease(database, limit=3, now=late) == waiting["chain"]
        first_of_each = [waiting["import"][0], waiting["shop"][0]]
        assert sorted(await lease(database, limit=2, now=late)) == sorted(first_of_each)
        rest = [*waiting["import"][1:], *waiting["shop"][1:]]
        assert sorted(await lease(database, limit=9, now=late)) == sorted(rest)

    async def test_a_huge_import_hides_nobody(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner("import", "smb")
        await shelf.add_partner("shop", "smb")
        batch = [an_event(partner_id="import") for _ in range(200)]
        await database.write(acceptance.accept_all, batch, NOW)
        event = await shelf.accept(an_event(partner_id="shop"), now=after(1))
        assert event.event_id in await lease(database, limit=2, now=after(1))

    async def test_two_dispatchers_at_once_get_different_ones(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        await database.write(acceptance.accept_all, [an_event() for _ in range(8)], NOW)
        leases = await asyncio.gather(*(lease(database, limit=4) for _ in range(2)))
        leased = [one for these in leases for one in these]
        assert len(leased) == len(set(leased))
        assert len(leased) >= 4

    async def test_it_gives_what_a_start_needs_and_nothing_personal(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner(tier="enterprise")
        event = await shelf.accept(an_event("delivered"))
        [startable] = await database.write(outbox.lease, limit=1, now=NOW, duration=LEASE)
        assert startable == Startable(event.event_id, "shop", "delivered", "ORD-1", priority=2)

    async def test_what_is_leased_is_left_alone_until_the_lease_runs_out(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        event = await shelf.accept()
        assert await lease(database) == [event.event_id]
        assert await lease(database, now=after(29.999)) == []
        assert await lease(database, now=after(30)) == [event.event_id]

    async def test_what_was_started_never_comes_back(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        event = await shelf.accept()
        await lease(database)
        await database.write(outbox.take_out, [event.event_id])
        assert await lease(database, now=after(3600)) == []

    async def test_what_was_started_is_taken_out_while_more_is_leased(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        event = await shelf.accept()
        await lease(database)
        leased = await database.write(
            outbox.lease,
            limit=1,
            now=after(3600),
            duration=LEASE,
            started=[event.event_id],
        )
        assert leased == []
        assert await shelf.all_rows(OutboxRow) == []

    async def test_what_was_put_off_comes_back_then(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        event = await shelf.accept()
        await lease(database)
        await database.write(outbox.put_off, event.event_id, NOW, until=after(2))
        assert await lease(database, now=after(1.999)) == []
        assert await lease(database, now=after(2)) == [event.event_id]

    async def test_a_failed_event_is_visible_and_never_leased(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        event = await shelf.accept()
        await database.write(outbox.mark_failed, event.event_id, "Temporal refuses it")
        row = await shelf.one(EventRow, event.event_id)
        assert (row.state, row.failure_reason) == (EventState.FAILED, "Temporal refuses it")
        assert await lease(database, now=after(3600)) == []

    async def test_one_that_was_planned_meanwhile_is_no_failed_one(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        event = an_event()
        await shelf.plan(event)
        await database.write(outbox.mark_failed, event.event_id, "Temporal refuses it")
        assert (await shelf.one(EventRow, event.event_id)).state is EventState.PLANNED

    async def test_an_empty_outbox(self, database: Database) -> None:
        assert await lease(database) == []
