"""A real worker: its metrics and the SDK's over HTTP, its line for each attempt, and a good end."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from activities.attempt_log import FIELDS
from commands.ports import free_ports
from contracts.delivery.names import TASK_QUEUE
from sandbox.merchant import Merchant
from store.db.database import Database
from tests.commands.running import doorstep, start_doorstep
from tests.deployment.deployment_files import metrics_named_in_the_runbook
from tests.deployment.grafana_boards import expressions
from tests.support.encryption import KEY
from tests.support.factories import make_event
from tests.support.otlp import OtlpCollector, otlp_collector
from tests.support.stack import Stack, open_stack
from tests.support.waiting import eventually

pytestmark = pytest.mark.extended


@pytest.fixture
async def stack(patient_client: Client, database: Database) -> AsyncIterator[Stack]:
    """The API's side, on the product's own task queue."""
    async with open_stack(patient_client, database, TASK_QUEUE) as stack:
        yield stack


@pytest.fixture
def variables(temporal: WorkflowEnvironment, database: Database) -> dict[str, str]:
    """What the worker is told."""
    return {
        "TEMPORAL_ADDRESS": temporal.client.service_client.config.target_host,
        "DOORSTEP_DATABASE_URL": database.url,
        "DOORSTEP_ENCRYPTION_KEYS": KEY.as_setting(),
        "DOORSTEP_ALLOWED_NETWORKS": "127.0.0.0/8",
        "DOORSTEP_RETENTION_EVERY": str(60 * 60 * 24),
    }


@pytest.fixture
def collector() -> Iterator[OtlpCollector]:
    """Where its spans go."""
    with otlp_collector() as collector:
        yield collector


async def scrape(port: int) -> list[Sample]:
    """Every sample that is served there."""
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{port}/metrics")
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.text)
    return [sample for family in families for sample in family.samples]


async def sums(port: int) -> dict[str, float]:
    """The sum of each sample over its labels."""
    added: dict[str, float] = {}
    for sample in await scrape(port):
        added[sample.name] = added.get(sample.name, 0) + sample.value
    return added


async def labels(port: int) -> dict[str, dict[str, set[str]]]:
    """The labels of each sample, and their values."""
    found: dict[str, dict[str, set[str]]] = {}
    for sample in await scrape(port):
        of_this = found.setdefault(sample.name, {})
        for label, value in sample.labels.items():
            of_this.setdefault(label, set()).add(value)
    return found


class TestARealWorker:
    async def test_serves_what_it_counts_and_what_the_sdk_counts(
        self, stack: Stack, variables: dict[str, str], tmp_path: Path, collector: OtlpCollector
    ) -> None:
        own, sdk = free_ports(2)
        ports = {"DOORSTEP_WORKER_METRICS_PORT": str(own), "DOORSTEP_SDK_METRICS_PORT": str(sdk)}
        variables |= {**ports, "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}
        worker = await start_doorstep("worker", folder=tmp_path, **variables)
        assert worker.stderr is not None
        try:
            async with Merchant() as merchant:
                # With a rate there is a scheduled activity, and so a workflow task that was queued.
                await stack.open_shop(merchant.url, rate_limit=100)
                event_id = await stack.send(make_event())
                await stack.delivery(event_id, "delivered", timeout=90)  # it starts first
                await stack.ended(event_id)
                counted = await eventually(
                    lambda: sums(own), lambda seen: seen["doorstep_attempts_total"] >= 1
                )
            assert counted["doorstep_attempts_total"] == 1
            assert counted["doorstep_propagation_seconds_count"] == 1
            assert 0 < counted["doorstep_propagation_seconds_sum"] < 60
            assert counted["process_resident_memory_bytes"] > 0
            served = await labels(sdk)
            named = {one for one in metrics_named_in_the_runbook() if one.startswith("temporal_")}
            assert len(named) > 2
            assert named <= set(served), named - set(served)
            asked = [one for one in expressions() if one.metrics[0].startswith("temporal_")]
            assert len(asked) > 10
            assert {one.where: one.faults(served) for one in asked if one.faults(served)} == {}
        finally:
            worker.terminate()
            log = (await worker.stderr.read()).decode()
            code = await worker.wait()
        assert code == 0, log
        [line] = [one for one in log.splitlines() if " doorstep.attempts: " in one]
        assert re.match(r"[0-9T:.-]+Z INFO doorstep\.attempts: event=", line)
        keys = [
            part.partition("=")[0] for part in line.partition(" doorstep.attempts: ")[2].split()
        ]
        assert keys == [*FIELDS, "trace_id", "span_id"]
        assert ("doorstep-worker", "RunActivity:post_webhook") in collector.spans
        assert ("doorstep-worker", "POST webhook") in collector.spans

    async def test_without_ports_it_serves_nothing(
        self, stack: Stack, variables: dict[str, str], tmp_path: Path
    ) -> None:
        worker = await start_doorstep("worker", folder=tmp_path, **variables)
        assert worker.stderr is not None
        await eventually(worker.stderr.readline, lambda line: b" serves task queue " in line)
        listening = await _listening(worker.pid)
        worker.terminate()
        assert await worker.wait() == 0
        assert listening == []

    @pytest.mark.parametrize(
        "variable", ["DOORSTEP_WORKER_METRICS_PORT", "DOORSTEP_SDK_METRICS_PORT"]
    )
    async def test_a_port_that_is_taken_is_one_line(
        self, variables: dict[str, str], tmp_path: Path, variable: str
    ) -> None:
        taken = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
        port = str(taken.sockets[0].getsockname()[1])
        ended = await doorstep("worker", folder=tmp_path, **variables, **{variable: port})
        taken.close()
        assert ended.code == 2, ended.err
        [line] = [one for one in ended.err.splitlines() if variable in one]
        assert port in line
        assert "Traceback" not in ended.err


async def _listening(pid: int) -> list[str]:
    """The TCP ports that a process listens on, as the kernel's tables have them."""
    sockets = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        target = str(entry.readlink())
        if target.startswith("socket:["):
            sockets.add(target[8:-1])
    rows = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    return [row[1] for row in rows if row[3] == "0A" and row[9] in sockets]
