"""The API and a worker behind a Temporal whose namespace fails over, or whose proxy has lost its
route: nginx answers in its place."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from benchmarks.proxy import Answer, Proxy
from commands.ports import free_ports
from contracts.delivery.states import EventState
from contracts.payload.events import TrackingEvent
from settings import Settings
from store.tables import EventRow
from tests.peers.served_api import Api, served_api
from tests.support.encryption import KEY
from tests.support.programs import running
from tests.support.shelf import Shelf
from tests.support.waiting import eventually
from worker import run_worker

WRONG = [one for one in Answer if one is not Answer.PASSED_ON]


@pytest.fixture
def proxy(temporal: WorkflowEnvironment, tmp_path: Path, nginx_program: str) -> Proxy:
    """nginx before the Temporal of the tests, not started."""
    [port] = free_ports(1)
    address = temporal.client.service_client.config.target_host
    return Proxy(tmp_path, port, address, nginx_program)


@pytest.fixture
async def api(proxy: Proxy, database_url: str) -> AsyncIterator[Api]:
    """The API, which knows Temporal by the proxy."""
    client = await Client.connect(proxy.address, lazy=True)
    async with served_api(client, database_url) as api:
        yield api


@pytest.fixture
async def open_delivery(shelf: Shelf) -> tuple[str, str]:
    """An event, and a delivery of it that is on its way."""
    webhook = await shelf.webhook()
    return webhook.event.event_id, webhook.id


def answering(proxy: Proxy, folder: Path) -> AbstractContextManager[object]:
    """The proxy while it runs."""
    command = proxy.command("proxy")
    assert command.prepare is not None
    command.prepare()
    return running(command.words, proxy.port, folder)


@pytest.mark.parametrize("answer", WRONG, ids=lambda one: one.name)
async def test_a_status_is_that_of_the_store_and_a_retry_is_asked_for_later(
    proxy: Proxy, api: Api, open_delivery: tuple[str, str], tmp_path: Path, answer: Answer
) -> None:
    event_id, delivery_id = open_delivery
    proxy.answer = answer
    with answering(proxy, tmp_path):
        status = await api.client.get(f"/v1/events/{event_id}/status")
        retry = await api.client.post(f"/v1/deliveries/{delivery_id}/retry")
        ready = await api.client.get("/readyz")
    assert (status.status_code, status.json()["live"]) == (200, False)
    assert (retry.status_code, retry.headers["retry-after"]) == (503, "5")
    assert (ready.status_code, ready.json()["temporal"]) == (200, "Temporal does not answer")


async def test_what_it_passes_on_arrives(proxy: Proxy, tmp_path: Path) -> None:
    with answering(proxy, tmp_path):
        client = await Client.connect(proxy.address)
        with pytest.raises(RPCError, match="not found"):
            await client.get_workflow_handle("nobody").describe()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("answer", [Answer.NOT_ACTIVE, Answer.NOT_FOUND, Answer.NO_ROUTE])
async def test_a_worker_outlives_what_the_sdk_takes_for_final(
    proxy: Proxy,
    shelf: Shelf,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    answer: Answer,
) -> None:
    """The SDK gives a poll up that is refused for a minute: real time, because its clock is."""

    async def said(words: str) -> bool:
        return any(words in one.getMessage() for one in caplog.records)

    async def planned(event: TrackingEvent) -> bool:
        return (await shelf.one(EventRow, event.event_id)).state is EventState.PLANNED

    monkeypatch.setenv("TEMPORAL_ADDRESS", proxy.address)
    settings = Settings(
        database_url=shelf.database.url, encryption_keys=KEY.as_setting(), retention_every=86_400
    )
    await shelf.add_partner()
    stop = asyncio.Event()
    with caplog.at_level("INFO"):
        with answering(proxy, tmp_path):
            serving = asyncio.create_task(run_worker(settings, stop))
            before = await shelf.accept()
            await eventually(lambda: planned(before), timeout=60)
        proxy.answer = answer
        with answering(proxy, tmp_path):
            meanwhile = await shelf.accept()
            await eventually(lambda: said("gives this worker no work"), timeout=150)
        proxy.answer = Answer.PASSED_ON
        with answering(proxy, tmp_path):
            await eventually(lambda: planned(meanwhile), timeout=60)
            stop.set()
            await serving
