"""Test orders: all their events go to one endpoint, in order where it asks for order."""

import pytest

from contracts.access.audit import AuditAction
from contracts.delivery.messages import PostWebhook, SendResult
from contracts.delivery.states import DeliveryState, EndpointState
from contracts.endpoints.endpoints import Rehearsed
from contracts.errors import Conflict, LimitReached
from contracts.payload.scenarios import COURSES, Scenario
from store.access.audit import AuditFilter, list_entries
from store.access.budgets import TEST_EVENTS
from store.db.database import Database
from store.deliveries import attempts, planning
from store.deliveries.attempts import ReadyAttempt
from store.deliveries.fallback import plan_fallback
from store.endpoints.test_events import accept_rehearsal
from store.tables import DeliveryRow, EndpointRow, EventRow
from tests.support.shelf import DELAYS, NOW, REQUEST, Shelf


async def rehearse(
    database: Database, endpoint_id: str, scenario: Scenario = Scenario.CASH_ON_DELIVERY
) -> Rehearsed:
    """Ask for a test order."""
    return await database.write(accept_rehearsal, endpoint_id, scenario, NOW, actor="test")


class TestATestOrder:
    async def test_all_of_it_goes_to_its_one_endpoint_only(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner(sms_enabled=True, sms_fallback=True)
        first, _ = [await shelf.add_endpoint(event_types=["delivered"]) for _ in range(2)]
        made = await rehearse(database, first.id)
        assert len(made.event_ids) == 1 + len(COURSES[made.scenario])
        for sequence, event_id in enumerate(made.event_ids, start=1):
            [planned] = (await database.write(planning.plan_event, event_id, NOW)).deliveries
            row = await shelf.one(DeliveryRow, planned.delivery_id)
            assert (row.endpoint_id, row.state) == (first.id, DeliveryState.PENDING)
            assert await database.write(plan_fallback, event_id, NOW) is None
            event = await shelf.one(EventRow, event_id)
            assert (event.is_test, event.order_id) == (True, made.order_id)
            assert event.sequence == sequence

    async def test_it_is_in_the_audit_log_once(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        endpoint = await shelf.add_endpoint()
        made = await rehearse(database, endpoint.id)
        wanted = AuditFilter(object_id=endpoint.id)
        entries = await database.read(list_entries, wanted, after=None, limit=9)
        [tested] = [one for one in entries if one.action is AuditAction.ENDPOINT_TESTED]
        assert tested.details == {"order_id": made.order_id, "scenario": made.scenario}

    async def test_none_of_it_is_taken_where_there_is_no_room_for_all(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        endpoint = await shelf.add_endpoint()
        scenario = Scenario.RETURNED_TO_ORIGIN
        each = 1 + len(COURSES[scenario])
        for _ in range(TEST_EVENTS.most // each):
            await rehearse(database, endpoint.id, scenario)
        with pytest.raises(LimitReached):
            await rehearse(database, endpoint.id, scenario)
        assert await shelf.count(EventRow) == TEST_EVENTS.most // each * each

    async def test_none_while_the_endpoint_is_off(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        endpoint = await shelf.add_endpoint()
        await shelf.change(EndpointRow, endpoint.id, state=EndpointState.PAUSED)
        with pytest.raises(Conflict, match="endpoint"):
            await rehearse(database, endpoint.id)
        assert await shelf.count(EventRow) == 0


class TestOrder:
    async def test_a_later_one_waits_where_the_endpoint_asks_for_order(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        for ordered in (True, False):
            endpoint = await shelf.add_endpoint(ordered=ordered)
            made = await rehearse(database, endpoint.id)
            begun = await begin(database, made.event_ids[1])
            if ordered:
                assert begun == SendResult(DeliveryState.HELD)
                assert isinstance(await begin(database, made.event_ids[0]), ReadyAttempt)
            else:
                assert isinstance(begun, ReadyAttempt)


async def begin(database: Database, event_id: str) -> ReadyAttempt | SendResult:
    """Plan an event, and open its first attempt or hear why there is none."""
    [planned] = (await database.write(planning.plan_event, event_id, NOW)).deliveries
    task = PostWebhook(event_id, planned.delivery_id, 1, list(DELAYS), False)
    return await database.write(attempts.begin_attempt, task, NOW, REQUEST)
