"""What the overview counts: how messages stand by the hour and by the day, beside the time before;
tests are nowhere among them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.standing import Trouble
from contracts.delivery.states import DeadLetterReason, DeliveryState, HoldReason, SkipReason
from store.db.database import Database
from store.deliveries.dead_lettering import record_dead_letter
from store.outcomes.counting import count_day
from store.reports.days import DayCounts
from store.reports.overview import Overview, Propagation, Range, read_overview
from store.tables import DeliveryRow, EventRow, PartnerRow
from tests.support.factories import make_groups, make_order
from tests.support.query_plans import plans_of
from tests.support.shelf import NOW, Shelf, Webhook, after, an_event

HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
ZONE = "UTC"
DAY = NOW.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
HOURS = [DAY + HOUR * number for number in range(24)]


def asked(days: int = 1) -> Range:
    return Range(after(60), HOURS, ZONE, days)


async def overview(database: Database, owner: str = "shop", days: int = 1) -> Overview:
    return await database.read(read_overview, owner, asked(days))


async def add_deliveries(
    shelf: Shelf, *made: tuple[DeliveryState, datetime], **values: Any
) -> list[Webhook]:
    """Deliveries of `shop`, new, in these states, made then; so are their events."""
    await shelf.add_partner(time_zone=ZONE)
    endpoint = await shelf.add_endpoint()
    return [await add_one(shelf, endpoint.id, *one, **values) for one in made]


async def add_one(
    shelf: Shelf,
    endpoint_id: str,
    state: DeliveryState,
    at: datetime,
    *,
    is_test: bool = False,
    **values: Any,
) -> Webhook:
    event = an_event()
    [planned] = (await shelf.plan(event)).deliveries
    if state is DeliveryState.DELIVERED:
        values["delivered_at"] = at
    await shelf.change(DeliveryRow, planned.delivery_id, state=state, created_at=at, **values)
    await shelf.change(EventRow, event.event_id, is_test=is_test, accepted_at=at)
    return Webhook(shelf, event, planned.delivery_id, endpoint_id)


class TestToday:
    async def test_nothing_of_a_new_partner(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        seen = await overview(database)
        assert seen.is_new
        assert (seen.made, seen.before, seen.propagation) == (DayCounts(), DayCounts(), None)
        assert seen.today.share_sent is None
        assert list(seen.parts) == [DayCounts()] * 24

    async def test_messages_by_what_became_of_them(self, shelf: Shelf, database: Database) -> None:
        await add_deliveries(
            shelf,
            *((DeliveryState.DELIVERED, NOW) for _ in range(3)),
            (DeliveryState.DEAD_LETTERED, NOW),
            (DeliveryState.DISCARDED, NOW),
            (DeliveryState.EXPIRED, NOW),
            (DeliveryState.PENDING, NOW),
            (DeliveryState.DELIVERED, DAY - HOUR),
        )
        seen = await overview(database)
        assert seen.made == DayCounts(sent=3, not_sent=3, queued=1)
        assert seen.today.share_sent == 0.5
        assert not seen.is_new

    async def test_skipped_ones_are_named_and_never_count_as_sent(
        self, shelf: Shelf, database: Database
    ) -> None:
        """B2: 100 % that leaves out skipped ones, and names them nowhere."""
        [one] = await add_deliveries(shelf, (DeliveryState.DELIVERED, NOW))
        for _ in range(2):
            stale: dict[str, Any] = {"skip_reason": SkipReason.STALE}
            await add_one(shelf, one.endpoint_id, DeliveryState.SKIPPED, NOW, **stale)
        seen = await overview(database)
        assert (seen.today.skipped, seen.today.due) == ({SkipReason.STALE: 2}, 1)
        assert seen.made.all == 3

    async def test_tests_are_nowhere(self, shelf: Shelf, database: Database) -> None:
        """B12: test events count as events of the day, in the share and in what has failed."""
        found = await add_deliveries(
            shelf, (DeliveryState.DELIVERED, NOW), (DeliveryState.HELD, NOW)
        )
        others: list[tuple[DeliveryState, dict[str, Any]]] = [
            (DeliveryState.DELIVERED, {}),
            (DeliveryState.DEAD_LETTERED, {}),
            (DeliveryState.DELIVERING, {"changed_at": NOW - A_DAY}),
            (DeliveryState.SKIPPED, {"skip_reason": SkipReason.STALE}),
            (DeliveryState.HELD, {"hold_reason": HoldReason.ENDPOINT_OFF}),
        ]
        for state, values in others:
            await add_one(shelf, found[0].endpoint_id, state, NOW, is_test=True, **values)
        seen = await overview(database)
        assert seen.made == DayCounts(sent=1, waiting=1)
        assert (seen.now.failed, seen.now.late, seen.now.held) == (0, 0, 1)

    async def test_another_partner_s_are_not_among_them(
        self, shelf: Shelf, database: Database
    ) -> None:
        await add_deliveries(shelf, (DeliveryState.DELIVERED, NOW))
        await shelf.add_partner("rival")
        seen = await overview(database, "rival")
        assert (seen.made, seen.is_new) == (DayCounts(), True)

    async def test_parcels_that_are_out_and_that_arrived(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner(time_zone=ZONE)
        await shelf.add_endpoint()
        for kinds in (["out_for_delivery"], ["out_for_delivery", "delivered"]):
            groups = make_groups(order=make_order(order_id=f"ORD-{len(kinds)}"))
            for number, kind in enumerate(kinds):
                at = (NOW + timedelta(minutes=number)).isoformat()
                await shelf.plan(an_event(kind, occurred_at=at, data=groups))
        seen = await overview(database)
        assert (seen.out_for_delivery, seen.made.parcels_delivered) == (1, 1)


class TestNow:
    async def test_what_is_on_hold_for_whatever_time_is_no_all_clear(
        self, shelf: Shelf, database: Database
    ) -> None:
        """B1: "everything has been delivered" while 57 wait."""
        held = {"hold_reason": HoldReason.ENDPOINT_FAILING}
        await add_deliveries(shelf, (DeliveryState.HELD, NOW - A_DAY * 20), **held)
        now = (await overview(database)).now
        assert (now.all_clear, now.worst) == (False, Trouble.ENDPOINT_FAILING)
        assert now.on_hold == {HoldReason.ENDPOINT_FAILING: 1}

    async def test_what_is_under_way_for_too_long_is_late(
        self, shelf: Shelf, database: Database
    ) -> None:
        [one] = await add_deliveries(shelf, (DeliveryState.DELIVERING, NOW - HOUR))
        await shelf.change(DeliveryRow, one.id, changed_at=NOW - HOUR)
        assert (await overview(database)).now.worst is Trouble.LATE
        await shelf.change(DeliveryRow, one.id, next_attempt_at=after(600))
        assert (await overview(database)).now.all_clear

    async def test_a_pause_and_channels_that_are_off(
        self, shelf: Shelf, database: Database
    ) -> None:
        """B14, B6: a paused shop, or one that sends nothing, is not well."""
        await shelf.add_partner()
        assert (await overview(database)).now.all_clear
        await shelf.change(PartnerRow, "shop", webhook_enabled=False, sms_enabled=False)
        assert (await overview(database)).now.worst is Trouble.NOTHING_IS_SENT
        await shelf.change(PartnerRow, "shop", paused_at=NOW)
        assert (await overview(database)).now.worst is Trouble.PAUSED

    async def test_an_event_that_could_not_be_processed(
        self, shelf: Shelf, database: Database
    ) -> None:
        [one] = await add_deliveries(shelf, (DeliveryState.DELIVERED, NOW))
        await shelf.change(EventRow, one.event.event_id, state="failed")
        assert (await overview(database)).now.worst is Trouble.UNPROCESSED


class TestRanges:
    async def test_days_come_from_their_rollups_and_today_from_its_rows(
        self, shelf: Shelf, database: Database
    ) -> None:
        await add_deliveries(
            shelf,
            (DeliveryState.DELIVERED, NOW),
            *((DeliveryState.DELIVERED, NOW - A_DAY * 2) for _ in range(3)),
            (DeliveryState.DEAD_LETTERED, NOW - A_DAY * 2),
            (DeliveryState.DELIVERED, NOW - A_DAY * 8),
            (DeliveryState.DELIVERED, NOW - A_DAY * 14),
        )
        for back in (2, 8):
            day = (NOW - A_DAY * back).date()
            await database.write(count_day, "shop", day, ZONE, after(60))
        seen = await overview(database, days=7)
        assert len(seen.parts) == 7
        assert (seen.parts[-3].sent, seen.parts[-3].not_sent) == (3, 1)
        assert (seen.parts[-1].sent, seen.made.sent, seen.made.not_sent) == (1, 4, 1)
        assert seen.before.sent == 1

    async def test_the_day_of_before_ends_at_the_same_time_of_day(
        self, shelf: Shelf, database: Database
    ) -> None:
        await add_deliveries(
            shelf,
            (DeliveryState.DELIVERED, NOW - A_DAY),
            (DeliveryState.DELIVERED, after(120) - A_DAY),
            (DeliveryState.DELIVERED, NOW - A_DAY * 7),
            (DeliveryState.DELIVERED, after(120) - A_DAY * 7),
        )
        assert (await overview(database)).before.sent == 1
        assert (await overview(database, days=7)).before.sent == 1


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
            (DeliveryState.SKIPPED, after(30)),
        )
        seen = await overview(database)
        assert seen.parts[0] == DayCounts(sent=1)
        assert seen.parts[4] == DayCounts(not_sent=1)
        assert seen.parts[5] == DayCounts(queued=1)
        assert seen.parts[NOW.hour] == DayCounts(not_needed=1)
        assert sum(one.all for one in seen.parts) == seen.made.all == 4


class TestDeadLetters:
    async def test_the_open_ones_are_counted(self, shelf: Shelf, database: Database) -> None:
        [one] = await add_deliveries(shelf, (DeliveryState.DELIVERING, DAY - HOUR))
        dead_letter = RecordDeadLetter(one.id, DeadLetterReason.EXHAUSTED)
        await database.write(record_dead_letter, dead_letter, NOW)
        assert (await overview(database)).now.failed == 1


@pytest.mark.parametrize("table", ["deliveries", "events", "outcome_days"])
async def test_no_table_is_read_whole(shelf: Shelf, database: Database, table: str) -> None:
    await shelf.webhook()

    def read(session: Session) -> Overview:
        return read_overview(session, "shop", asked(30))

    plans = await database.read(plans_of, read, table)
    assert plans
    for plan in plans:
        lower = plan.lower()
        assert "index" in lower, plan
        assert "seq scan" not in lower, plan
        assert f"scan {table}" not in f"{lower}\n", plan
