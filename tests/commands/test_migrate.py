"""`doorstep migrate`: the database and Temporal, or the database alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from commands.database import read_revision
from settings import Settings
from store.db.migrate import newest_revision
from tests.commands.running import doorstep
from tests.support.encryption import KEY
from tests.support.postgres import Postgres

pytestmark = pytest.mark.extended


@pytest.fixture
def empty(postgres: Postgres) -> Iterator[dict[str, str]]:
    """The settings of a database with nothing in it."""
    name = postgres.fresh()
    yield {
        "DOORSTEP_DATABASE_URL": postgres.url(name),
        "DOORSTEP_ENCRYPTION_KEYS": KEY.as_setting(),
    }
    postgres.drop(name)


async def test_the_database_only_needs_no_temporal(tmp_path: Path, empty: dict[str, str]) -> None:
    ended = await doorstep(
        "migrate", "--database-only", folder=tmp_path, TEMPORAL_ADDRESS="127.0.0.1:1", **empty
    )
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"the database is at migration {newest_revision()}\n"
    settings = Settings(database_url=empty["DOORSTEP_DATABASE_URL"])
    assert read_revision(settings) == newest_revision()


async def test_again_and_with_temporal(
    temporal: WorkflowEnvironment, tmp_path: Path, empty: dict[str, str]
) -> None:
    address = temporal.client.service_client.config.target_host
    for _ in range(2):
        ended = await doorstep("migrate", folder=tmp_path, TEMPORAL_ADDRESS=address, **empty)
        assert (ended.code, ended.err) == (0, "")
        assert "all were there" in ended.out


async def test_the_embedded_one_has_to_run(tmp_path: Path, unused_tcp_port: int) -> None:
    ended = await doorstep(
        "migrate",
        "--database-only",
        folder=tmp_path,
        DOORSTEP_POSTGRES_PORT=str(unused_tcp_port),
    )
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert "`doorstep up`" in ended.err
    assert list(tmp_path.iterdir()) == []


async def test_it_says_what_the_database_says_and_no_password(
    tmp_path: Path, unused_tcp_port: int
) -> None:
    ended = await doorstep(
        "migrate",
        "--database-only",
        folder=tmp_path,
        DOORSTEP_DATABASE_URL=f"postgresql+psycopg://me:hunter2@127.0.0.1:{unused_tcp_port}/x",
        DOORSTEP_ENCRYPTION_KEYS=KEY.as_setting(),
    )
    assert (ended.code, ended.out) == (2, "")
    assert str(unused_tcp_port) in ended.err
    assert "refused" in ended.err
    assert "hunter2" not in ended.err
    assert len(ended.err.splitlines()) == 1
