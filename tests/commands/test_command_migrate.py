"""`doorstep migrate`: the database and Temporal, or the database alone."""

from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from commands.database import read_revision
from settings import Settings
from store.migrate import newest_revision
from tests.commands.running import doorstep


async def test_the_database_only_needs_no_temporal(tmp_path: Path) -> None:
    ended = await doorstep(
        "migrate", "--database-only", folder=tmp_path, TEMPORAL_ADDRESS="127.0.0.1:1"
    )
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"the database is at migration {newest_revision()}\n"
    url = Settings(data_dir=tmp_path / ".doorstep").store_url
    assert read_revision(url) == newest_revision()


async def test_again_and_with_temporal(temporal: WorkflowEnvironment, tmp_path: Path) -> None:
    address = temporal.client.service_client.config.target_host
    for _ in range(2):
        ended = await doorstep("migrate", folder=tmp_path, TEMPORAL_ADDRESS=address)
        assert (ended.code, ended.err) == (0, "")
        assert "all were there" in ended.out
