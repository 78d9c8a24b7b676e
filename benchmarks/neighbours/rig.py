"""The whole system with many shops and several workers that may be killed, on loopback.

Temporal, workers and API are started by the very commands of `doorstep up`: priority and fairness
are on, as in production. The well merchants and those that fall ill are two processes, so that
what the ill ones make their merchants work is not felt by the others.
"""

import asyncio
import contextlib
import secrets
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
from temporalio.client import Client

from benchmarks.journal import Journal, followed
from benchmarks.ledger.ports import lasting_ports
from benchmarks.ledger.victim import Victim, Way
from benchmarks.neighbours.plan import NeighbourPlan, Shop
from benchmarks.postgres import serving_postgres
from benchmarks.posts import EventPoster
from benchmarks.processes import Child, python, running, settings_of_our_own
from benchmarks.rig import API, SERVER, environment, serves
from benchmarks.waiting import until
from commands.ports import LOOPBACK
from commands.system import doorstep_command
from commands.temporal_server import pollers, server_command
from dispatch.connection import connect, register_search_attributes
from settings import load_settings, temporal_options
from store.database import Database
from store.key_file import keyring_of

WELL_MERCHANTS, ILL_MERCHANTS = "well merchants", "ill merchants"
_START_LIMIT_S = 90.0


@dataclass(frozen=True)
class Street:
    """Everything that the test uses. `journal` is what the well merchants received."""

    children: dict[str, Child]
    workers: dict[str, Victim]
    temporal: Client
    database: Database
    poster: EventPoster
    journal: Journal
    origins: dict[Shop, str]

    @property
    def faults(self) -> list[str]:
        """The workers that ended although nobody killed them."""
        ends = [end for worker in self.workers.values() for end in worker.own_ends]
        return [f"{end.name} ended by itself with {end.code}: {end.last_words}" for end in ends]

    def check(self) -> None:
        """Raise ChildDied when a process that nobody kills has ended."""
        for child in self.children.values():
            child.check()

    async def behave(self, behaviour: str) -> None:
        """Have every shop that falls ill do this from its next request on."""
        async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
            ill = [origin for shop, origin in self.origins.items() if shop.falls_ill]
            puts = [client.put(f"{one}/_sandbox/behaviour", content=behaviour) for one in ill]
            for answer in await asyncio.gather(*puts):
                answer.raise_for_status()


@contextlib.asynccontextmanager
async def open_street(plan: NeighbourPlan) -> AsyncIterator[Street]:
    """Start everything, each process once what it needs answers; stop all of it at the end."""
    async with contextlib.AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="doorstep-bench-")))
        key, ports = secrets.token_urlsafe(24), lasting_ports(4 + plan.shop_count)
        stack.enter_context(settings_of_our_own(**environment(folder, key, ports[:4])))
        settings = load_settings()
        await stack.enter_async_context(serving_postgres(settings, folder))
        database = Database(settings.store_url, keyring_of(*settings.key_source))
        stack.callback(database.close)
        doors = dict(zip(plan.shops, ports[4:], strict=True))
        children = await stack.enter_async_context(_merchants(doors, folder))
        children[SERVER] = await stack.enter_async_context(
            running(SERVER, server_command(settings), folder)
        )
        await until(lambda: serves(settings, children[SERVER]), _START_LIMIT_S)
        client = await connect(temporal_options(settings))
        await register_search_attributes(client)
        children[API] = await stack.enter_async_context(
            running(API, doorstep_command("api"), folder)
        )
        workers = await stack.enter_async_context(_workers(plan.workers, folder, client))
        poster = EventPoster(settings.api_port, key)
        stack.push_async_callback(poster.aclose)
        journal = await stack.enter_async_context(followed(_journal(folder, WELL_MERCHANTS)))
        origins = {shop: f"http://{LOOPBACK}:{port}" for shop, port in doors.items()}
        street = Street(children, workers, client, database, poster, journal, origins)
        await _introduce(street, f"http://{LOOPBACK}:{settings.api_port}", key)
        yield street


@contextlib.asynccontextmanager
async def _workers(
    names: Sequence[str], folder: Path, client: Client
) -> AsyncIterator[dict[str, Victim]]:
    """Workers that may be killed, once each of them asks Temporal for work."""
    workers = {
        name: Victim(Way(name, doorstep_command("worker"), folder / f"{name}.log"))
        for name in names
    }

    async def all_poll() -> bool:
        return len(await pollers(client)) >= len(names)

    try:
        for worker in workers.values():
            await worker.start()
        await until(all_poll, _START_LIMIT_S)
        yield workers
    finally:
        for worker in workers.values():
            await worker.stop()


def _journal(folder: Path, merchants: str) -> Path:
    journal = folder / f"{merchants}.jsonl"
    journal.touch()
    return journal


@contextlib.asynccontextmanager
async def _merchants(doors: Mapping[Shop, int], folder: Path) -> AsyncIterator[dict[str, Child]]:
    """The merchants of the well shops and of those that fall ill. The first one that each process
    would open is nobody's."""
    async with contextlib.AsyncExitStack() as stack:
        children = {}
        for name, ill in ((WELL_MERCHANTS, False), (ILL_MERCHANTS, True)):
            theirs = [f"{shop.id}@{port}" for shop, port in doors.items() if shop.falls_ill is ill]
            also = [word for door in theirs for word in ("--also", door)]
            journal = str(_journal(folder, name))
            command = python("-m", "sandbox", "merchant", "--journal", journal, *also)
            children[name] = await stack.enter_async_context(running(name, command, folder))
        yield children


async def _introduce(street: Street, api: str, key: str) -> None:
    """Create the partners and their endpoints over the API; give each merchant its secret."""
    headers = {"authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(headers=headers, timeout=10, trust_env=False) as client:

        async def ready() -> bool:
            street.check()
            with contextlib.suppress(httpx.TransportError):
                for origin in street.origins.values():
                    await client.get(f"{origin}/_sandbox/summary")
                return (await client.get(f"{api}/readyz")).status_code == 200
            return False

        await until(ready, _START_LIMIT_S)
        for shop, origin in street.origins.items():
            partner = {"id": shop.id, "name": f"Bench {shop.id}", "tier": "growth"}
            endpoint = {"partner_id": shop.id, "url": f"{origin}/hooks/{shop.id}"}
            (await client.post(f"{api}/v1/partners", json=partner)).raise_for_status()
            created = await client.post(f"{api}/v1/endpoints", json=endpoint)
            secret = created.raise_for_status().json()["secret"]
            given = await client.put(f"{origin}/_sandbox/secrets", json=[secret])
            given.raise_for_status()
