"""The worker as a process of its own, to be killed."""

import asyncio
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import httpx
from temporalio.testing import WorkflowEnvironment

from commands.system import doorstep_command
from tests.support.encryption import KEY
from tests.support.waiting import eventually


def environment_of_worker(
    temporal: WorkflowEnvironment, database_url: str, **variables: str
) -> dict[str, str]:
    """What a worker on this server and database is told."""
    return {
        **os.environ,
        "TEMPORAL_ADDRESS": temporal.client.service_client.config.target_host,
        "DOORSTEP_DATABASE_URL": database_url,
        "DOORSTEP_ENCRYPTION_KEYS": KEY.as_setting(),
        "DOORSTEP_ALLOWED_NETWORKS": "127.0.0.0/8",
        "DOORSTEP_RETENTION_EVERY": str(60 * 60 * 24),  # its rounds would wait for it for ever
        **variables,
    }


@contextmanager
def worker_process(
    temporal: WorkflowEnvironment, database_url: str, **variables: str
) -> Iterator["subprocess.Popen[bytes]"]:
    """`doorstep worker` on this server and database, with these variables besides; killed at the
    end."""
    with _running(environment_of_worker(temporal, database_url, **variables), None) as process:
        yield process


@contextmanager
def worker_with_a_log(
    temporal: WorkflowEnvironment, database_url: str, log: Path, **variables: str
) -> Iterator["subprocess.Popen[bytes]"]:
    """The same, and what it logs goes to a file."""
    environment = environment_of_worker(temporal, database_url, **variables)
    with log.open("wb") as stderr, _running(environment, stderr) as process:
        yield process


@contextmanager
def _running(
    environment: Mapping[str, str], stderr: BinaryIO | None
) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(doorstep_command("worker"), env=environment, stderr=stderr)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def health(port: int, path: str) -> int | None:
    """What a worker answers about its health, as a status; None: nothing in a probe's time."""
    try:
        return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=8, trust_env=False).status_code
    except httpx.TransportError:
        return None


async def is_well(port: int) -> None:
    """Wait until a worker is alive and ready."""

    async def look() -> list[int | None]:
        return [await asyncio.to_thread(health, port, path) for path in ("/healthz", "/readyz")]

    await eventually(look, lambda seen: seen == [200, 200], timeout=60)
