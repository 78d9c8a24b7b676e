"""`doorstep api` as a process of its own, for proxies to stand in front of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from temporalio.testing import WorkflowEnvironment

from commands.ports import free_ports
from tests.commands.running import start_doorstep
from tests.support.encryption import KEY
from tests.support.parts import OPERATOR_KEY
from tests.support.waiting import eventually

AUTHORIZATION = {"authorization": f"Bearer {OPERATOR_KEY}"}


@dataclass(frozen=True)
class Api:
    """Where it listens on this machine, and a client that is signed in as the operator."""

    port: int
    client: httpx.AsyncClient


@asynccontextmanager
async def api_process(
    temporal: WorkflowEnvironment, database_url: str, folder: Path, **variables: str
) -> AsyncIterator[Api]:
    """Run the API with these variables besides, until the context ends."""
    [port] = free_ports(1)
    process = await start_doorstep(
        "api",
        folder=folder,
        **{
            "DOORSTEP_API_PORT": str(port),
            "DOORSTEP_DATABASE_URL": database_url,
            "DOORSTEP_ENCRYPTION_KEYS": KEY.as_setting(),
            "DOORSTEP_OPERATOR_KEY": OPERATOR_KEY,
            "DOORSTEP_ALLOWED_NETWORKS": "127.0.0.0/8",
            "TEMPORAL_ADDRESS": temporal.client.service_client.config.target_host,
            **variables,
        },
    )
    try:
        async with client_of(port) as client:
            await eventually(lambda: client.get("/healthz"), ignoring=httpx.TransportError)
            yield Api(port, client)
    finally:
        process.terminate()
        await process.communicate()


def client_of(port: int) -> httpx.AsyncClient:
    """A client of the API, or of a proxy before it, that is signed in as the operator."""
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=AUTHORIZATION, timeout=30)
