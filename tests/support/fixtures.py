"""What every test may ask for: a real Temporal server, an empty database, the whole stack."""

import gc
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from store.db.database import Database
from tests.support.encryption import KEYRING
from tests.support.postgres import TEMPLATE, Postgres, empty, running_postgres, sealed_with
from tests.support.shelf import Shelf
from tests.support.stack import Stack, open_stack
from tests.support.temporal import running_temporal

settings.register_profile("doorstep", deadline=None)  # a busy machine is no fault of an example
settings.load_profile("doorstep")


def pytest_collection_finish() -> None:
    """What is loaded now stays: the garbage collector need not walk through it after every test."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
async def temporal() -> AsyncIterator[WorkflowEnvironment]:
    """A real Temporal server that can skip time, for each workflow by itself."""
    async with running_temporal() as environment:
        yield environment


@pytest.fixture(scope="session")
async def patient_client(temporal: WorkflowEnvironment) -> Client:
    """A client whose workflows wait in real time unless a test skips it for them."""
    return await Client.connect(temporal.client.service_client.config.target_host)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL with a migrated database to copy from.

    Not below pytest's own temporary folder: every pytest that starts beside this one closes that
    folder to other users, and where there are no user namespaces the server runs as another one.
    """
    with TemporaryDirectory() as folder, running_postgres(Path(folder)) as server:
        yield server


@pytest.fixture
def own_database_url(postgres: Postgres) -> Iterator[str]:
    """A fresh, migrated database of the test's own: for what changes its schema, keys or rights."""
    name = postgres.fresh(TEMPLATE)
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture(scope="session")
def shared_database(postgres: Postgres) -> Iterator[Database]:
    """A migrated database that the tests share, one after the other."""
    database = Database(postgres.url(postgres.fresh(TEMPLATE)), KEYRING)
    yield database
    database.close()


@pytest.fixture
def database(shared_database: Database) -> Iterator[Database]:
    """A database with empty tables."""
    before = sealed_with(shared_database)
    yield shared_database
    empty(shared_database)
    assert sealed_with(shared_database) == before, "ask for own_database_url instead"


@pytest.fixture
def database_url(database: Database) -> str:
    """Where the empty database is, for processes and connections of one's own."""
    return database.url


@pytest.fixture
def shelf(database: Database) -> Shelf:
    """The database with short ways to fill it."""
    return Shelf(database)


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
