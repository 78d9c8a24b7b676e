"""`doorstep worker --processes N`, as processes."""

import asyncio
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from commands.ports import free_ports, require_free
from commands.system import doorstep_command
from commands.worker_processes import PORTS_APART, metrics_ports
from contracts.delivery.names import TASK_QUEUE
from contracts.errors import ConfigurationError
from settings import Settings
from tests.support.waiting import eventually
from tests.support.worker_process import environment_of_worker, health, is_well

pytestmark = pytest.mark.extended


@contextmanager
def two_workers(
    temporal: WorkflowEnvironment, database_url: str, log: Path, **variables: str
) -> Iterator[subprocess.Popen[bytes]]:
    """The command, and an end to it."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            doorstep_command("worker", "--processes", "2"),
            env=environment_of_worker(temporal, database_url, **variables),
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


async def pids_in(log: Path) -> list[int]:
    """The processes that serve, once both do."""

    async def serving() -> set[str]:
        return set(re.findall(rf"worker (\d+)@\S+ serves task queue {TASK_QUEUE}", log.read_text()))

    return [int(one) for one in await eventually(serving, lambda seen: len(seen) == 2, timeout=60)]


async def test_all_end_in_good_order(
    temporal: WorkflowEnvironment, database_url: str, tmp_path: Path
) -> None:
    with two_workers(temporal, database_url, tmp_path / "log") as process:
        await pids_in(tmp_path / "log")
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


async def test_one_that_ends_by_itself_ends_all(
    temporal: WorkflowEnvironment, database_url: str, tmp_path: Path
) -> None:
    with two_workers(temporal, database_url, tmp_path / "log") as process:
        first, second = await pids_in(tmp_path / "log")
        os.kill(first, signal.SIGKILL)
        assert process.wait(60) != 0
        assert "ended by itself" in (tmp_path / "log").read_text()
        with pytest.raises(ProcessLookupError):
            os.kill(second, 0)


async def test_none_outlives_the_command(
    temporal: WorkflowEnvironment, database_url: str, tmp_path: Path
) -> None:
    with two_workers(temporal, database_url, tmp_path / "log") as process:
        pids = await pids_in(tmp_path / "log")
        process.kill()

        async def alive() -> list[int]:
            return [one for one in pids if Path(f"/proc/{one}/stat").exists()]

        await eventually(alive, lambda seen: not seen)


async def test_each_answers_for_its_own_health(
    temporal: WorkflowEnvironment, database_url: str, tmp_path: Path
) -> None:
    first = _a_port_with_the_next_one_free()
    ports = (first, first + PORTS_APART)
    variables = {"DOORSTEP_WORKER_METRICS_PORT": str(first)}
    with two_workers(temporal, database_url, tmp_path / "log", **variables) as process:
        pids = await pids_in(tmp_path / "log")
        for port in ports:
            await is_well(port)
        os.kill(pids[0], signal.SIGSTOP)
        try:
            alive = [await asyncio.to_thread(health, port, "/healthz") for port in ports]
            assert sorted(alive, key=str) == [200, None]
        finally:
            os.kill(pids[0], signal.SIGCONT)
        for port in ports:
            await is_well(port)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def _a_port_with_the_next_one_free() -> int:
    while True:
        [port] = free_ports(1)
        with suppress(ConfigurationError, OverflowError):
            require_free("127.0.0.1", port + PORTS_APART, "")
            return port


def test_each_process_has_metrics_ports_of_its_own() -> None:
    worker, sdk = free_ports(2)
    settings = Settings().model_copy(
        update={"worker_metrics_port": worker, "sdk_metrics_port": sdk}
    )
    assert metrics_ports(settings, 0) == {
        "DOORSTEP_WORKER_METRICS_PORT": str(worker),
        "DOORSTEP_SDK_METRICS_PORT": str(sdk),
    }
    assert metrics_ports(settings, 2)["DOORSTEP_SDK_METRICS_PORT"] == str(sdk + 20)
    assert metrics_ports(Settings(), 1) == {}
