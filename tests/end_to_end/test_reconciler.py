"""Rows that Temporal forgot, or that ops put an end to, do not stay open."""

from datetime import timedelta

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import (
    DeleteWorkflowExecutionRequest,
    ResetWorkflowExecutionRequest,
)
from temporalio.client import Client

from background.reconciler import GRACE, Reconciler
from contracts.clock import utc_now
from contracts.ids import workflow_id
from dispatch.gateway import Execution
from sandbox.merchant import Merchant
from sandbox.steps import Answer
from tests.support.factories import make_event
from tests.support.stack import Stack
from tests.support.waiting import eventually

pytestmark = pytest.mark.extended


def in_an_hour(stack: Stack) -> Reconciler:
    """A reconciler that finds everything overdue that waits today."""
    return Reconciler(stack.database, stack.gateway, lambda: utc_now() + timedelta(hours=1), GRACE)


class TestStartedAgain:
    async def test_a_terminated_one_goes_on_with_what_is_left_of_its_schedule(
        self, patient_stack: Stack
    ) -> None:
        stack = patient_stack
        async with Merchant(behaviour=[Answer(503), Answer(200)]) as merchant:
            await stack.open_shop(merchant.url)
            async with stack.worker():
                event_id = await stack.send(make_event())
                await stack.after_attempts(event_id, 1)
                await stack.handle(event_id).terminate()
                assert await in_an_hour(stack).reconcile() == 1
                delivery = await stack.delivery(event_id, "delivered")
        assert delivery["round"] == 1
        assert [one["charged"] for one in delivery["attempts"]] == [True, False]

    async def test_one_that_temporal_does_not_know_is_started_again(
        self, patient_stack: Stack
    ) -> None:
        stack = patient_stack
        async with Merchant(behaviour=[Answer(503), Answer(200)]) as merchant:
            await stack.open_shop(merchant.url)
            async with stack.worker():
                event_id = await stack.send(make_event())
                await stack.after_attempts(event_id, 1)
                await _forget(stack.client, event_id)
                await eventually(
                    lambda: stack.gateway.execution(event_id),
                    lambda seen: seen is Execution.UNKNOWN,
                )
                assert await in_an_hour(stack).reconcile() == 1
                await stack.delivery(event_id, "delivered")

    async def test_one_terminated_before_its_plan(self, patient_stack: Stack) -> None:
        stack = patient_stack
        async with Merchant() as merchant:
            await stack.open_shop(merchant.url)
            event_id = await stack.send(make_event())
            await stack.start_without_a_worker(event_id)
            await stack.handle(event_id).terminate()
            assert await in_an_hour(stack).reconcile() == 1
            async with stack.worker():
                await stack.delivery(event_id, "delivered")


class TestLeftAlone:
    async def test_one_that_runs(self, patient_stack: Stack) -> None:
        stack = patient_stack
        async with Merchant(behaviour=Answer(503)) as merchant:
            await stack.open_shop(merchant.url)
            async with stack.worker():
                event_id = await stack.send(make_event())
                await stack.after_attempts(event_id, 1)
                assert await in_an_hour(stack).reconcile() == 0

    async def test_one_that_was_reset_delivers_once(self, patient_stack: Stack) -> None:
        stack = patient_stack
        async with Merchant() as merchant:
            await stack.open_shop(merchant.url)
            async with stack.worker():
                event_id = await stack.send(make_event())
                await stack.delivery(event_id, "delivered")
                await stack.ended(event_id)
                await _reset(stack.client, event_id)
                await stack.ended(event_id)
                assert await in_an_hour(stack).reconcile() == 0
        assert len(merchant.received) == 1

    async def test_what_is_young(self, patient_stack: Stack) -> None:
        stack = patient_stack
        async with Merchant(behaviour=Answer(503)) as merchant:
            await stack.open_shop(merchant.url)
            async with stack.worker():
                event_id = await stack.send(make_event())
                await stack.after_attempts(event_id, 1)
                await stack.handle(event_id).terminate()
                young = Reconciler(stack.database, stack.gateway, utc_now)
                assert await young.reconcile() == 0


class TestCancelled:
    async def test_a_cancelled_one_whose_worker_was_away_ends_as_a_dead_letter(
        self, patient_stack: Stack
    ) -> None:
        stack = patient_stack
        async with Merchant(behaviour=Answer(503)) as merchant:
            await stack.open_shop(merchant.url)
            async with stack.worker():
                event_id = await stack.send(make_event())
                await stack.after_attempts(event_id, 1)
                await stack.handle(event_id).terminate()
            await stack.cancel_unseen(event_id)
            async with stack.worker():
                await stack.ended(event_id)
            assert await in_an_hour(stack).reconcile() == 1
            dead = await stack.delivery(event_id, "dead_lettered")
        assert dead["dead_letters"][0]["reason"] == "cancelled_by_ops"


async def _forget(client: Client, event_id: str) -> None:
    await client.workflow_service.delete_workflow_execution(
        DeleteWorkflowExecutionRequest(
            namespace=client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=workflow_id(event_id)),
        )
    )


async def _reset(client: Client, event_id: str) -> None:
    handle = client.get_workflow_handle(workflow_id(event_id))
    history = await handle.fetch_history()
    first_task = next(
        event.event_id
        for event in history.events
        if event.HasField("workflow_task_completed_event_attributes")
    )
    await client.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=workflow_id(event_id)),
            workflow_task_finish_event_id=first_task,
            request_id=f"reset-{event_id}",
            reason="a test",
        )
    )
