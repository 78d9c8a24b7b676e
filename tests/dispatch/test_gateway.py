"""The gateway waits for no answer of Temporal for ever, and knows a lost namespace from a lost
workflow."""

import asyncio
import logging
from datetime import timedelta
from typing import Any, NoReturn, cast

import pytest
from temporalio.api.common.v1 import GrpcStatus
from temporalio.api.errordetails.v1 import NamespaceNotFoundFailure, NotFoundFailure
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from contracts.delivery.messages import RetryRequest
from contracts.delivery.retry import RetrySchedule
from contracts.errors import EngineUnavailable
from dispatch import gateway as gateways
from dispatch import start as starts
from dispatch.gateway import Execution, Gateway
from dispatch.recoveries import Recoveries
from store.events.outbox import Startable
from tests.support.logs import said_by

SOON = timedelta(milliseconds=10)
EVENT = Startable("evt-1", "shop", "order_confirmed", "ORD-1", 3, None)


class Patient:
    """A client whose every call lasts: the SDK repeats inside what it takes for a short trouble."""

    async def start_workflow(self, *_: Any, **__: Any) -> NoReturn:
        """As `Client.start_workflow`."""
        await asyncio.get_running_loop().create_future()
        raise AssertionError

    query = describe = start_workflow

    def get_workflow_handle(self, _: str) -> "Patient":
        """As `Client.get_workflow_handle`."""
        return self


class Unknowing(Patient):
    """A client that hears that something is not found: `details` say what."""

    def __init__(self, details: Any) -> None:
        self._details = details

    async def describe(self, **_: Any) -> NoReturn:
        """As `WorkflowHandle.describe`."""
        status = GrpcStatus(code=RPCStatusCode.NOT_FOUND.value)
        status.details.add().Pack(self._details)
        raise RPCError("not found", RPCStatusCode.NOT_FOUND, status.SerializeToString())


def gateway_of(client: Patient) -> Gateway:
    return Gateway(cast(Client, client), RetrySchedule())


class TestACallThatLasts:
    @pytest.fixture(autouse=True)
    def short_limits(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(gateways, "CALL_LIMIT", SOON)
        monkeypatch.setattr(gateways, "QUERY_LIMIT", SOON)
        monkeypatch.setattr(starts, "CALL_LIMIT", SOON)

    async def test_the_status_is_that_of_the_store(self) -> None:
        assert await gateway_of(Patient()).status("evt-1") is None

    async def test_a_retry_is_asked_for_again_by_who_asked(self) -> None:
        with pytest.raises(EngineUnavailable, match="ask again"):
            await gateway_of(Patient()).request_retry(EVENT, RetryRequest("ops", ["dlv-1"]))

    async def test_an_event_is_started_later(self) -> None:
        with pytest.raises(RPCError):
            await gateway_of(Patient()).start(EVENT)

    async def test_what_temporal_knows_is_asked_later(self) -> None:
        with pytest.raises(RPCError):
            await gateway_of(Patient()).execution("evt-1")

    async def test_a_recovery_begins_later(self) -> None:
        with pytest.raises(EngineUnavailable):
            await Recoveries(cast(Client, Patient())).start("rec-1", "ep-1", "shop")


class TestWhatIsNotFound:
    async def test_a_workflow(self) -> None:
        gateway = gateway_of(Unknowing(NotFoundFailure()))
        assert await gateway.execution("evt-1") is Execution.UNKNOWN

    async def test_a_namespace_says_nothing_of_the_workflow(self) -> None:
        with pytest.raises(RPCError):
            await gateway_of(Unknowing(NamespaceNotFoundFailure())).execution("evt-1")


async def test_a_temporal_that_is_away_is_said_once_however_often_it_is_asked(
    temporal: WorkflowEnvironment, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "dispatch.gateway")
    nowhere = await Client.connect("127.0.0.1:1", lazy=True)
    gateway = Gateway(nowhere, RetrySchedule())
    for _ in range(3):
        with pytest.raises(EngineUnavailable) as caught:
            await gateway.ping()
        assert caught.value.is_logged
    gateway._client = temporal.client
    for _ in range(2):
        await gateway.ping()
    assert said_by("dispatch.gateway", caplog) == [
        "Temporal does not answer",
        "Temporal answers again",
    ]
