"""Failed deliveries that wait: told once a day, in the day, while some wait."""

from datetime import datetime, timedelta

import pytest

from contracts.delivery.states import DeadLetterResolution
from contracts.notifications.kinds import NotificationKind
from store.dead_letters.notifications import (
    notify_of_failed_deliveries,
    partners_with_failed_deliveries,
)
from store.tables import NotificationRow
from tests.support.dead_letter_shelf import DeadLetterShelf
from tests.support.shelf import NOW, Shelf
from tests.support.told import told

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = NOW + HOUR
"""16:30 in India."""


@pytest.fixture
async def dead_letters(shelf: Shelf) -> DeadLetterShelf:
    return await DeadLetterShelf.open(shelf)


async def look(shelf: Shelf, now: datetime) -> list[NotificationRow]:
    """What the check does; gives what was told so far."""
    for found in await shelf.database.read(partners_with_failed_deliveries, now):
        await shelf.database.write(notify_of_failed_deliveries, found, now)
    return await told(shelf)


async def test_each_partner_is_told_how_many_wait_and_since_when(
    shelf: Shelf, dead_letters: DeadLetterShelf
) -> None:
    for partner in ("north", "north", "south"):
        await dead_letters.add(partner, at=NOW)
    await dead_letters.add(at=NOW + timedelta(minutes=1))  # too young
    rows = await look(shelf, LATER)
    assert {row.partner_id: row.about["count"] for row in rows} == {"north": 2, "south": 1}
    assert {row.kind for row in rows} == {NotificationKind.FAILED_DELIVERIES}
    assert {row.about["oldest"] for row in rows} == {NOW.isoformat()}


async def test_once_a_day_for_as_long_as_some_wait(
    shelf: Shelf, dead_letters: DeadLetterShelf
) -> None:
    row = await dead_letters.add(at=NOW)
    counts = [len(await look(shelf, LATER + minutes * timedelta(minutes=10))) for minutes in (0, 1)]
    assert counts == [1, 1]
    assert len(await look(shelf, LATER + DAY)) == 2
    await dead_letters.close(row, DeadLetterResolution.DELIVERED)
    assert len(await look(shelf, LATER + 2 * DAY)) == 2


async def test_in_the_partner_s_day_alone(shelf: Shelf, dead_letters: DeadLetterShelf) -> None:
    await dead_letters.add(at=NOW)
    night, evening = NOW.replace(hour=3, minute=29), NOW.replace(hour=14, minute=30)
    assert await look(shelf, evening) == []  # 20:00
    assert await look(shelf, night + DAY) == []  # 8:59
    assert len(await look(shelf, night + DAY + timedelta(minutes=1))) == 1


async def test_what_is_not_open_for_an_hour_or_is_a_test_waits_for_nobody(
    shelf: Shelf, dead_letters: DeadLetterShelf
) -> None:
    await dead_letters.add(at=NOW, is_test=True)
    assert await look(shelf, LATER) == []
    await dead_letters.add(at=NOW)
    assert await look(shelf, LATER - timedelta(seconds=1)) == []
    [row] = await look(shelf, LATER)
    assert row.about["count"] == 1
