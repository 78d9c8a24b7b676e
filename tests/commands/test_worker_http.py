"""What a worker serves over HTTP about itself."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import Session
from temporalio.testing import WorkflowEnvironment

from activities.metrics import Meters
from background.health import WorkerHealth
from commands.ports import free_ports
from commands.worker_http import served_worker
from contracts.errors import ConfigurationError, StoreUnavailable
from store.db.database import Database
from tests.support.encryption import KEYRING
from tests.support.waiting import eventually
from tests.support.worker_process import (
    health,
    is_well,
    worker_process,
    worker_with_a_log,
)


class Served:
    """A worker's HTTP, and who asks."""

    def __init__(self, health: WorkerHealth, client: httpx.AsyncClient) -> None:
        self.health = health
        self.client = client

    async def get(self, path: str) -> tuple[int, Any]:
        """The status and the body."""
        answer = await self.client.get(path)
        assert answer.headers["content-type"] == "application/json"
        return answer.status_code, answer.json()


@pytest.fixture(params=["127.0.0.1", "::1"])
async def served(request: pytest.FixtureRequest) -> AsyncIterator[Served]:
    """What a worker serves, on this very event loop."""
    host, own = request.param, WorkerHealth()
    [port] = free_ports(1)
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    with served_worker(Meters().registry, own, host, port):
        async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
            yield Served(own, client)


async def fine() -> None:
    """Something that is well."""


async def away() -> None:
    """Something that is not."""
    raise StoreUnavailable("connection to 10.1.2.3 refused")


class TestItsPaths:
    async def test_alive_but_not_ready_before_it_serves(self, served: Served) -> None:
        assert await served.get("/healthz") == (200, {"status": "ok"})
        status, body = await served.get("/readyz")
        assert (status, body["ready"]) == (503, False)

    async def test_ready_when_all_that_it_needs_is_well(self, served: Served) -> None:
        with served.health.serving({"database": fine, "temporal": fine}):
            expected = {"ready": True, "database": "ok", "temporal": "ok"}
            assert await served.get("/readyz") == (200, expected)

    async def test_not_ready_without_its_database_and_no_word_of_where_that_is(
        self, served: Served
    ) -> None:
        with served.health.serving({"database": away, "temporal": fine}):
            expected = {"ready": False, "database": "does not answer", "temporal": "ok"}
            assert await served.get("/readyz") == (503, expected)

    async def test_metrics_and_nothing_else(self, served: Served) -> None:
        answer = await served.client.get("/metrics")
        assert answer.status_code == 200
        assert "# HELP doorstep_attempts_total" in answer.text
        assert (await served.get("/"))[0] == 404

    async def test_a_port_that_is_taken_is_named(self) -> None:
        taken = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
        port = taken.sockets[0].getsockname()[1]
        with (
            pytest.raises(ConfigurationError, match="DOORSTEP_WORKER_METRICS_PORT"),
            served_worker(Meters().registry, WorkerHealth(), "127.0.0.1", port),
        ):
            pass
        taken.close()


@pytest.mark.extended
class TestARealWorker:
    async def test_a_frozen_one_does_not_answer_and_one_that_goes_on_does(
        self, temporal: WorkflowEnvironment, database_url: str
    ) -> None:
        [port] = free_ports(1)
        variables = {"DOORSTEP_WORKER_METRICS_PORT": str(port)}
        with worker_process(temporal, database_url, **variables) as process:
            await is_well(port)
            process.send_signal(signal.SIGSTOP)
            try:
                assert await asyncio.to_thread(health, port, "/healthz") is None
            finally:
                process.send_signal(signal.SIGCONT)
            await is_well(port)

    async def test_one_whose_database_refuses_it_lives_is_not_ready_and_says_so_once(
        self, temporal: WorkflowEnvironment, own_database_url: str, tmp_path: Path
    ) -> None:
        [port] = free_ports(1)
        variables = {"DOORSTEP_WORKER_METRICS_PORT": str(port)}
        name = own_database_url.partition("?")[0].rpartition("/")[2]
        log = tmp_path / "log"
        with worker_with_a_log(temporal, own_database_url, log, **variables):
            await is_well(port)
            elsewhere = Database(own_database_url.replace(f"/{name}", "/postgres"), KEYRING)
            try:
                await elsewhere.write(closed, name)
                await elsewhere.write(left_by_all, name)

                async def ready() -> int | None:
                    return await asyncio.to_thread(health, port, "/readyz")

                await eventually(ready, lambda seen: seen == 503)
                assert await asyncio.to_thread(health, port, "/healthz") == 200
                await elsewhere.write(opened, name)
                await is_well(port)

                async def said() -> list[str]:
                    lines = log.read_text().splitlines()
                    return [one for one in lines if "store.db.database: " in one]

                away, back = await eventually(said, lambda lines: len(lines) > 1)
            finally:
                elsewhere.close()
        assert "the database is away: " in away
        assert back.endswith("the database answers again")
        warnings = [one for one in log.read_text().splitlines() if " WARNING " in one]
        assert [one.split()[2] for one in warnings].count("store.db.database:") == 1
        assert len(warnings) <= 3, warnings


def closed(session: Session, name: str) -> None:
    """Let nobody connect to a database any more."""
    session.connection().execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))


def left_by_all(session: Session, name: str) -> None:
    """End whoever is connected."""
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
    session.connection().execute(text(end), {"name": name})


def opened(session: Session, name: str) -> None:
    """Let them connect again."""
    session.connection().execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
