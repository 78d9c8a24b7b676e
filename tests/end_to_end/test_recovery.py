"""Recoveries on the real server: in order per order, none twice, whatever dies in the middle."""

import signal
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, func, select
from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from contracts.clock import utc_now
from contracts.delivery import names
from contracts.delivery.recoveries import Recover, RecoveryState, RecoveryStep
from contracts.ids import IdKind, new_id, recovery_workflow_id
from sandbox.merchant import Merchant
from sandbox.received import Received
from sandbox.steps import Answer, Hang
from store.tables import AttemptRow, DeliveryRow, EndpointRow
from temporal_worker import UNCHECKED
from tests.support.factories import make_event, make_groups, make_order
from tests.support.shelf import Shelf
from tests.support.stack import Stack
from tests.support.waiting import eventually
from tests.support.worker_process import worker_process
from workflows import recovery, search_attributes

pytestmark = pytest.mark.extended

KINDS = ("order_confirmed", "out_for_delivery", "delivered")


def event_of(order: int, kind: str = KINDS[0], **groups: Any) -> dict[str, Any]:
    """An event of one of several orders."""
    order_group = make_order(order_id=f"ORD-{order:03}")
    return make_event(kind, data=make_groups(order=order_group, **groups))


async def send_all(stack: Stack, events: Sequence[dict[str, Any]]) -> list[str]:
    """Post events as a batch; gives their ids."""
    answer = await stack.api.post("/v1/events/batch", json={"events": list(events)})
    assert answer.status_code == 202, answer.text
    assert {item["state"] for item in answer.json()["items"]} == {"accepted"}
    return [event["event_id"] for event in events]


async def until_there_are(stack: Stack, count: int, state: str, timeout: float = 60) -> None:
    """Wait until so many deliveries are in a state."""
    query = select(func.count()).where(col(DeliveryRow.state) == state)
    await eventually(
        lambda: stack.database.read(lambda session: session.exec(query).one()),
        lambda seen: seen == count,
        timeout=timeout,
    )


async def switch(stack: Stack, endpoint: dict[str, Any], **change: Any) -> None:
    """Change the endpoint."""
    answer = await stack.api.patch(f"/v1/endpoints/{endpoint['id']}", json=change)
    assert answer.status_code == 200, answer.text


async def recover(stack: Stack, endpoint: dict[str, Any], **asked: Any) -> dict[str, Any]:
    """Begin a recovery."""
    answer = await stack.api.post(f"/v1/endpoints/{endpoint['id']}/recoveries", json=asked)
    assert answer.status_code == 202, answer.text
    begun: dict[str, Any] = answer.json()
    return begun


async def ended(stack: Stack, recovery: dict[str, Any], timeout: float = 60) -> dict[str, Any]:
    """The recovery, once it has ended."""

    async def look() -> dict[str, Any]:
        answer = await stack.api.get(f"/v1/recoveries/{recovery['id']}")
        seen: dict[str, Any] = answer.json()
        return seen

    return await eventually(look, lambda seen: seen["state"] != "running", timeout=timeout)


def workflow_of(stack: Stack, endpoint: dict[str, Any]) -> WorkflowHandle[Any, Any]:
    """The workflow that recovers an endpoint."""
    return stack.client.get_workflow_handle(recovery_workflow_id(endpoint["id"]))


def taken(merchant: Merchant) -> list[Received]:
    """What the merchant has answered with success, in the order of arrival."""
    return [one for one in merchant.received if one.accepted]


def is_in_order_and_once(received: Sequence[Received], orders: int) -> None:
    """Each order has each of its events once, as they happened."""
    for order in range(orders):
        seen = [one.event_type for one in received if one.order_id == f"ORD-{order:03}"]
        assert seen == list(KINDS), f"order {order}"
    assert len(received) == orders * len(KINDS)


@pytest.mark.extended
class TestAWorkerKilledInTheMiddle:
    async def test_everything_arrives_in_order_per_order_and_none_twice(
        self, shared_queue_stack: Stack, temporal: WorkflowEnvironment, database_url: str
    ) -> None:
        stack, orders = shared_queue_stack, 20
        async with Merchant(behaviour=Answer(410)) as merchant:
            endpoint = await stack.open_shop(merchant.url)
            async with stack.worker():
                stale = await self._fall_behind(stack, endpoint, orders)
            merchant.behave([Answer(200)] * 15 + [Hang()])
            with worker_process(temporal, database_url) as process:
                recovery = await recover(stack, endpoint)
                assert recovery["found"] == orders * len(KINDS)
                await merchant.wait_until(lambda: merchant.hanging == 10, timeout=60)
                process.send_signal(signal.SIGKILL)
                process.wait()
            await merchant.until_clients_left()
            merchant.behave(Answer(200))
            with worker_process(temporal, database_url):
                done = await ended(stack, recovery, timeout=90)
        assert (done["state"], done["requested"], done["reason"]) == (
            "done",
            orders * len(KINDS),
            None,
        )
        is_in_order_and_once(taken(merchant), orders)
        [late] = [one for one in taken(merchant) if one.webhook_id == stale]
        assert late.payload["data"]["otp"]["code"] is None
        interrupted = select(func.count()).where(col(AttemptRow.state) == "interrupted")
        assert await stack.database.read(lambda s: s.exec(interrupted).one()) == 10

    async def _fall_behind(self, stack: Stack, endpoint: dict[str, Any], orders: int) -> str:
        """Five dead letters, everything else held; gives the event whose OTP has run out."""
        for order in range(5):
            await stack.delivery(await stack.send(event_of(order)), "dead_lettered")
            await switch(stack, endpoint, state="enabled")
        await switch(stack, endpoint, state="paused")
        soon = utc_now() + timedelta(seconds=15)
        otp = {
            "code": "483920",
            "valid_from": utc_now().isoformat(),
            "valid_until": soon.isoformat(),
        }
        late = event_of(0, "out_for_delivery", otp=otp)
        await send_all(stack, [event_of(order) for order in range(5, orders)])
        later = [late, *(event_of(order, "out_for_delivery") for order in range(1, orders))]
        await send_all(stack, later)
        await send_all(stack, [event_of(order, "delivered") for order in range(orders)])
        await until_there_are(stack, orders * len(KINDS) - 5, "held")
        await switch(stack, endpoint, state="enabled")
        return str(late["event_id"])


class TestCancelling:
    async def test_what_is_on_its_way_goes_on_and_a_new_one_takes_up_the_rest(
        self, patient_stack: Stack
    ) -> None:
        stack = patient_stack
        async with Merchant(behaviour=Hang()) as merchant, stack.worker():
            endpoint = await self._twelve_held(stack, merchant.url)
            first = await recover(stack, endpoint)
            await merchant.wait_until(lambda: merchant.hanging == 5)
            again = await stack.api.post(f"/v1/endpoints/{endpoint['id']}/recoveries")
            assert (again.status_code, again.json()["type"]) == (409, "/problems/conflict")
            address = f"/v1/recoveries/{first['id']}"
            assert (await stack.api.post(f"{address}/cancel")).status_code == 200
            assert (await stack.api.post(f"{address}/cancel")).status_code == 409
            cancelled = await ended(stack, first)
            assert (cancelled["state"], cancelled["requested"]) == ("cancelled", 5)
            second = await recover(stack, endpoint)  # while the first one's workflow still runs
            assert second["found"] == 7
            merchant.behave(Answer(200))
            merchant.release(200)
            assert (await ended(stack, second))["state"] == "done"
            await until_there_are(stack, 12, "delivered")
            page = await stack.api.get(f"/v1/endpoints/{endpoint['id']}/recoveries")
            assert [one["id"] for one in page.json()["items"]] == [second["id"], first["id"]]
        assert len({one.webhook_id for one in merchant.received}) == 12 == len(merchant.received)

    async def _twelve_held(self, stack: Stack, url: str) -> dict[str, Any]:
        endpoint = await stack.open_shop(url)
        await switch(stack, endpoint, state="paused", recovery_rate=5)
        await send_all(stack, [event_of(order) for order in range(12)])
        await until_there_are(stack, 12, "held")
        await switch(stack, endpoint, state="enabled")
        return endpoint


class TestAnEndpointThatFailsAgain:
    async def test_it_stops_and_the_rest_follows_once_it_answers(
        self, patient_stack: Stack, temporal: WorkflowEnvironment
    ) -> None:
        stack, shelf = patient_stack, Shelf(patient_stack.database)
        async with Merchant(behaviour=Answer(503)) as merchant, stack.worker():
            endpoint = await stack.open_shop(merchant.url)
            await switch(stack, endpoint, state="paused")
            events = await send_all(stack, [event_of(order) for order in range(15)])
            await until_there_are(stack, 15, "held")
            await switch(stack, endpoint, state="enabled")
            recovery = await recover(stack, endpoint)
            await merchant.wait_for(10)
            await eventually(
                lambda: shelf.one(EndpointRow, endpoint["id"]),
                lambda row: row.failures_in_row == 10,
            )
            long_ago = utc_now() - timedelta(minutes=1)
            await shelf.change(EndpointRow, endpoint["id"], failing_since=long_ago)
            probe, *waiting = [one.webhook_id for one in merchant.received]
            await temporal.fast_forward(stack.handle(probe), 33)
            stopped = await ended(stack, recovery)
            assert (stopped["state"], stopped["requested"]) == ("stopped", 10)
            assert stopped["reason"] == "the endpoint fails again"
            merchant.behave(Answer(200))
            [delivery] = (await stack.event(probe))["deliveries"]
            assert (await stack.retry(delivery["id"])).status_code == 202
            for event_id in waiting:
                await temporal.fast_forward(stack.handle(event_id), 33)
            await until_there_are(stack, 15, "delivered")
        assert sorted(one.webhook_id for one in taken(merchant)) == sorted(events)


class TestDeliveredOnesAgain:
    async def test_a_merchant_who_lost_a_database_gets_each_once_more(
        self, patient_stack: Stack
    ) -> None:
        stack, orders = patient_stack, 4
        async with Merchant() as merchant, stack.worker():
            endpoint = await stack.open_shop(merchant.url)
            for kind in KINDS:
                await send_all(stack, [event_of(order, kind) for order in range(orders)])
                await until_there_are(stack, orders * (KINDS.index(kind) + 1), "delivered")
            asked = {"states": ["delivered"], "event_types": list(KINDS)}
            address = f"/v1/endpoints/{endpoint['id']}/recoveries"
            preview = await stack.api.post(f"{address}/preview", json=asked)
            assert (preview.status_code, preview.json()["found"]) == (200, 12)
            assert preview.json()["oldest"] < preview.json()["newest"]
            assert len(merchant.received) == 12
            done = await ended(stack, await recover(stack, endpoint, states=["delivered"]))
            assert (done["state"], done["found"], done["requested"]) == ("done", 12, 12)
        is_in_order_and_once(merchant.received[12:], orders)

    async def test_where_the_event_s_workflow_still_runs_for_another_endpoint(
        self, patient_stack: Stack
    ) -> None:
        stack = patient_stack
        async with Merchant(behaviour=Answer(503)) as ill, Merchant() as well, stack.worker():
            await stack.open_shop(ill.url)
            endpoint = await stack.add_endpoint(well.url)
            event_id = await stack.send(event_of(1))
            await stack.deliveries(event_id, "delivered", "delivering")
            await switch(stack, endpoint, state="paused")
            held = await stack.send(event_of(2))
            await stack.deliveries(held, "held", "delivering")
            await switch(stack, endpoint, state="enabled")
            for state in ("held", "delivered"):
                done = await ended(stack, await recover(stack, endpoint, states=[state]))
                assert done["state"] == "done"
        assert [one.webhook_id for one in well.received].count(event_id) == 2
        assert [one.webhook_id for one in well.received].count(held) == 2


class TestTheWorkflow:
    async def test_it_says_how_it_stands_and_nothing_about_customers(
        self, patient_stack: Stack
    ) -> None:
        stack = patient_stack
        async with Merchant(behaviour=Hang()) as merchant, stack.worker():
            endpoint = await stack.open_shop(merchant.url)
            await switch(stack, endpoint, state="paused")
            await send_all(stack, [event_of(1), event_of(2)])
            await until_there_are(stack, 2, "held")
            await switch(stack, endpoint, state="enabled")
            recovery = await recover(stack, endpoint)
            handle = workflow_of(stack, endpoint)
            await merchant.wait_until(lambda: merchant.hanging == 2)
            told = await eventually(lambda: _status(handle))
            assert told == RecoveryStep(RecoveryState.RUNNING, asked=2, open=2, wait_s=1, found=2)
            described = await handle.describe()
            assert described.typed_search_attributes.get(search_attributes.PARTNER_ID) == "shop"
            assert await described.static_summary() == (
                f"recovery of endpoint {endpoint['id']} of shop"
            )
            merchant.release(200)
            await ended(stack, recovery)
            result = await handle.result()
            assert (result["state"], result["asked"]) == ("done", 2)
            history = (await handle.fetch_history()).to_json()
        for word in ("Asha", "9876543210", "483920", merchant.url):
            assert word not in history

    async def test_a_long_one_goes_on_with_an_empty_history(
        self, patient_client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        taken: list[str] = []

        @activity.defn(name="recover_step")
        async def recover_step(task: Recover) -> RecoveryStep:
            taken.append(task.recovery_id)
            if len(taken) < 4:
                return RecoveryStep(RecoveryState.RUNNING, 1, 1, wait_s=0, found=1)
            return RecoveryStep(RecoveryState.DONE, 1, 0, wait_s=None, found=1)

        monkeypatch.setattr(recovery, "STEPS_A_RUN", 2)
        queue = new_id(IdKind.ATTEMPT)
        async with Worker(
            patient_client,
            task_queue=queue,
            workflows=[recovery.RecoverEndpoint],
            workflow_runner=UNCHECKED,
            activities=[recover_step],
        ):
            handle = await patient_client.start_workflow(
                recovery.RecoverEndpoint.run, Recover("rcv_1"), id=queue, task_queue=queue
            )
            assert (await handle.result()).state is RecoveryState.DONE
            last = await patient_client.get_workflow_handle(handle.id).describe()
        assert taken == ["rcv_1"] * 4
        assert last.run_id != handle.first_execution_run_id


async def _status(handle: WorkflowHandle[Any, Any]) -> RecoveryStep | None:
    told: RecoveryStep | None = await handle.query(names.STATUS, result_type=RecoveryStep)
    return told
