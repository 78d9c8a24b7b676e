"""An endpoint is down for five days, in skipped time: people are told that it fails, that it is off
soon, that it is off, and when it takes events again; each once."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from background.notification_checks import NotificationChecks
from contracts.clock import utc_now
from contracts.endpoints.circuit_breaker import DISABLED_AFTER, FAILURES_TO_OPEN
from contracts.notifications.kinds import NotificationKind
from sandbox.merchant import Merchant
from sandbox.steps import Answer
from store.db.database import Database
from store.tables import EndpointRow
from tests.support.clock import Hands
from tests.support.factories import make_event, make_groups, make_order
from tests.support.shelf import Shelf
from tests.support.stack import Stack
from tests.support.told import told
from tests.support.waiting import eventually

pytestmark = pytest.mark.extended

BETWEEN_PROBES = timedelta(hours=18)
STEPS = (
    NotificationKind.ENDPOINT_FAILING,
    NotificationKind.ENDPOINT_DISABLED_SOON,
    NotificationKind.ENDPOINT_DISABLED,
    NotificationKind.ENDPOINT_RECOVERED,
)


def an_event(order: int) -> dict[str, Any]:
    """An event of one of several orders."""
    return make_event(data=make_groups(order=make_order(order_id=f"ORD-{order}")))


async def test_it_is_told_step_by_step_once_each(stack: Stack, database: Database) -> None:
    shelf, clock = Shelf(database), Hands(utc_now())
    async with Merchant(behaviour=Answer(503)) as merchant:
        endpoint_id = (await stack.open_shop(merchant.url))["id"]
        async with stack.worker(clock=clock):
            await _fails_until_its_breaker_opens(stack, shelf, clock, endpoint_id)
            assert [row.kind for row in await told(shelf, *STEPS)] == [STEPS[0]]
            await _stays_down(shelf, clock, endpoint_id)
            merchant.behave(Answer(200))
            await stack.api.patch(f"/v1/endpoints/{endpoint_id}", json={"state": "enabled"})
            await stack.delivery(await stack.send(an_event(9)), "delivered")
    rows = await told(shelf, *STEPS)
    assert [row.kind for row in rows] == list(STEPS)
    assert {row.endpoint_id for row in rows} == {endpoint_id}
    assert [row.about["code"] for row in rows] == ["http_503"] * 3 + ["http_200"]
    soon, off = rows[1], rows[2]
    assert timedelta(0) < off.created_at - soon.created_at <= timedelta(days=1)


async def _fails_until_its_breaker_opens(
    stack: Stack, shelf: Shelf, clock: Hands, endpoint_id: str
) -> None:
    for order in range(2):
        await stack.delivery(await stack.send(an_event(order)), "dead_lettered")
    clock.turn(timedelta(minutes=1))
    await stack.delivery(await stack.send(an_event(2)), "held")
    row = await shelf.one(EndpointRow, endpoint_id)
    assert (row.failures_in_row, row.opened_at) == (FAILURES_TO_OPEN, clock())


async def _stays_down(shelf: Shelf, clock: Hands, endpoint_id: str) -> None:
    """Probe after probe fails until the endpoint is switched off; two workers look meanwhile."""
    checks = [NotificationChecks(shelf.database, clock) for _ in range(2)]
    opened_at = clock()
    while clock() - opened_at < DISABLED_AFTER:
        clock.turn(BETWEEN_PROBES)
        await eventually(
            lambda: shelf.one(EndpointRow, endpoint_id),
            lambda row: row.last_failed_at == clock(),
        )
        await asyncio.gather(*(one.look(asyncio.Event()) for one in checks))
