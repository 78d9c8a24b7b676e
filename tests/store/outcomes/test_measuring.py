"""Baselines are measured out of recorded events, by when they happened and by nothing else."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from contracts.errors import Invalid, NotFound
from contracts.payload.events import TrackingEvent
from store.db.database import Database
from store.outcomes.measuring import measure_baselines
from store.tables import AuditEntryRow
from tests.support.encryption import KEYRING
from tests.support.factories import make_groups, make_order
from tests.support.instructions import a_failure
from tests.support.query_plans import plans_of
from tests.support.shelf import NOW, Shelf, after, an_event

BEGIN = datetime.fromisoformat("2025-11-01T00:00:00+05:30")
FIRST, LAST = date(2025, 11, 1), date(2025, 11, 30)


def day(number: int, hour: int = 12) -> datetime:
    """An hour of a day of that November, in India."""
    return BEGIN + timedelta(days=number - 1, hours=hour)


def past(
    kind: str, order_id: str, at: datetime, category: str = "customer", **fields: Any
) -> TrackingEvent:
    """An event of history."""
    order = make_order(order_id=order_id, ordered_at=(BEGIN - timedelta(days=9)).isoformat())
    groups = make_groups(order=order, failure=a_failure(reason_category=category))
    groups["return"]["return_type"] = "rto"
    fields = {"notify": False, **fields}
    return an_event(kind, occurred_at=at.isoformat(), data=groups, **fields)


HISTORY = (
    past("order_confirmed", "ORD-1", day(1)),
    past("delivered", "ORD-1", day(3)),
    past("delivery_failed", "ORD-2", day(2)),
    past("delivered", "ORD-2", day(4)),
    past("delivery_failed", "ORD-3", day(2), "address"),
    past("delivery_failed", "ORD-3", day(3)),
    past("return_initiated", "ORD-3", day(5)),
)


async def record(shelf: Shelf, *events: TrackingEvent) -> None:
    """Hand in the latest first: the order in which history is imported says nothing."""
    for seconds, event in enumerate(reversed(events)):
        await shelf.accept(event, now=after(seconds))


async def measure(shelf: Shelf, first: date = FIRST, last: date = LAST) -> dict[str, str]:
    """What was measured: numerator and denominator of each figure."""

    def work(session: Session) -> dict[str, str]:
        rows = measure_baselines(session, "shop", first, last, NOW, actor="ops")
        return {row.figure: f"{row.numerator}/{row.denominator}" for row in rows}

    return await shelf.database.write(work)


@pytest.fixture(autouse=True)
async def shop(shelf: Shelf) -> None:
    await shelf.add_partner()


class TestMeasured:
    async def test_how_orders_fared(self, shelf: Shelf) -> None:
        await record(shelf, *HISTORY)
        assert await measure(shelf) == {
            "orders": "3/None",
            "first_attempt_success": "1/3",
            "failed_deliveries": "3/None",
            "failed_customer": "2/3",
            "failed_address": "1/3",
            **dict.fromkeys(
                ("failed_payment", "failed_verification", "failed_carrier", "failed_other"), "0/3"
            ),
            "rto": "1/3",
            "delivered_without_instruction": "1/3",
        }

    async def test_an_event_is_of_the_day_on_which_it_happened(self, shelf: Shelf) -> None:
        await record(shelf, *HISTORY)
        found = await measure(shelf, date(2025, 11, 3), date(2025, 11, 4))
        names = ("orders", "first_attempt_success", "failed_deliveries", "rto")
        assert [found[name] for name in names] == ["0/None", "1/1", "1/None", "0/2"]

    async def test_days_are_the_partners(self, shelf: Shelf) -> None:
        await record(
            shelf,
            past("delivered", "ORD-1", day(1, 0)),
            past("delivered", "ORD-2", day(1) - timedelta(hours=12, seconds=1)),
            past("delivered", "ORD-3", day(30, 24) - timedelta(seconds=1)),
            past("delivered", "ORD-4", day(30, 24)),
        )
        assert (await measure(shelf))["first_attempt_success"] == "2/2"

    async def test_what_was_told_and_what_is_a_test_is_not_history(self, shelf: Shelf) -> None:
        today = NOW.astimezone(BEGIN.tzinfo).date()
        await record(
            shelf,
            past("delivered", "ORD-1", NOW),
            past("delivered", "ORD-2", NOW, notify=True),
            past("delivered", "ORD-3", NOW, is_test=True),
        )
        assert (await measure(shelf, today, today))["orders"] == "1/None"

    async def test_again_it_gives_the_same_and_is_written_down_once(self, shelf: Shelf) -> None:
        await record(shelf, *HISTORY)
        assert await measure(shelf) == await measure(shelf)
        [entry] = [
            one for one in await shelf.all_rows(AuditEntryRow) if one.object_kind == "baseline"
        ]
        assert entry.details["rto"] == [None, "0.33333"]

    async def test_days_of_which_nothing_was_recorded_are_refused(self, shelf: Shelf) -> None:
        await record(shelf, *HISTORY)
        with pytest.raises(Invalid, match="no event of these days was recorded"):
            await measure(shelf, date(2025, 10, 1), date(2025, 10, 31))

    async def test_of_nobody_there_is_none(self, shelf: Shelf) -> None:
        with pytest.raises(NotFound):
            await shelf.database.write(measure_baselines, "nobody", FIRST, LAST, NOW, actor="ops")


@pytest.fixture
def untouched(own_database_url: str) -> Iterator[Database]:
    """A database of which no statistics were made: what other tests left is in no plan."""
    database = Database(own_database_url, KEYRING)
    yield database
    database.close()


async def test_no_table_is_read_as_a_whole(untouched: Database) -> None:
    await Shelf(untouched).add_partner()

    def count(session: Session) -> None:
        with pytest.raises(Invalid):
            measure_baselines(session, "shop", FIRST, LAST, NOW, actor="ops")

    plans = await untouched.write(lambda session: plans_of(session, count, "events"))
    for plan in plans:
        assert "Seq Scan" not in plan, plan
        for index in ("uq_deliveries_event_target", "ix_events_log_order"):
            assert index in plan, (index, plan)
