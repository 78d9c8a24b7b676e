"""A real API process: its metrics on a port of their own, its log, its spans; and a taken port."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from commands.ports import free_ports
from store.db.database import Database
from tests.commands.running import doorstep, start_doorstep
from tests.support.encryption import KEY
from tests.support.otlp import OtlpCollector, otlp_collector
from tests.support.parts import OPERATOR_KEY
from tests.support.waiting import eventually

pytestmark = pytest.mark.extended


@pytest.fixture
def variables(temporal: WorkflowEnvironment, database: Database) -> dict[str, str]:
    """What the API is told."""
    port, metrics_port = free_ports(2)
    return {
        "TEMPORAL_ADDRESS": temporal.client.service_client.config.target_host,
        "DOORSTEP_DATABASE_URL": database.url,
        "DOORSTEP_ENCRYPTION_KEYS": KEY.as_setting(),
        "DOORSTEP_OPERATOR_KEY": OPERATOR_KEY,
        "DOORSTEP_API_PORT": str(port),
        "DOORSTEP_API_METRICS_PORT": str(metrics_port),
    }


@pytest.fixture
def collector() -> Iterator[OtlpCollector]:
    """Where its spans go."""
    with otlp_collector() as collector:
        yield collector


async def test_its_metrics_its_log_and_its_spans_are_where_they_are_set_to_be(
    variables: dict[str, str], tmp_path: Path, collector: OtlpCollector
) -> None:
    variables |= {
        "DOORSTEP_LOG_FORMAT": "json",
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
    }
    api = await start_doorstep("api", folder=tmp_path, **variables)
    assert api.stderr is not None
    try:
        async with httpx.AsyncClient() as client:
            own = f"http://127.0.0.1:{variables['DOORSTEP_API_METRICS_PORT']}/metrics"
            shown = await eventually(  # it starts first
                lambda: client.get(own), bool, ignoring=httpx.TransportError, timeout=90
            )
            assert "doorstep_database_up 1.0" in shown.text
            assert 'doorstep_webhooks_due{state="in_time"} 0.0' in shown.text
            public = f"http://127.0.0.1:{variables['DOORSTEP_API_PORT']}"
            assert (await client.get(f"{public}/healthz")).status_code == 200
            assert (await client.get(f"{public}/metrics")).status_code == 404
    finally:
        api.terminate()
        log = (await api.stderr.read()).decode()
        code = await api.wait()
    assert code == 0, log
    assert {json.loads(line)["level"] for line in log.splitlines()} == {"INFO"}
    assert ("doorstep-api", "GET /healthz") in collector.spans


async def test_a_port_that_is_taken_is_one_line(variables: dict[str, str], tmp_path: Path) -> None:
    taken = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = str(taken.sockets[0].getsockname()[1])
    variables["DOORSTEP_API_METRICS_PORT"] = port
    ended = await doorstep("api", folder=tmp_path, **variables)
    taken.close()
    assert ended.code == 2, ended.err
    [line] = [one for one in ended.err.splitlines() if "DOORSTEP_API_METRICS_PORT" in one]
    assert port in line
    assert "Traceback" not in ended.err
