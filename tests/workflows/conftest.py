"""Two clients of one server: for the one time is skipped, for the other waits are real."""

from datetime import timedelta

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from workflows import policies


@pytest.fixture
def hasty(temporal: WorkflowEnvironment) -> Client:
    """Every wait of a workflow that this client starts is skipped."""
    return temporal.client


@pytest.fixture(scope="session")
async def patient(temporal: WorkflowEnvironment) -> Client:
    """A workflow that this client starts waits until somebody signals."""
    return await Client.connect(temporal.client.service_client.config.target_host)


@pytest.fixture
def plan_locally_for_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shorter limit for the local plan."""
    monkeypatch.setattr(policies, "PLAN_LOCALLY_FOR", timedelta(seconds=1))
