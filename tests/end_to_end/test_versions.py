"""Two builds side by side: one that nobody has promoted gets no work, and once it is, all of it."""

import pytest
from temporalio.api.workflowservice.v1 import SetWorkerDeploymentCurrentVersionRequest
from temporalio.client import Client
from temporalio.service import RPCError

from sandbox.merchant import Merchant
from tests.support.factories import make_event
from tests.support.stack import Stack
from tests.support.waiting import eventually

pytestmark = pytest.mark.extended


async def promote(client: Client, build_id: str) -> None:
    """Make a build the current one, as an operator does."""
    request = SetWorkerDeploymentCurrentVersionRequest(
        namespace=client.namespace,
        deployment_name="doorstep",
        build_id=build_id,
        version=f"doorstep.{build_id}",
    )

    async def promoted() -> bool:
        await client.workflow_service.set_worker_deployment_current_version(request)
        return True

    await eventually(promoted, bool, ignoring=RPCError)  # its worker has to poll first


async def built_by(stack: Stack, event_ids: list[str]) -> set[str]:
    """The builds that ran these events' workflows."""
    builds = set()
    for event_id in event_ids:
        described = await stack.handle(event_id).describe()
        info = described.raw_description.workflow_execution_info.versioning_info
        builds.add(info.deployment_version.build_id)
    return builds


async def deliver(stack: Stack, count: int) -> list[str]:
    event_ids = [await stack.send(make_event()) for _ in range(count)]
    for event_id in event_ids:
        await stack.delivery(event_id, "delivered")
    return event_ids


async def test_a_build_gets_work_from_the_moment_of_its_promotion(patient_stack: Stack) -> None:
    stack = patient_stack
    target = stack.client.service_client.config.target_host
    old, new = [await Client.connect(target) for _ in range(2)]
    async with (
        Merchant() as merchant,
        stack.worker(client=old, build_id="old"),
        stack.worker(client=new, build_id="new"),
    ):
        await stack.open_shop(merchant.url)
        await promote(old, "old")
        assert await built_by(stack, await deliver(stack, 6)) == {"old"}
        await promote(new, "new")
        assert await built_by(stack, await deliver(stack, 6)) == {"new"}
