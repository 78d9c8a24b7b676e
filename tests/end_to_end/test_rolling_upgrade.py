"""A rolling upgrade to the next version and back, with real processes, while events flow: none is
refused and none is lost."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import psycopg
import pytest
from temporalio.testing import WorkflowEnvironment

from sandbox.merchant import Merchant
from tests.support.encryption import KEY
from tests.support.fleet import Fleet, open_fleet
from tests.support.migrations import NEXT
from tests.support.next_version import OTHER, THIS, Version, next_version, this_version
from tests.support.parts import OPERATOR_KEY
from tests.support.waiting import eventually

pytestmark = [pytest.mark.extended, pytest.mark.timeout(400)]

BY_VERSION = "SELECT accepted_by, count(*) FROM events GROUP BY 1"


@pytest.fixture
async def fleet(
    temporal: WorkflowEnvironment, own_database_url: str, tmp_path: Path
) -> AsyncIterator[Fleet]:
    """Two APIs and two workers of this version."""
    settings = {
        "TEMPORAL_ADDRESS": temporal.client.service_client.config.target_host,
        "DOORSTEP_DATABASE_URL": own_database_url,
        "DOORSTEP_ENCRYPTION_KEYS": KEY.as_setting(),
        "DOORSTEP_OPERATOR_KEY": OPERATOR_KEY,
        "DOORSTEP_ALLOWED_NETWORKS": "127.0.0.0/8",
        "DOORSTEP_RETENTION_EVERY": str(60 * 60 * 24),
    }
    async with open_fleet(temporal.client, settings, tmp_path) as fleet:
        for _ in range(2):
            await fleet.add(this_version())
        yield fleet


@pytest.fixture
async def other(own_database_url: str) -> AsyncIterator[psycopg.AsyncConnection]:
    """Somebody who looks into the database."""
    conninfo = own_database_url.replace("+psycopg", "")
    async with await psycopg.AsyncConnection.connect(conninfo) as connection:
        yield connection


async def test_every_event_is_taken_and_delivered(
    fleet: Fleet, other: psycopg.AsyncConnection, tmp_path: Path
) -> None:
    this, following = this_version(), next_version(tmp_path)
    async with Merchant() as merchant:
        await open_shop(fleet, merchant.url)
        async with fleet.posting():
            await fleet.more_are_taken()
            await migrate_beside_a_reader(fleet, following, other)
            await fleet.more_are_taken()  # by this version, from and into the new table
            for _ in range(2):
                await fleet.add(following)
                await fleet.more_are_taken()  # by both
                await fleet.retire_the_oldest()
            await fleet.more_are_taken()
            rolled_out = await accepted_by(other)

            back = await fleet.run(this, "migrate", "--database-only")
            assert (await back.wait(), NEXT in fleet.logged(back)) == (0, True)
            for _ in range(2):
                await fleet.add(this)
                await fleet.retire_the_oldest()
            await fleet.more_are_taken()
        assert fleet.answers == {"202": len(fleet.taken)}
        await merchant.wait_until(
            lambda: {one.webhook_id for one in merchant.received} >= set(fleet.taken), timeout=90
        )
    await eventually(lambda: delivered(other), lambda count: count == len(fleet.taken))
    rolled_back = await accepted_by(other)
    assert rolled_out[THIS] >= 40  # were there when the column came
    assert rolled_out[None] >= 40  # came later, from processes that do not know it
    assert rolled_out[OTHER] >= 40
    assert rolled_back[None] >= rolled_out[None] + 40
    assert sum(rolled_back.values()) == len(fleet.taken)


async def open_shop(fleet: Fleet, url: str) -> None:
    """A partner with an endpoint."""
    api = next(iter(fleet.apis))
    partner = {"id": "shop", "name": "Chai Point", "tier": "growth"}
    for path, body in (("partners", partner), ("endpoints", {"partner_id": "shop", "url": url})):
        answer: httpx.Response = await fleet.client.post(f"{api}/v1/{path}", json=body)
        assert answer.status_code == 201, answer.text


async def migrate_beside_a_reader(
    fleet: Fleet, version: Version, reader: psycopg.AsyncConnection
) -> None:
    """Migrate while somebody reads for long: the column has to wait, and posts do not wait for the
    column."""
    await reader.execute("SELECT count(*) FROM events")
    migration = await fleet.run(version, "migrate", "--database-only")

    async def said() -> str:
        return fleet.logged(migration)

    await eventually(said, lambda log: "events is in use (process " in log, timeout=60)
    await fleet.more_are_taken(100)  # for five seconds
    assert migration.returncode is None
    await reader.rollback()
    assert await migration.wait() == 0, fleet.logged(migration)


async def accepted_by(connection: psycopg.AsyncConnection) -> dict[str | None, int]:
    """How many events say which version accepted them."""
    rows = await (await connection.execute(BY_VERSION)).fetchall()
    await connection.rollback()
    return dict(rows)


async def delivered(connection: psycopg.AsyncConnection) -> int:
    """How many events are delivered."""
    query = "SELECT count(*) FROM deliveries WHERE state = 'delivered'"
    row = await (await connection.execute(query)).fetchone()
    await connection.rollback()
    return int(row[0]) if row else 0
