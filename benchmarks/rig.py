"""The system under measurement, as separate processes on this machine's loopback.

PostgreSQL, Temporal, workers and APIs are started by the very commands of `doorstep up`; merchants
and Twilio are the sandbox's. Every measurement and the ledger use this one rig.
"""

import asyncio
import contextlib
import signal
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
from temporalio.client import Client

from benchmarks.engine.engine import EngineFactory
from benchmarks.journal import Journal, following
from benchmarks.layout import (
    API,
    BARE_API,
    FLOOR,
    POSTGRES,
    PROXY,
    TEMPORAL,
    TWILIO,
    WORKER,
    Layout,
    Setup,
    numbered,
)
from benchmarks.posts import EventPoster
from benchmarks.process import Command, Exit, Process, python, settings_of_our_own
from benchmarks.waiting import until
from commands.migrate import register as register_at_temporal
from commands.ports import LOOPBACK
from commands.system import doorstep_command, is_ready
from commands.temporal_server import is_serving, pollers
from contracts.delivery.names import DELIVER_TRACKING_EVENT
from contracts.errors import EngineUnavailable
from contracts.ids import workflow_id
from dispatch.connection import connect
from sandbox.partners import register
from settings import Settings, load_settings, temporal_options
from store.db.database import Database
from store.db.migrate import migrate
from store.encryption.key_file import NAME as KEY_FILE
from store.encryption.key_file import keyring_of, write_keys

_START_LIMIT_S = 90.0
_QUIET_LIMIT_S = 120.0
_UNDER_WAY = f"ExecutionStatus = 'Running' AND WorkflowType = '{DELIVER_TRACKING_EVENT}'"


class Rig:
    """Everything that runs, by the name of its process, and how it is reached."""

    def __init__(self, layout: Layout, settings: Settings, engine: EngineFactory) -> None:
        self.layout, self.settings = layout, settings
        self.keyring = keyring_of(*settings.key_source)
        self.database = Database(settings.store_url, self.keyring)
        self.engine = engine(settings, layout.engine_ports)
        self.processes: dict[str, Process] = {}
        self.endpoint_ids: dict[str, str] = {}
        self.posters = [EventPoster(port, layout.key) for port in layout.api_ports]
        self.bare = EventPoster(layout.bare_port, layout.key)
        self.journal = Journal()
        """What the first process of merchants has received."""
        self._temporal: Client | None = None

    @property
    def poster(self) -> EventPoster:
        """The sender's connections to the only, or first, API."""
        return self.posters[0]

    @property
    def temporal(self) -> Client:
        """The client that was connected at the start."""
        if self._temporal is None:
            raise RuntimeError("this rig has no Temporal")
        return self._temporal

    @property
    def exits(self) -> list[Exit]:
        """Processes that ended although nobody killed them."""
        return [end for one in self.processes.values() for end in one.exits]

    def check(self) -> None:
        """Raise ProcessDied when a process has ended by itself."""
        for process in self.processes.values():
            process.check()

    async def connect(self) -> Client:
        """A new client, once Temporal answers."""
        await until(lambda: is_serving(self.settings), _START_LIMIT_S)
        return await connect(temporal_options(self.settings))

    async def closed(self, event_id: str) -> None:
        """Return once the workflow of an event that has begun is closed."""
        await self.temporal.get_workflow_handle(workflow_id(event_id)).result()

    async def quiet(self, limit_s: float = _QUIET_LIMIT_S, every_s: float = 0.1) -> None:
        """Wait until no event's workflow runs any more. The server works for every look.

        The retention's may be started by its schedule at any time, while its worker sleeps.
        """

        async def none_runs() -> bool:
            self.check()
            counted = await self.temporal.count_workflows(_UNDER_WAY)
            return counted.count == 0

        await until(none_runs, limit_s, every_s)

    async def start(self) -> None:
        """Start everything, each process once what it needs answers."""
        setup = self.layout.setup
        await self._start_receivers()
        await self._start_postgres()
        if setup.workers:
            await self._start_temporal()
        told: dict[str, str] = {}
        if self.layout.proxy is not None:
            await self._start(self.layout.proxy.command(PROXY))
            told["TEMPORAL_ADDRESS"] = self.layout.proxy.address
        for name in numbered(WORKER, setup.workers):
            await self._start(Command(name, doorstep_command("worker"), told))
        for name, port in zip(numbered(API, setup.apis), self.layout.api_ports, strict=True):
            settings = {**told, "DOORSTEP_API_PORT": str(port)}
            await self._start(Command(name, doorstep_command("api"), settings))
        if setup.beside == FLOOR:
            await self._start(Command(FLOOR, python("-m", "benchmarks.floor_runner"), talks=True))
        if setup.beside == BARE_API:
            words = python("-m", "benchmarks.bare_api", str(self.layout.bare_port))
            await self._start(Command(BARE_API, words))
        await until(self._ready, _START_LIMIT_S)
        await self._register()

    async def stop(self) -> None:
        """Stop everything, the last one started first."""
        for poster in (*self.posters, self.bare):
            await poster.aclose()
        self.database.close()
        for process in reversed(self.processes.values()):
            await process.stop()

    async def _start(self, command: Command) -> None:
        self.processes[command.name] = Process(command, self.layout.folder)
        await self.processes[command.name].start()

    async def _start_receivers(self) -> None:
        ports = self.layout.merchant_ports
        for name, endpoints in self.layout.setup.merchants.items():
            journal = self.layout.journal(name)
            journal.touch()
            places = [f"{one.name}@{ports[one.name]}={one.behaviour}" for one in endpoints]
            also = [word for place in places for word in ("--also", place)]
            words = python("-m", "sandbox", "merchant", "--journal", str(journal), *also)
            await self._start(Command(name, words))
        if self.layout.setup.twilio:
            options = ("--port", str(self.layout.twilio_port), "--callbacks", "off")
            await self._start(Command(TWILIO, python("-m", "sandbox", "twilio", *options)))

    async def _start_postgres(self) -> None:
        """Its database has all tables and no row."""
        postgres = self.engine.postgres
        await asyncio.to_thread(postgres.prepare)  # makes the files that its command needs
        command = Command(
            POSTGRES, postgres.command, prepare=postgres.prepare, stop_signal=signal.SIGINT
        )
        await self._start(command)
        await until(lambda: asyncio.to_thread(postgres.serves), _START_LIMIT_S)
        if self.layout.setup.workers:
            await asyncio.to_thread(self.engine.prepare)
        await asyncio.to_thread(postgres.create_database)
        await asyncio.to_thread(migrate, self.settings.store_url, self.keyring)

    async def _start_temporal(self) -> None:
        """It has our namespace with our search attributes."""
        await self._start(Command(TEMPORAL, self.engine.command, self.engine.environment))
        await until(self._temporal_answers, _START_LIMIT_S)
        await asyncio.to_thread(self.engine.make_namespace)
        self._temporal = await self.connect()
        await register_at_temporal(self._temporal)

    async def _temporal_answers(self) -> bool:
        self.check()
        with contextlib.suppress(EngineUnavailable):
            await connect(temporal_options(self.settings))
            return True
        return False

    async def _ready(self) -> bool:
        """Whether everything that is asked over HTTP answers, and every worker asks for work."""
        self.check()
        if not all([await _listens(port) for port in self.layout.listening]):
            return False
        workers = self.layout.setup.workers
        if not workers:
            return True
        polling = len(await pollers(self.temporal)) >= workers
        return polling and all([await is_ready(url) for url in self.layout.api_urls])

    async def _register(self) -> None:
        async with httpx.AsyncClient(
            base_url=self.layout.api_urls[0],
            headers={"authorization": f"Bearer {self.layout.key}"},
            timeout=20,
            trust_env=False,
        ) as client:
            partners, origins = self.layout.setup.partners, self.layout.origins
            self.endpoint_ids = await register(client, partners, origins)


@contextlib.asynccontextmanager
async def open_rig(
    setup: Setup, engine: EngineFactory, folder: Path | None = None
) -> AsyncIterator[Rig]:
    """Start a rig and stop all of it at the end. Its files stay in `folder`, if one is named."""
    async with contextlib.AsyncExitStack() as stack:
        if folder is None:
            made = tempfile.TemporaryDirectory(prefix="doorstep-bench-")
            folder = Path(stack.enter_context(made))
        layout = Layout(setup, folder)
        stack.enter_context(settings_of_our_own(layout.environment()))
        settings = load_settings()
        if (keys := settings.key_source[0]) is not None:  # what stays can be opened
            write_keys(folder / KEY_FILE, keys, over=True)
        rig = Rig(layout, settings, engine)
        stack.push_async_callback(rig.stop)
        await rig.start()
        for first in [*setup.merchants][:1]:
            await stack.enter_async_context(following(layout.journal(first), rig.journal))
        yield rig


async def _listens(port: int) -> bool:
    with contextlib.suppress(OSError):
        _, writer = await asyncio.open_connection(LOOPBACK, port)
        writer.close()
        return True
    return False
