"""An endpoint that was down for an hour under load: 240 events, and a worker killed while
they are recovered."""

import signal
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, func, select
from temporalio.testing import WorkflowEnvironment

from contracts.clock import utc_now
from contracts.delivery.states import HoldReason
from sandbox.merchant import Merchant
from sandbox.steps import Answer, Hang
from store.tables import DeliveryRow, EndpointRow, RecoveryRow
from tests.support.factories import make_event, make_groups, make_order
from tests.support.shelf import Shelf
from tests.support.stack import Stack
from tests.support.waiting import eventually
from tests.support.worker_process import worker_process

pytestmark = [pytest.mark.extended, pytest.mark.timeout(900)]

KINDS = ("order_confirmed", "out_for_delivery", "delivery_failed", "delivered")
ORDERS, RATE, ANSWERED = 60, 50, 100
EVENTS = ORDERS * len(KINDS)


def event_of(order: int, kind: str) -> dict[str, Any]:
    """An event of one of many orders."""
    return make_event(kind, data=make_groups(order=make_order(order_id=f"ORD-{order:03}")))


async def send(stack: Stack, events: list[dict[str, Any]]) -> None:
    """Post events as a batch."""
    answer = await stack.api.post("/v1/events/batch", json={"events": events})
    assert answer.status_code == 202, answer.text


async def until_there_are(stack: Stack, count: int, **fields: str) -> None:
    """Wait until so many deliveries are so."""
    conditions = [col(getattr(DeliveryRow, name)) == value for name, value in fields.items()]
    query = select(func.count()).where(*conditions)
    await eventually(
        lambda: stack.database.read(lambda session: session.exec(query).one()),
        lambda seen: seen == count,
        timeout=400,
    )


class TestManyEvents:
    async def test_all_arrive_in_order_per_order_and_none_twice(
        self, shared_queue_stack: Stack, temporal: WorkflowEnvironment, database_url: str
    ) -> None:
        stack, shelf = shared_queue_stack, Shelf(shared_queue_stack.database)
        async with Merchant(behaviour=Answer(503)) as merchant:
            await stack.add_partner()
            endpoint = await stack.add_endpoint(merchant.url, recovery_rate=RATE)
            with worker_process(temporal, database_url) as process:
                await self._fall_behind(stack, shelf, endpoint["id"], merchant)
                merchant.behave([Answer(200)] * ANSWERED + [Hang()])
                await shelf.change(EndpointRow, endpoint["id"], probe_at=utc_now())
                await merchant.wait_until(lambda: merchant.hanging >= 10, timeout=180)
                await until_there_are(stack, ANSWERED, state="delivered")  # none is sent again
                process.send_signal(signal.SIGKILL)
                process.wait()
            await merchant.until_clients_left()
            merchant.behave(Answer(200))
            with worker_process(temporal, database_url):
                await until_there_are(stack, EVENTS, state="delivered")
                [recovery] = await eventually(
                    lambda: stack.database.read(lambda s: s.exec(select(RecoveryRow)).all()),
                    lambda seen: [one.state for one in seen] == ["done"],
                )
        assert (recovery.automatic, recovery.made_by) == (True, "doorstep")
        taken = [one for one in merchant.received if one.accepted]
        assert Counter(Counter(one.webhook_id for one in taken).values()) == {1: EVENTS}
        for order in range(ORDERS):
            seen = [one.event_type for one in taken if one.order_id == f"ORD-{order:03}"]
            assert seen == list(KINDS), f"order {order}"

    async def _fall_behind(
        self, stack: Stack, shelf: Shelf, endpoint_id: str, merchant: Merchant
    ) -> None:
        """An hour of it: ten attempts fail, the next one opens the breaker, everything else is held
        without an attempt."""
        first = [event_of(order, KINDS[0]) for order in range(ORDERS)]
        await send(stack, first[:10])
        await eventually(
            lambda: shelf.one(EndpointRow, endpoint_id), lambda row: row.failures_in_row == 10
        )
        an_hour_ago = utc_now() - timedelta(hours=1)
        await shelf.change(EndpointRow, endpoint_id, failing_since=an_hour_ago)
        await send(stack, first[10:11])
        await eventually(
            lambda: shelf.one(EndpointRow, endpoint_id), lambda row: row.opened_at is not None
        )
        await shelf.change(EndpointRow, endpoint_id, probe_at=utc_now() + timedelta(hours=1))
        await send(stack, first[11:])
        for kind in KINDS[1:]:
            await send(stack, [event_of(order, kind) for order in range(ORDERS)])
        await until_there_are(stack, EVENTS, hold_reason=HoldReason.ENDPOINT_FAILING)
        assert len(merchant.received) == 11
