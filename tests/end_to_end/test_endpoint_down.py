"""An endpoint that goes down and comes back: few attempts, nothing lost, everything sent by
itself."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.clock import utc_now
from contracts.delivery.states import HoldReason
from sandbox.merchant import Merchant
from sandbox.steps import Answer
from store.db.database import Database
from store.tables import EndpointRow
from tests.support.factories import make_event, make_groups, make_order
from tests.support.stack import Stack
from tests.support.waiting import eventually

pytestmark = pytest.mark.extended


def event_of(order: int, event_type: str) -> dict[str, Any]:
    """An event of one of several orders."""
    groups = make_groups(order=make_order(order_id=f"ORD-{order}"))
    return make_event(event_type, data=groups)


async def open_breaker(database: Database, endpoint_id: str) -> None:
    """What ten failures in a row over half a minute lead to."""

    def work(session: Any) -> None:
        row = session.get_one(EndpointRow, endpoint_id)
        now = utc_now()
        row.failures_in_row, row.failing_since = 10, now - timedelta(minutes=1)
        row.opened_at, row.probe_at = now, now + timedelta(hours=1)

    await database.write(work)


async def let_it_be_probed(database: Database, endpoint_id: str) -> None:
    """Bring forward the next probe."""

    def work(session: Any) -> None:
        session.get_one(EndpointRow, endpoint_id).probe_at = utc_now()

    await database.write(work)


class TestDownAndBack:
    async def test_held_deliveries_go_out_by_themselves_in_order(
        self, stack: Stack, database: Database
    ) -> None:
        async with Merchant(behaviour=[Answer(503), Answer(200)]) as merchant:
            endpoint = await stack.open_shop(merchant.url)
            async with stack.worker():
                await open_breaker(database, endpoint["id"])
                events = [
                    await stack.send(event_of(order, kind))
                    for kind in ("order_confirmed", "out_for_delivery", "delivered")
                    for order in range(4)
                ]
                for event_id in events:
                    held = await stack.delivery(event_id, "held")
                    assert held["hold_reason"] == HoldReason.ENDPOINT_FAILING
                    assert held["attempts"] == []
                assert merchant.received == []
                await let_it_be_probed(database, endpoint["id"])
                await merchant.wait_for(1)  # a 503: it is held for longer
                await self._probed_in_vain(stack, endpoint["id"])
                await let_it_be_probed(database, endpoint["id"])
                for event_id in events:
                    await stack.delivery(event_id, "delivered")
        taken = [one for one in merchant.received if one.accepted]
        assert len(taken) == len(events) == len({one.webhook_id for one in taken})
        assert len(merchant.received) == len(events) + 1
        for order in range(4):
            types = [one.event_type for one in taken if one.order_id == f"ORD-{order}"]
            assert types == ["order_confirmed", "out_for_delivery", "delivered"]

    async def _probed_in_vain(self, stack: Stack, endpoint_id: str) -> None:
        row = await eventually(
            lambda: stack.database.read(lambda s: s.get_one(EndpointRow, endpoint_id)),
            lambda seen: seen.probes_failed == 1,
        )
        assert row.opened_at is not None
