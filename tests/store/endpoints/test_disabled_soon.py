"""Endpoints that are off within a day: people are warned once, and only while it is so."""

from datetime import datetime, timedelta

import pytest

from contracts.delivery.states import EndpointState
from contracts.endpoints.circuit_breaker import DISABLED_AFTER
from contracts.notifications.kinds import NotificationKind
from store.endpoints.disabled_soon import endpoints_disabled_soon, warn_of_disabling
from store.tables import EndpointRow, NotificationRow, PartnerRow
from tests.support.failing import OPENED_AT, answer, failed_until, open_breaker
from tests.support.shelf import NOW, Shelf
from tests.support.told import told

SOON = NotificationKind.ENDPOINT_DISABLED_SOON
OFF_AT = OPENED_AT + DISABLED_AFTER
LATE = OFF_AT - timedelta(hours=20)


@pytest.fixture
async def endpoint_id(shelf: Shelf) -> str:
    """An endpoint that has failed for four days."""
    await shelf.add_partner()
    endpoint_id = (await shelf.add_endpoint()).id
    await open_breaker(shelf, endpoint_id)
    await failed_until(shelf, endpoint_id, LATE - timedelta(hours=2))
    return endpoint_id


async def look(shelf: Shelf, now: datetime = LATE) -> list[NotificationRow]:
    """What the check does; gives what was told of it so far."""
    for found in await shelf.database.read(endpoints_disabled_soon, now):
        await shelf.database.write(warn_of_disabling, found, now)
    return await told(shelf, SOON)


async def test_it_is_told_once_with_the_last_answer_and_the_time(
    shelf: Shelf, endpoint_id: str
) -> None:
    last = await answer(shelf, endpoint_id, 502, LATE - timedelta(hours=1))
    await answer(shelf, endpoint_id, 500, LATE, is_test=True)
    [row] = await look(shelf)
    assert await look(shelf, LATE + timedelta(minutes=10)) == [row]
    assert (row.endpoint_id, row.partner_id, row.created_at) == (endpoint_id, "shop", LATE)
    assert (row.about["code"], row.about["event_id"]) == ("http_502", last.event.event_id)
    assert row.about["disabled_at"] == OFF_AT.isoformat()
    assert row.about["since"] == NOW.isoformat()


async def test_not_a_day_too_early(shelf: Shelf, endpoint_id: str) -> None:
    assert await look(shelf, OFF_AT - timedelta(days=1, seconds=1)) == []
    assert len(await look(shelf, OFF_AT - timedelta(days=1))) == 1


async def test_not_where_nothing_has_failed_for_a_day(shelf: Shelf, endpoint_id: str) -> None:
    """The days are counted anew after that."""
    since = timedelta(days=1, minutes=1)
    await shelf.change(EndpointRow, endpoint_id, last_failed_at=LATE - since)
    assert await look(shelf) == []


async def test_opened_anew_it_is_told_again_for_the_new_time(
    shelf: Shelf, endpoint_id: str
) -> None:
    await look(shelf)
    again = LATE + timedelta(days=9)
    changes = {"opened_at": again - timedelta(days=4, hours=4), "last_failed_at": again}
    await shelf.change(EndpointRow, endpoint_id, **changes)
    assert len(await look(shelf, again)) == 2


async def test_not_where_it_answered_between_look_and_lock(shelf: Shelf, endpoint_id: str) -> None:
    found = await shelf.database.read(endpoints_disabled_soon, LATE)
    await answer(shelf, endpoint_id, 200, LATE)
    assert found == [endpoint_id]
    assert not await shelf.database.write(warn_of_disabling, endpoint_id, LATE)
    assert await told(shelf, SOON) == []


@pytest.mark.parametrize("off", ["state", "removed", "paused"])
async def test_not_where_nothing_is_sent_to_it(shelf: Shelf, endpoint_id: str, off: str) -> None:
    match off:
        case "state":
            await shelf.change(EndpointRow, endpoint_id, state=EndpointState.DISABLED)
        case "removed":
            await shelf.change(EndpointRow, endpoint_id, removed_at=NOW)
        case _:
            await shelf.change(PartnerRow, "shop", paused_at=NOW)
    assert await look(shelf) == []
