"""The whole system as separate processes on this machine's loopback, for as long as a run lasts.

Server, worker and API are started by the very commands of `doorstep up`.
"""

import asyncio
import contextlib
import secrets
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
from temporalio.client import Client

from benchmarks.events import PARTNER
from benchmarks.journal import Journal, followed
from benchmarks.postgres import serving_postgres
from benchmarks.posts import EventPoster
from benchmarks.processes import Child, python, running, settings_of_our_own
from benchmarks.waiting import until
from commands.ports import LOOPBACK, free_ports
from commands.system import doorstep_command
from commands.temporal_server import is_serving, server_command
from contracts.ids import workflow_id
from dispatch.connection import connect, register_search_attributes
from settings import Settings, load_settings, temporal_options
from store.database import Database
from store.key_file import keyring_of
from store.keyring import new_key

SERVER, WORKER, API, MERCHANT, FLOOR = "server", "worker", "api", "merchant", "floor"
BARE_API = "bare_api"
_START_LIMIT_S = 60.0
_QUIET_LIMIT_S = 120.0


@dataclass(frozen=True)
class Rig:
    """Everything a measurement uses. `children` are the measured processes by name.

    `bare` posts to the bare API, where there is one.
    """

    children: dict[str, Child]
    temporal: Client
    database: Database
    poster: EventPoster
    bare: EventPoster | None
    journal: Journal

    def check(self) -> None:
        """Raise ChildDied when a process has ended."""
        for child in self.children.values():
            child.check()

    async def closed(self, event_id: str) -> None:
        """Return once the workflow of an event that has begun is closed."""
        await self.temporal.get_workflow_handle(workflow_id(event_id)).result()

    async def quiet(self, limit_s: float = _QUIET_LIMIT_S, every_s: float = 0.1) -> None:
        """Wait until no workflow runs any more. The server works for every look."""

        async def none_runs() -> bool:
            self.check()
            counted = await self.temporal.count_workflows("ExecutionStatus = 'Running'")
            return counted.count == 0

        await until(none_runs, limit_s, every_s)


@contextlib.asynccontextmanager
async def open_rig(beside: str = FLOOR) -> AsyncIterator[Rig]:
    """Start everything, each process once what it needs answers; stop all of it at the end.

    `beside` is what the product is compared with: the empty workflows or the bare API.
    """
    async with contextlib.AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="doorstep-bench-")))
        key, (*ports, merchant_port, bare_port) = secrets.token_urlsafe(24), free_ports(6)
        stack.enter_context(settings_of_our_own(**environment(folder, key, ports)))
        settings = load_settings()
        await stack.enter_async_context(serving_postgres(settings, folder))
        journal_file = folder / "journal.jsonl"
        journal_file.touch()
        children: dict[str, Child] = {}

        async def start(name: str, command: list[str], *, talks: bool = False) -> None:
            child = running(name, command, folder, talks=talks)
            children[name] = await stack.enter_async_context(child)

        await start(SERVER, server_command(settings))
        await until(lambda: serves(settings, children[SERVER]), _START_LIMIT_S)
        client = await connect(temporal_options(settings))
        await register_search_attributes(client)
        await start(WORKER, doorstep_command("worker"))
        await start(API, doorstep_command("api"))
        await start(MERCHANT, _merchant(merchant_port, journal_file))
        bare = None
        if beside == FLOOR:
            await start(FLOOR, python("-m", "benchmarks.floor_runner"), talks=True)
        else:
            await start(BARE_API, python("-m", "benchmarks.bare_api", str(bare_port)))
            await until(lambda: _listens(bare_port, children[BARE_API]), _START_LIMIT_S)
            bare = EventPoster(bare_port, key)
            stack.push_async_callback(bare.aclose)
        database = Database(settings.store_url, keyring_of(*settings.key_source))
        stack.callback(database.close)
        poster = EventPoster(settings.api_port, key)
        stack.push_async_callback(poster.aclose)
        journal = await stack.enter_async_context(followed(journal_file))
        rig = Rig(children, client, database, poster, bare, journal)
        await _introduce(rig, settings.api_port, key, merchant_port)
        yield rig


def environment(folder: Path, key: str, ports: list[int]) -> dict[str, str]:
    """What this process and its children are told; ports of the API, of Temporal, of its UI, of
    PostgreSQL."""
    api_port, temporal_port, ui_port, postgres_port = map(str, ports)
    return {
        "DOORSTEP_DATA_DIR": str(folder),
        "DOORSTEP_OPERATOR_KEY": key,
        "DOORSTEP_ENCRYPTION_KEYS": new_key().as_setting(),
        "DOORSTEP_API_PORT": api_port,
        "DOORSTEP_TEMPORAL_PORT": temporal_port,
        "DOORSTEP_TEMPORAL_UI_PORT": ui_port,
        "DOORSTEP_POSTGRES_PORT": postgres_port,
        "DOORSTEP_ALLOWED_NETWORKS": "127.0.0.0/8",
    }


def _merchant(port: int, journal: Path) -> list[str]:
    return python("-m", "sandbox", "merchant", "--port", str(port), "--journal", str(journal))


async def serves(settings: Settings, server: Child) -> bool:
    """Whether the Temporal server answers. ChildDied when it has ended."""
    server.check()
    return await is_serving(settings)


async def _listens(port: int, child: Child) -> bool:
    child.check()
    with contextlib.suppress(OSError):
        _, writer = await asyncio.open_connection(LOOPBACK, port)
        writer.close()
        return True
    return False


async def _introduce(rig: Rig, api_port: int, key: str, merchant_port: int) -> None:
    """Create the partner and its endpoint over the API; give the merchant its secret."""
    api, merchant = f"http://{LOOPBACK}:{api_port}", f"http://{LOOPBACK}:{merchant_port}"
    headers = {"authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(headers=headers, timeout=10, trust_env=False) as client:

        async def ready() -> bool:
            rig.check()
            with contextlib.suppress(httpx.TransportError):
                await client.get(f"{merchant}/_sandbox/summary")
                return (await client.get(f"{api}/readyz")).status_code == 200
            return False

        await until(ready, _START_LIMIT_S)
        partner = {"id": PARTNER, "name": "Bench shop", "tier": "growth"}
        endpoint = {"partner_id": PARTNER, "url": f"{merchant}/hook"}
        (await client.post(f"{api}/v1/partners", json=partner)).raise_for_status()
        created = await client.post(f"{api}/v1/endpoints", json=endpoint)
        endpoint_secrets = [created.raise_for_status().json()["secret"]]
        given = await client.put(f"{merchant}/_sandbox/secrets", json=endpoint_secrets)
        given.raise_for_status()
