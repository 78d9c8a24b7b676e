"""Failed deliveries at the door that nobody has answered: told once a day, while it is of use."""

from datetime import datetime, timedelta

import pytest

from contracts.notifications.kinds import NotificationKind
from store.instructions.notifications import notify_of_unanswered, partners_with_unanswered
from store.tables import NotificationRow, PartnerRow
from tests.support.instructions import a_failed_delivery, failed_order, what_follows
from tests.support.shelf import NOW, Shelf, after
from tests.support.told import told

HOUR = timedelta(hours=1)
LATER = NOW + timedelta(hours=4)
"""19:30 in India."""


async def look(shelf: Shelf, now: datetime = LATER) -> list[NotificationRow]:
    """What the check does; gives what was told so far."""
    for found in await shelf.database.read(partners_with_unanswered, now):
        await shelf.database.write(notify_of_unanswered, found, now)
    return await told(shelf)


async def test_how_many_wait_and_since_when_once_a_day(shelf: Shelf) -> None:
    await failed_order(shelf)
    await shelf.accept(a_failed_delivery("ORD-2", after(-3600)))
    await shelf.accept(a_failed_delivery("ORD-3", after(60)))  # too young
    [row] = await look(shelf)
    assert await look(shelf, LATER + timedelta(minutes=10)) == [row]
    assert (row.kind, row.partner_id) == (NotificationKind.INSTRUCTIONS_UNANSWERED, "shop")
    assert row.about == {"count": 2, "oldest": after(-3600).isoformat()}
    _, next_day = await look(shelf, LATER + 20 * HOUR)
    assert next_day.about["count"] == 3


async def test_in_the_partner_s_day_alone(shelf: Shelf) -> None:
    await failed_order(shelf)
    assert await look(shelf, LATER + HOUR) == []
    assert await look(shelf, LATER + 13 * HOUR) == []
    assert len(await look(shelf, LATER + 14 * HOUR)) == 1


async def test_not_what_was_answered(shelf: Shelf) -> None:
    counter = await failed_order(shelf)
    await counter.give()
    assert await look(shelf) == []


async def test_not_what_went_on(shelf: Shelf) -> None:
    await failed_order(shelf)
    await shelf.accept(what_follows("out_for_delivery", 600), now=after(600))
    assert await look(shelf) == []


@pytest.mark.parametrize(
    "failure",
    [
        {"next_attempt_at": (LATER + HOUR).isoformat()},
        {"reason_code": "shipment_lost", "reason_category": "carrier"},
    ],
)
async def test_not_what_cannot_be_answered_any_more(shelf: Shelf, failure: dict[str, str]) -> None:
    await failed_order(shelf, **failure)
    assert await look(shelf) == []


async def test_not_where_the_partner_allows_no_answer(shelf: Shelf) -> None:
    await failed_order(shelf)
    await shelf.change(PartnerRow, "shop", instruction_actions=[])
    assert await look(shelf) == []
