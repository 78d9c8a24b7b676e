"""The figures of a week: told on Monday in the partner's zone, where there was an event."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from contracts.notifications.kinds import RULES, NotificationKind
from contracts.outcomes.board import BOARD
from store.outcomes.notifications import notify_of_week, partners_with_a_week
from store.tables import NotificationRow, PartnerRow
from tests.support.outcomes import A_DAY, add_day
from tests.support.shelf import Shelf
from tests.support.told import told

WEEKLY = NotificationKind.WEEKLY_OUTCOMES
MONDAY = date(2026, 2, 23)
TOLD_AT = datetime(2026, 3, 2, 3, 30, tzinfo=UTC)
"""9:00 in India on the Monday after."""


@pytest.fixture
async def shop(shelf: Shelf) -> Shelf:
    """The partner `shop`, with two weeks of events."""
    await shelf.add_partner()
    for day in (MONDAY - timedelta(days=7), MONDAY, MONDAY + timedelta(days=6)):
        await add_day(shelf.database, day, **A_DAY)
    return shelf


async def look(shelf: Shelf, now: datetime = TOLD_AT) -> list[NotificationRow]:
    """What the check does; gives what was told so far."""
    for found in await shelf.database.read(partners_with_a_week, now):
        await shelf.database.write(notify_of_week, found, now)
    return await told(shelf)


async def test_the_week_beside_the_one_before_once(shop: Shelf) -> None:
    [row] = await look(shop)
    assert await look(shop, TOLD_AT + timedelta(hours=5)) == [row]
    assert (row.kind, row.partner_id) == (WEEKLY, "shop")
    assert [row.about[one] for one in ("week", "from", "to")] == [
        "2026-W09",
        "2026-02-23",
        "2026-03-01",
    ]
    figures: Any = row.about["figures"]
    assert [one["name"] for one in figures] == [one.name for one in BOARD]
    assert figures[0] == {
        "name": "events_accepted",
        "unit": "count",
        "value": "3200",
        "before": "1600",
    }
    assert {"name": "rto", "unit": "share", "value": "0.03333", "before": "0.03333"} in figures


async def test_from_nine_on_monday_and_while_it_is_of_use(shop: Shelf) -> None:
    assert await look(shop, TOLD_AT - timedelta(seconds=1)) == []
    assert await look(shop, TOLD_AT + RULES[WEEKLY].useful_for) == []
    assert len(await look(shop, TOLD_AT + timedelta(days=1))) == 1


async def test_by_the_partner_s_own_zone(shop: Shelf) -> None:
    await shop.change(PartnerRow, "shop", time_zone="America/New_York")
    assert await look(shop) == []
    assert len(await look(shop, datetime(2026, 3, 2, 14, 0, tzinfo=UTC))) == 1


async def test_not_where_there_was_no_event(shop: Shelf) -> None:
    await shop.add_partner("quiet")
    await add_day(shop.database, MONDAY, "quiet", events_recorded=5)
    await shop.add_partner("former")
    await add_day(shop.database, MONDAY - timedelta(days=1), "former", **A_DAY)
    await shop.add_partner("new")
    await add_day(shop.database, MONDAY + timedelta(days=7), "new", **A_DAY)
    assert [row.partner_id for row in await look(shop)] == ["shop"]


async def test_without_a_week_before_there_is_nothing_beside_it(shelf: Shelf) -> None:
    await shelf.add_partner()
    await add_day(shelf.database, MONDAY, **A_DAY)
    [row] = await look(shelf)
    figures: Any = row.about["figures"]
    assert {one["before"] for one in figures if one["unit"] == "share"} == {None}
