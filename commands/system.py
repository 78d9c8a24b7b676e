"""The embedded system: PostgreSQL, Temporal server, worker and API as child processes, on one data
folder."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
from temporalio.client import Client

from commands.api_client import own_api_url
from commands.data_folder import make_data_folder
from commands.migrate import migrate_database, register
from commands.operator_key import make_operator_key
from commands.ports import LOOPBACK, require_free
from commands.program import Program
from commands.supervisor import Say, Supervisor
from commands.temporal_server import (
    is_embedded,
    is_serving,
    keep_closed_workflows,
    pollers,
    server_command,
)
from dispatch.connection import connect
from settings import Settings, temporal_options
from store.db.embedded import EmbeddedPostgres
from temporal_worker import GRACE

_OUR_PREFIXES = ("DOORSTEP_", "OTEL_", "TEMPORAL_", "TWILIO_")
_PROBE_LIMIT_S = 5.0


@dataclass(frozen=True)
class System:
    """What is to be started. `environment` is that of its processes."""

    settings: Settings
    environment: Mapping[str, str]

    @classmethod
    def from_environment(cls, settings: Settings) -> "System":
        """A system whose processes read the same environment as this one."""
        return cls(settings, dict(os.environ))

    @property
    def api_url(self) -> str:
        """Where this machine reaches the API."""
        return own_api_url(self.settings)

    @property
    def ui_url(self) -> str | None:
        """The embedded Temporal UI; None where Temporal is somebody else's."""
        embedded = is_embedded(self.settings)
        return f"http://{LOOPBACK}:{self.settings.temporal_ui_port}" if embedded else None

    @property
    def postgres(self) -> EmbeddedPostgres | None:
        """The embedded PostgreSQL; None where the database is somebody else's."""
        if self.settings.database_url is not None:
            return None
        return EmbeddedPostgres(self.settings.data_dir, self.settings.postgres_port)

    @property
    def logs(self) -> Path:
        """The folder of the log files."""
        return self.settings.data_dir / "logs"

    def prepare(self) -> "System":
        """Check the ports; make the data folder, the operator key and the database's files."""
        if self.postgres:
            require_free(LOOPBACK, self.settings.postgres_port, "DOORSTEP_POSTGRES_PORT")
        if is_embedded(self.settings):
            require_free(LOOPBACK, self.settings.temporal_port, "DOORSTEP_TEMPORAL_PORT")
            require_free(LOOPBACK, self.settings.temporal_ui_port, "DOORSTEP_TEMPORAL_UI_PORT")
        require_free(self.settings.api_host, self.settings.api_port, "DOORSTEP_API_PORT")
        make_data_folder(self.settings)
        settings = make_operator_key(self.settings)
        if self.postgres:
            self.postgres.prepare()
        return System(settings, self.environment)

    async def start(self, supervisor: Supervisor, say: Say) -> None:
        """Start the programs in order, each when the one before serves."""
        if self.postgres:
            say("starting PostgreSQL")
            await supervisor.start(self.database(self.postgres))
            await asyncio.to_thread(self.postgres.create_database)
        await asyncio.to_thread(migrate_database, self.settings)
        embedded = is_embedded(self.settings)
        if embedded:
            say("starting the Temporal server")
            await supervisor.start(self._temporal())
        client = await connect(temporal_options(self.settings))
        await register(client)
        if embedded:
            await keep_closed_workflows(client)
        say("starting the worker")
        await supervisor.start(self._worker(client))
        say("starting the API")
        await supervisor.start(self._api())

    def database(self, postgres: EmbeddedPostgres) -> Program:
        """How the embedded PostgreSQL is started."""

        async def serves(_pid: int) -> bool:
            return await asyncio.to_thread(postgres.serves)

        return replace(
            self._program("postgresql", postgres.command, serves, grace_s=20.0),
            environment=without_ours(self.environment),
            stop_signal=signal.SIGINT,  # ends without waiting for clients
        )

    def _temporal(self) -> Program:
        async def serves(_pid: int) -> bool:
            return await is_serving(self.settings)

        return replace(
            self._program("temporal", server_command(self.settings), serves, grace_s=10.0),
            environment=without_ours(self.environment),
        )

    def _worker(self, client: Client) -> Program:
        async def polls(pid: int) -> bool:
            return any(identity.startswith(f"{pid}@") for identity in await pollers(client))

        grace_s = GRACE.total_seconds() + 5
        return self._program("worker", doorstep_command("worker"), polls, grace_s)

    def _api(self) -> Program:
        async def answers(_pid: int) -> bool:
            return await is_ready(self.api_url)

        return self._program("api", doorstep_command("api"), answers, grace_s=15.0)

    def _program(
        self,
        name: str,
        command: Sequence[str],
        ready: Callable[[int], Awaitable[bool]],
        grace_s: float,
    ) -> Program:
        return Program(
            name=name,
            command=command,
            log=self.logs / f"{name}.log",
            ready=ready,
            grace_s=grace_s,
            environment=self.environment,
        )


def without_ours(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment for a program that is none of ours: without our settings, which have secrets
    among them."""
    return {
        name: value for name, value in environment.items() if not name.startswith(_OUR_PREFIXES)
    }


def doorstep_command(*arguments: str) -> list[str]:
    """This very program with other arguments; nothing in the current folder is meant, and no
    PYTHONSAFEPATH is in its way."""
    return [sys.executable, "-P", "-c", "import doorstep; doorstep.main()", *arguments]


async def is_ready(api_url: str) -> bool:
    """Whether the API answers that it and the database are ready."""
    answer = await probe(f"{api_url}/readyz")
    return answer is not None and answer.status_code == 200


async def probe(url: str) -> httpx.Response | None:
    """Ask once, directly and not through a proxy; None without an answer."""
    try:
        async with httpx.AsyncClient(timeout=_PROBE_LIMIT_S, trust_env=False) as client:
            return await client.get(url)
    except httpx.HTTPError:
        return None
