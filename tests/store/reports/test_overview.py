"""What the overview counts: today by what became of it, how long it took, and by the hour."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import DeadLetterReason, DeliveryState
from store.db.database import Database
from store.deliveries.dead_lettering import record_dead_letter
from store.reports.overview import MOST_COUNTED, Outcome, Overview, Propagation, read_overview
from store.tables import DeliveryRow
from tests.support.query_plans import plans_of
from tests.support.shelf import NOW, Shelf, Webhook, after, an_event

HOUR = timedelta(hours=1)
DAY = NOW - timedelta(hours=10)
HOURS = [NOW - HOUR * back for back in reversed(range(24))]


async def overview(database: Database, owner: str = "shop") -> Overview:
    return await database.read(read_overview, owner, after(60), DAY, HOURS)


async def add_deliveries(shelf: Shelf, *made: tuple[DeliveryState, datetime]) -> list[Webhook]:
    """Deliveries of `shop` in these states, made then."""
    await shelf.add_partner()
    endpoint = await shelf.add_endpoint()
    found = []
    for state, at in made:
        event = an_event()
        [planned] = (await shelf.plan(event)).deliveries
        await shelf.change(DeliveryRow, planned.delivery_id, state=state, created_at=at)
        found.append(Webhook(shelf, event, planned.delivery_id, endpoint.id))
    return found


class TestToday:
    async def test_nothing_of_a_new_partner(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        seen = await overview(database)
        assert seen.is_new
        assert (seen.events_today, seen.today, seen.propagation) == (0, Outcome(), None)
        assert seen.today.rate is None
        assert list(seen.hours) == [Outcome()] * 24

    async def test_deliveries_by_what_became_of_them(
        self, shelf: Shelf, database: Database
    ) -> None:
        await add_deliveries(
            shelf,
            *((DeliveryState.DELIVERED, NOW) for _ in range(3)),
            (DeliveryState.DEAD_LETTERED, NOW),
            (DeliveryState.DISCARDED, NOW),
            (DeliveryState.EXPIRED, NOW),
            (DeliveryState.HELD, NOW),
            (DeliveryState.PENDING, NOW),
            (DeliveryState.SKIPPED, NOW),
            (DeliveryState.DELIVERED, DAY - HOUR),
        )
        seen = await overview(database)
        assert seen.today == Outcome(delivered=3, not_delivered=3, under_way=2)
        assert seen.today.rate == 0.5
        assert (seen.events_today, seen.held) == (10, 1)
        assert not seen.is_new

    async def test_another_partner_s_are_not_among_them(
        self, shelf: Shelf, database: Database
    ) -> None:
        await add_deliveries(shelf, (DeliveryState.DELIVERED, NOW))
        await shelf.add_partner("rival")
        seen = await overview(database, "rival")
        assert (seen.events_today, seen.today, seen.is_new) == (0, Outcome(), True)


class TestPropagation:
    async def test_it_is_from_acceptance_to_delivery(
        self, shelf: Shelf, database: Database
    ) -> None:
        found = await add_deliveries(shelf, *((DeliveryState.DELIVERED, NOW) for _ in range(20)))
        for seconds, one in enumerate(found, start=1):
            await shelf.change(DeliveryRow, one.id, delivered_at=after(seconds))
        assert (await overview(database)).propagation == Propagation(20, 10.0, 19.0)

    async def test_one_alone_is_half_and_nearly_all(self, shelf: Shelf, database: Database) -> None:
        [one] = await add_deliveries(shelf, (DeliveryState.DELIVERED, NOW))
        await shelf.change(DeliveryRow, one.id, delivered_at=after(3))
        assert (await overview(database)).propagation == Propagation(1, 3.0, 3.0)


class TestByTheHour:
    async def test_each_hour_has_what_was_made_in_it(
        self, shelf: Shelf, database: Database
    ) -> None:
        await add_deliveries(
            shelf,
            (DeliveryState.DELIVERED, HOURS[0]),
            (DeliveryState.DELIVERED, HOURS[0] - timedelta(seconds=1)),
            (DeliveryState.DEAD_LETTERED, HOURS[5] - timedelta(seconds=1)),
            (DeliveryState.DELIVERING, HOURS[5]),
            (DeliveryState.DELIVERED, after(30)),
        )
        hours = (await overview(database)).hours
        assert hours[0] == Outcome(delivered=1)
        assert hours[4] == Outcome(not_delivered=1)
        assert hours[5] == Outcome(under_way=1)
        assert hours[23] == Outcome(delivered=1)
        assert sum(one.delivered + one.not_delivered + one.under_way for one in hours) == 4


class TestDeadLetters:
    async def test_the_open_ones_are_counted(self, shelf: Shelf, database: Database) -> None:
        [one] = await add_deliveries(shelf, (DeliveryState.DELIVERING, DAY - HOUR))
        dead_letter = RecordDeadLetter(one.id, DeadLetterReason.EXHAUSTED)
        await database.write(record_dead_letter, dead_letter, NOW)
        assert (await overview(database)).dead_letters == 1
        assert MOST_COUNTED > 1


@pytest.mark.parametrize("table", ["deliveries", "events", "dead_letters"])
async def test_no_table_is_read_whole(shelf: Shelf, database: Database, table: str) -> None:
    await shelf.webhook()

    def read(session: Session) -> Overview:
        return read_overview(session, "shop", NOW, DAY, HOURS)

    plans = await database.read(plans_of, read, table)
    assert plans
    for plan in plans:
        lower = plan.lower()
        assert "index" in lower, plan
        assert "seq scan" not in lower, plan
        assert f"scan {table}" not in f"{lower}\n", plan
