"""What is told is true when it is sent: the rest is left out."""

from typing import Any

import pytest
from sqlmodel import Session

from contracts.delivery.states import DeadLetterResolution, EndpointState
from contracts.notifications.kinds import RULES, NotificationKind
from store.notifications.still_true import still_true
from store.sms.suspensions import lift_suspension, suspend
from store.tables import EndpointRow, NotificationRow
from tests.support.dead_letter_shelf import DeadLetterShelf
from tests.support.notifications import shop_with_a_phone, tell
from tests.support.shelf import NOW, Shelf, after

FAILING, RECOVERED = NotificationKind.ENDPOINT_FAILING, NotificationKind.ENDPOINT_RECOVERED
SOON, DISABLED = NotificationKind.ENDPOINT_DISABLED_SOON, NotificationKind.ENDPOINT_DISABLED
OPEN: dict[str, Any] = {"opened_at": NOW}
WELL: dict[str, Any] = {}
OFF: dict[str, Any] = {"state": EndpointState.DISABLED, "opened_at": NOW}
PAUSED: dict[str, Any] = {"state": EndpointState.PAUSED, "opened_at": NOW}
GONE: dict[str, Any] = {"removed_at": NOW, **OFF}


async def true_of(shelf: Shelf, ids: list[str], seconds: float = 60) -> list[NotificationKind]:
    """The kinds that are still true, of a message that carries these."""

    def look(session: Session) -> list[NotificationKind]:
        carried = [session.get_one(NotificationRow, one) for one in ids]
        return [one.kind for one in still_true(session, carried, after(seconds))]

    return await shelf.database.read(look)


async def told(shelf: Shelf, endpoint_id: str, *kinds: NotificationKind) -> list[str]:
    """Notifications of one endpoint that one message carries, in this order."""
    ids = [
        await tell(shelf, kind, after(number), endpoint_id=endpoint_id)
        for number, kind in enumerate(kinds)
    ]
    for one in ids:
        await shelf.change(NotificationRow, one, fanned_out_at=NOW)
    return ids


@pytest.mark.parametrize(
    ("kinds", "now", "true"),
    [
        ([FAILING], OPEN, [FAILING]),
        ([FAILING], WELL, []),
        ([FAILING], OFF, []),
        ([FAILING], PAUSED, []),
        ([FAILING, RECOVERED], WELL, [FAILING, RECOVERED]),
        ([FAILING, RECOVERED, FAILING], OPEN, [FAILING]),
        ([FAILING, FAILING], OPEN, [FAILING]),
        ([RECOVERED], OPEN, []),
        ([RECOVERED], WELL, [RECOVERED]),
        ([SOON], OPEN, [SOON]),
        ([SOON], WELL, []),
        ([SOON, DISABLED], OFF, [DISABLED]),
        ([DISABLED], WELL, []),
        ([DISABLED], GONE, []),
    ],
)
async def test_of_an_endpoint(
    shelf: Shelf,
    kinds: list[NotificationKind],
    now: dict[str, Any],
    true: list[NotificationKind],
) -> None:
    endpoint = await shop_with_a_phone(shelf)
    ids = await told(shelf, endpoint.id, *kinds)
    await shelf.change(EndpointRow, endpoint.id, **now)
    assert await true_of(shelf, ids) == true


async def test_a_failure_whose_all_clear_is_about_to_come_is_told(shelf: Shelf) -> None:
    endpoint = await shop_with_a_phone(shelf)
    ids = await told(shelf, endpoint.id, FAILING)
    await tell(shelf, RECOVERED, after(30), endpoint_id=endpoint.id)
    assert await true_of(shelf, ids) == [FAILING]


async def test_texts_that_go_out_again_are_not_suspended(shelf: Shelf) -> None:
    await shelf.add_partner()
    stop = await shelf.database.write(suspend, "partner/shop", NOW, reason="r", made_by="doorstep")
    told_id = await tell(shelf, NotificationKind.SMS_SUSPENDED)
    await shelf.change(NotificationRow, told_id, about={"scope": stop.scope, "reason": "r"})
    assert await true_of(shelf, [told_id]) == [NotificationKind.SMS_SUSPENDED]
    await shelf.database.write(lift_suspension, stop.id, NOW, actor="key_1")
    assert await true_of(shelf, [told_id]) == []


async def test_failed_deliveries_wait_until_none_does(shelf: Shelf) -> None:
    queue = await DeadLetterShelf.open(shelf)
    dead = await queue.add("north")
    told_id = await tell(shelf, NotificationKind.FAILED_DELIVERIES, partner_id="north")
    assert await true_of(shelf, [told_id]) == [NotificationKind.FAILED_DELIVERIES]
    await queue.add("north", is_test=True)
    await queue.close(dead, DeadLetterResolution.DELIVERED)
    assert await true_of(shelf, [told_id]) == []


@pytest.mark.parametrize("kind", list(NotificationKind))
async def test_each_ends_some_day(shelf: Shelf, kind: NotificationKind) -> None:
    await shelf.add_partner()
    told_id = await tell(shelf, kind, secret="t")
    assert await true_of(shelf, [told_id], RULES[kind].useful_for.total_seconds()) == []


async def test_a_link_that_is_used_up_is_not_sent(shelf: Shelf) -> None:
    told_id = await tell(shelf, NotificationKind.PASSWORD_RESET, partner_id=None)
    assert await true_of(shelf, [told_id]) == []
