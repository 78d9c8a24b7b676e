"""Programs that others wrote, as they stand in front of the API and the database."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.peers.pgbouncer import Pooler, pgbouncer
from tests.peers.served_api import Api, served_api
from tests.support.postgres import Postgres
from tests.support.programs import NotInstalled, find_program


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs more than Python wheels."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.extended)


@pytest.fixture(scope="session")
def nginx_program() -> str:
    """Where nginx is."""
    return program("nginx")


@pytest.fixture(scope="session")
def haproxy_program() -> str:
    """Where HAProxy is."""
    return program("haproxy")


@pytest.fixture(params=["session", "transaction"])
def pooler(request: pytest.FixtureRequest, postgres: Postgres, tmp_path: Path) -> Iterator[Pooler]:
    """PgBouncer before the PostgreSQL of the tests, in each mode."""
    found = program("pgbouncer")
    with pgbouncer(found, postgres, tmp_path, request.param) as pooler:
        yield pooler


@pytest.fixture
async def api(temporal: WorkflowEnvironment, database_url: str) -> AsyncIterator[Api]:
    """The API, served."""
    async with served_api(temporal.client, database_url) as api:
        yield api


def program(name: str) -> str:
    """A program of this machine; a test that lacks it fails and says so."""
    try:
        return find_program(name)
    except NotInstalled as missing:
        pytest.fail(str(missing))
