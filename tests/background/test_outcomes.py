"""The worker's part that keeps outcomes counted: one look, several at once, and its end."""

import asyncio
from datetime import datetime, timedelta

import pytest

from background.outcomes import Outcomes
from store.db.database import Database
from store.outcomes.marking import AT_ONCE, mark_changed_days
from store.tables import OutcomeProgressRow
from tests.support.outcomes import TODAY, Days
from tests.support.shelf import NOW, Shelf, after, an_event, of_its_own_order


@pytest.fixture
def shelf(database: Database) -> Shelf:
    return Shelf(database)


async def events_of(shelf: Shelf, *moments: datetime) -> None:
    """Events of `shop`, accepted then."""
    await shelf.add_partner()
    for moment in moments:
        event = of_its_own_order(an_event(occurred_at=moment.isoformat()))
        await shelf.accept(event, now=moment)


async def test_one_look_counts_all_that_has_come_however_long_ago(
    database: Database, shelf: Shelf
) -> None:
    await events_of(shelf, NOW, after(3600), after(3 * 24 * 3600))
    now = after(3 * 24 * 3600) + AT_ONCE
    await Outcomes(database, lambda: now).look(asyncio.Event())
    rows = {day: row["events_accepted"] for (_, day), row in (await Days(database).rows()).items()}
    assert rows == {TODAY: 2, TODAY + timedelta(days=3): 1}
    assert (await shelf.one(OutcomeProgressRow, "days")).seen_until == now


async def test_a_year_without_anything_is_passed_over(database: Database, shelf: Shelf) -> None:
    await events_of(shelf, NOW, NOW + timedelta(days=365))
    now = NOW + timedelta(days=365, minutes=1)
    looks = 0
    while await database.write(mark_changed_days, now):
        looks += 1
    assert looks < 5
    assert len(await Days(database).marked()) == 2


async def test_workers_that_look_at_once_count_the_same(database: Database, shelf: Shelf) -> None:
    await events_of(shelf, *(after(number * 40_000) for number in range(8)))
    now = after(8 * 40_000)
    looks = [Outcomes(database, lambda: now).look(asyncio.Event()) for _ in range(3)]
    await asyncio.gather(*looks)
    days = Days(database)
    await days.look(now)
    assert await days.rows() == await days.fresh(now)


async def test_what_commits_a_little_late_is_seen(database: Database, shelf: Shelf) -> None:
    await events_of(shelf, NOW)
    await Outcomes(database, lambda: after(60)).look(asyncio.Event())
    await shelf.accept(of_its_own_order(an_event()), now=after(1))
    await Outcomes(database, lambda: after(400)).look(asyncio.Event())
    assert (await Days(database).of())["events_accepted"] == 2


async def test_it_ends_when_told_to(database: Database, shelf: Shelf) -> None:
    await events_of(shelf, NOW)
    stop = asyncio.Event()
    stop.set()
    await Outcomes(database, lambda: after(60)).run(stop)
    assert await Days(database).rows() == {}
