"""The whole system of a run as child processes on loopback, and in what order it starts.

Temporal, worker and API are started by the very commands of `doorstep up`.
"""

import asyncio
import contextlib
import secrets
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from temporalio.client import Client

from benchmarks.ledger.cast import SLOW_ANSWER, SLOW_PHONE, Partner, cast
from benchmarks.ledger.introductions import introduce, tell_twilio
from benchmarks.ledger.options import Options
from benchmarks.ledger.ports import lasting_ports
from benchmarks.ledger.victim import OwnEnd, Victim, Way
from benchmarks.postgres import POSTGRES
from benchmarks.processes import python, settings_of_our_own
from benchmarks.waiting import until
from commands.migrate import register
from commands.ports import LOOPBACK
from commands.system import doorstep_command, is_ready
from commands.temporal_server import is_serving, server_command
from dispatch.connection import connect
from sandbox.twilio import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN
from settings import Settings, load_settings, temporal_options
from store.embedded import EmbeddedPostgres
from store.key_file import keyring_of
from store.keyring import new_key
from store.migrate import migrate

TIME_SCALE = 0.01
"""The retry schedule of 30 s, 2 min and 8 min takes 0.3, 1.2 and 4.8 s."""

_START_LIMIT_S = 60.0
_NEVER_HERE_S = str(365 * 86_400)
"""The texts are counted as they were sent; erasing their OTPs has tests of its own."""


@dataclass(frozen=True)
class Plan:
    """Where everything listens, the key of the API, and the one for data at rest."""

    folder: Path
    key: str
    encryption_keys: str
    partners: list[Partner]
    temporal_ports: tuple[int, int]
    api_ports: list[int]
    endpoint_ports: dict[str, int]
    twilio_port: int
    postgres_port: int


@dataclass
class System:
    """Everything that runs. `victims` may be killed; `bystanders` are the receivers."""

    plan: Plan
    settings: Settings
    victims: dict[str, Victim] = field(default_factory=dict)
    bystanders: dict[str, Victim] = field(default_factory=dict)
    endpoint_ids: dict[str, str] = field(default_factory=dict)

    @property
    def journal(self) -> Path:
        """Where the merchants write down what they receive."""
        return self.plan.folder / "merchants.jsonl"

    @property
    def twilio_url(self) -> str:
        """The sandbox Twilio."""
        return f"http://{LOOPBACK}:{self.plan.twilio_port}"

    @property
    def api_urls(self) -> list[str]:
        """Every API."""
        return [f"http://{LOOPBACK}:{port}" for port in self.plan.api_ports]

    @property
    def own_ends(self) -> list[OwnEnd]:
        """Processes that ended although nobody killed them."""
        everybody = [*self.victims.values(), *self.bystanders.values()]
        return [end for one in everybody for end in one.own_ends]

    async def client(self) -> Client:
        """A Temporal client, once the server answers."""
        await until(lambda: is_serving(self.settings), _START_LIMIT_S)
        return await connect(temporal_options(self.settings))

    async def ready(self) -> None:
        """Wait until every API says that it is."""
        for url in self.api_urls:
            await until(lambda url=url: is_ready(url), _START_LIMIT_S)  # type: ignore[misc]  # mypy cannot infer a lambda with a default


@contextlib.asynccontextmanager
async def open_system(options: Options, folder: Path) -> AsyncIterator[System]:
    """Start everything, each process once what it needs answers; stop all of it at the end."""
    plan = _plan(options, folder)
    with settings_of_our_own(**_environment(plan)):
        async with _running(options, System(plan, load_settings())) as system:
            yield system


@contextlib.asynccontextmanager
async def _running(options: Options, system: System) -> AsyncIterator[System]:
    try:
        await _start_receivers(system)
        await _start_store(system)
        await _start_engine(system)
        for name in _names("worker", options.workers):
            await _start(system, name, doorstep_command("worker"))
        for name, port in zip(_names("api", options.apis), system.plan.api_ports, strict=True):
            await _start(system, name, doorstep_command("api"), DOORSTEP_API_PORT=str(port))
        await system.ready()
        system.endpoint_ids = await introduce(
            system.api_urls[0], system.plan.key, system.plan.partners, system.plan.endpoint_ports
        )
        await tell_twilio(system.twilio_url, SLOW_PHONE, SLOW_ANSWER)
        yield system
    finally:
        for one in [*reversed(system.victims.values()), *system.bystanders.values()]:
            await one.stop()


def _plan(options: Options, folder: Path) -> Plan:
    partners = cast(options.seed)
    names = [endpoint.name for partner in partners for endpoint in partner.endpoints]
    temporal, ui, twilio, postgres, *others = lasting_ports(4 + options.apis + len(names))
    return Plan(
        folder=folder,
        key=secrets.token_urlsafe(24),
        encryption_keys=new_key().as_setting(),
        partners=partners,
        temporal_ports=(temporal, ui),
        api_ports=others[: options.apis],
        endpoint_ports=dict(zip(names, others[options.apis :], strict=True)),
        twilio_port=twilio,
        postgres_port=postgres,
    )


def _environment(plan: Plan) -> dict[str, str]:
    """What this process and all of its children are told."""
    return {
        "DOORSTEP_DATA_DIR": str(plan.folder),
        "DOORSTEP_OPERATOR_KEY": plan.key,
        "DOORSTEP_ENCRYPTION_KEYS": plan.encryption_keys,
        "DOORSTEP_TEMPORAL_PORT": str(plan.temporal_ports[0]),
        "DOORSTEP_TEMPORAL_UI_PORT": str(plan.temporal_ports[1]),
        "DOORSTEP_POSTGRES_PORT": str(plan.postgres_port),
        "DOORSTEP_ALLOWED_NETWORKS": "127.0.0.0/8",
        "DOORSTEP_TIME_SCALE": str(TIME_SCALE),
        "DOORSTEP_UPKEEP_EVERY": _NEVER_HERE_S,
        "TWILIO_ACCOUNT_SID": DEFAULT_ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": DEFAULT_AUTH_TOKEN,
        "TWILIO_SENDER": "+15005550006",
        "TWILIO_BASE_URL": f"http://{LOOPBACK}:{plan.twilio_port}",
    }


async def _start(system: System, name: str, command: list[str], **settings: str) -> None:
    way = Way(name, command, system.plan.folder / f"{name}.log", settings)
    system.victims[name] = Victim(way)
    await system.victims[name].start()


async def _start_receivers(system: System) -> None:
    system.journal.touch()
    endpoints = [endpoint for partner in system.plan.partners for endpoint in partner.endpoints]
    places = [
        f"{one.name}@{system.plan.endpoint_ports[one.name]}={one.behaviour}" for one in endpoints
    ]
    also = [word for place in places for word in ("--also", place)]
    commands = {
        "merchants": python("-m", "sandbox", "merchant", "--journal", str(system.journal), *also),
        "twilio": python(
            "-m", "sandbox", "twilio", "--port", str(system.plan.twilio_port), "--callbacks", "off"
        ),
    }
    for name, command in commands.items():
        system.bystanders[name] = Victim(Way(name, command, system.plan.folder / f"{name}.log"))
        await system.bystanders[name].start()


async def _start_store(system: System) -> None:
    postgres = EmbeddedPostgres(system.settings.data_dir, system.settings.postgres_port)
    await asyncio.to_thread(postgres.prepare)  # makes the files that its command needs
    way = Way(
        POSTGRES,
        postgres.command,
        system.plan.folder / f"{POSTGRES}.log",
        prepare=postgres.prepare,
        stop_signal=signal.SIGINT,
    )
    system.victims[POSTGRES] = Victim(way)
    await system.victims[POSTGRES].start()
    await until(lambda: asyncio.to_thread(postgres.serves), _START_LIMIT_S)
    await asyncio.to_thread(postgres.create_database)
    keyring = keyring_of(*system.settings.key_source)
    await asyncio.to_thread(migrate, system.settings.store_url, keyring)


async def _start_engine(system: System) -> None:
    await _start(system, "temporal", server_command(system.settings))
    await register(await system.client())


def _names(kind: str, count: int) -> list[str]:
    return [kind] if count == 1 else [f"{kind}-{number}" for number in range(1, count + 1)]
