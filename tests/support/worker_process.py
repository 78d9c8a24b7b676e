"""The worker as a process of its own, to be killed."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from temporalio.testing import WorkflowEnvironment

from commands.system import doorstep_command
from tests.support.encryption import KEY


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
    process = subprocess.Popen(
        doorstep_command("worker"), env=environment_of_worker(temporal, database_url, **variables)
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
