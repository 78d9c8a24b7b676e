"""The product with PgBouncer before its database, in session and in transaction mode."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import text
from sqlmodel import Session
from temporalio.testing import WorkflowEnvironment

from commands.doctor.checks import Finding
from commands.doctor.examination import examine
from sandbox.merchant import Merchant
from settings import Settings
from store.db.database import Database
from store.db.listen import notifications_arrive
from store.db.migrate import newest_revision
from store.events.outbox_listener import POLL_EVERY_S, OutboxListener
from store.tables import EventRow
from tests.commands.running import doorstep
from tests.peers.pgbouncer import Pooler
from tests.peers.served_api import served_api
from tests.support.encryption import KEY, KEYRING
from tests.support.factories import make_event
from tests.support.migrations import migrating_process, write_migration
from tests.support.shelf import Shelf
from tests.support.stack import open_stack

CLIENTS, EVENTS = 12, 400
DEFAULTS = {"statement_timeout": "0", "lock_timeout": "0", "enable_seqscan": "on"}
"""What PostgreSQL has of its own where a connection's settings are made."""

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(params=["migrated"])
def url(request: pytest.FixtureRequest, pooler: Pooler) -> Iterator[str]:
    """A fresh database through the pooler, from the template that the test names."""
    name = pooler.postgres.fresh(request.param)
    yield pooler.url(name)
    pooler.postgres.drop(name)


@pytest.mark.parametrize("url", ["template1"], indirect=True, ids=["an empty database"])
async def test_several_set_it_up_at_once(url: str, tmp_path: Path) -> None:
    settings = {"DOORSTEP_DATABASE_URL": url, "DOORSTEP_ENCRYPTION_KEYS": KEY.as_setting()}
    ended = await asyncio.gather(
        *(doorstep("migrate", "--database-only", folder=tmp_path, **settings) for _ in range(2))
    )
    assert [one.code for one in ended] == [0] * 2
    said = [line for one in ended for line in one.err.splitlines()]
    assert [line for line in said if "another set-up step is under way" not in line] == []
    assert {one.out for one in ended} == {f"the database is at migration {newest_revision()}\n"}


async def test_the_steps_of_a_later_migration(url: str, pooler: Pooler, tmp_path: Path) -> None:
    """Beside a second set-up step, on fewer connections of the server than both have."""
    versions = write_migration(
        tmp_path,
        """
        steps.add_column("events", "source varchar")
        steps.back_fill("events", key="event_id", assign="source = 'o'", where="source IS NULL")
        steps.index_concurrently("ix_source", "events", "(source)")
        """,
    )
    with migrating_process(url, versions) as one, migrating_process(url, versions) as another:
        ended = await asyncio.gather(*(asyncio.to_thread(each.wait) for each in (one, another)))
    assert ended == [0, 0]
    conninfo = pooler.postgres.url(url.rpartition("/")[2]).replace("+psycopg", "")
    async with await psycopg.AsyncConnection.connect(conninfo) as direct:
        valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_source'::regclass"
        assert await (await direct.execute(valid)).fetchone() == (True,)


class TestTheSettings:
    async def test_they_are_in_force_in_every_transaction(self, url: str) -> None:
        database = Database(url, KEYRING)
        for run, made in (
            (database.read, ["5s", "5s", "on"]),
            (database.write, ["10s", "5s", "off"]),
            (database.take_in, ["10s", "5s", "off"]),
        ):
            seen = await asyncio.gather(*(run(settings) for _ in range(20)))
            assert seen == [made] * 20
        database.close()

    async def test_they_are_left_to_nobody_else(self, url: str) -> None:
        database = Database(url, KEYRING)
        for run in (database.read, database.write):
            await asyncio.gather(*(run(settings) for _ in range(20)))
        database.close()
        conninfo = url.replace("+psycopg", "")
        async with await psycopg.AsyncConnection.connect(conninfo) as other:
            for name, default in DEFAULTS.items():
                shown = await (await other.execute(f"SHOW {name}".encode())).fetchone()
                assert shown == (default,)


class TestNotifications:
    async def test_they_arrive_in_session_mode_only(self, url: str, pooler: Pooler) -> None:
        assert await notifications_arrive(url) is (pooler.mode == "session")

    async def test_the_listener_polls_where_they_do_not_and_says_so_once(
        self, url: str, pooler: Pooler, caplog: pytest.LogCaptureFixture
    ) -> None:
        listener, never = OutboxListener(url, poll_every_s=600), 60
        clock = asyncio.get_running_loop().time
        with caplog.at_level(logging.WARNING, "store.events.outbox_listener"):
            await asyncio.wait_for(listener.wait(), never)
            begun = clock()
            waiting = asyncio.create_task(listener.wait())
            if pooler.mode == "session":
                await notify(url)
            await asyncio.wait_for(waiting, never)
            if pooler.mode == "transaction":
                assert clock() - begun >= POLL_EVERY_S * 0.9
        await listener.close()
        assert len(caplog.records) == (pooler.mode == "transaction")

    async def test_doctor_says_what_to_do(
        self, url: str, pooler: Pooler, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
        found = {check.name: check for check in await examine(Settings(database_url=url))}
        assert found["database"].finding is Finding.OK
        notifications = found["notifications"]
        if pooler.mode == "session":
            assert notifications.finding is Finding.OK
        else:
            assert notifications.finding is Finding.NOTE
            assert "session mode" in notifications.advice


async def test_every_event_of_many_clients_is_taken(
    url: str, temporal: WorkflowEnvironment
) -> None:
    async with served_api(temporal.client, url) as api:
        partner = {"id": "shop", "name": "Chai Point", "tier": "growth"}
        assert (await api.client.post("/v1/partners", json=partner)).status_code == 201
        waiting = iter([make_event() for _ in range(EVENTS)])
        answers: Counter[int] = Counter()
        await asyncio.gather(*(post(api.client, waiting, answers) for _ in range(CLIENTS)))
    assert answers == {202: EVENTS}
    database = Database(url, KEYRING)
    assert await Shelf(database).count(EventRow) == EVENTS
    database.close()


async def test_they_are_delivered(url: str, temporal: WorkflowEnvironment) -> None:
    database = Database(url, KEYRING)
    async with (
        open_stack(temporal.client, database) as stack,
        Merchant() as merchant,
        stack.worker(),
    ):
        await stack.open_shop(merchant.url)
        posted = [await stack.send(make_event()) for _ in range(CLIENTS)]
        for event_id in posted:
            await stack.delivery(event_id, "delivered")
    database.close()
    assert {one.webhook_id for one in merchant.received} == set(posted)


async def post(
    client: httpx.AsyncClient, events: Iterator[dict[str, Any]], answers: Counter[int]
) -> None:
    """Post events until none is left, and count the answers; some reading in between."""
    for event in events:
        answers[(await client.post("/v1/events", json=event)).status_code] += 1
        assert (await client.get(f"/v1/events/{event['event_id']}")).status_code == 200


async def notify(url: str) -> None:
    """What the commit of an event does."""
    async with await psycopg.AsyncConnection.connect(
        url.replace("+psycopg", ""), autocommit=True
    ) as other:
        await other.execute("NOTIFY doorstep_outbox")


def settings(session: Session) -> list[str]:
    """What is set in a transaction."""
    return [session.connection().execute(text(f"SHOW {name}")).scalar_one() for name in DEFAULTS]
