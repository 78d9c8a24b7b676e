"""`doorstep worker --processes N`, as processes."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from commands.ports import free_ports
from commands.system import doorstep_command
from commands.worker_processes import metrics_ports
from contracts.delivery.names import TASK_QUEUE
from settings import Settings
from tests.support.waiting import eventually
from tests.support.worker_process import environment_of_worker

pytestmark = pytest.mark.extended


@contextmanager
def two_workers(
    temporal: WorkflowEnvironment, database_url: str, log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """The command, and an end to it."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            doorstep_command("worker", "--processes", "2"),
            env=environment_of_worker(temporal, database_url),
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
