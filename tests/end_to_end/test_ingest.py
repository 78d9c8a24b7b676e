"""Taking events: batches, repeats, concurrency, ages, and days when something is away."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from contracts.clock import utc_now
from contracts.ids import workflow_id
from dispatch.connection import register_search_attributes
from sandbox.merchant import Merchant
from store.db.database import Database
from store.events import outbox
from tests.support.encryption import KEYRING
from tests.support.factories import make_event, make_groups, make_order
from tests.support.stack import Stack, open_stack
from tests.support.temporal import temporal_binary
from workflows.search_attributes import ORDER_ID


class TestABatch:
    async def test_each_item_has_its_own_result_and_the_good_ones_are_taken(
        self, patient_stack: Stack
    ) -> None:
        stack = patient_stack
        await stack.add_partner()
        known = make_event()
        await stack.send(known)
        items = [
            make_event(),
            known,
            {**known, "occurred_at": "2026-11-01T10:00:00Z"},
            make_event(partner_id="nobody"),
            {**make_event(), "type": "teleported"},
            "not an event",
        ]
        answer = await stack.api.post("/v1/events/batch", json={"events": items})
        assert answer.status_code == 202
        results = answer.json()["items"]
        assert [one["state"] for one in results] == ["accepted"] * 2 + ["refused"] * 4
        assert [one["duplicate"] for one in results] == [False, True, *[False] * 4]
        fields = [[fault["field"] for fault in one["errors"]] for one in results]
        assert fields == [[], [], ["event_id"], ["partner_id"], ["type"], ["body"]]

    async def test_sending_it_again_leaves_each_event_exactly_once(
        self, patient_stack: Stack
    ) -> None:
        await patient_stack.add_partner()
        batch = {"events": [make_event() for _ in range(500)]}
        first = await patient_stack.api.post("/v1/events/batch", json=batch)
        second = await patient_stack.api.post("/v1/events/batch", json=batch)
        assert not any(one["duplicate"] for one in first.json()["items"])
        assert all(one["duplicate"] for one in second.json()["items"])

    async def test_a_batch_over_500_is_refused_whole(self, patient_stack: Stack) -> None:
        batch: dict[str, Any] = {"events": [{}] * 501}
        assert (await patient_stack.api.post("/v1/events/batch", json=batch)).status_code == 422


class TestOneAndTheSame:
    async def test_twenty_at_once_are_one_event(
        self, patient_stack: Stack, database_url: str
    ) -> None:
        await patient_stack.add_partner()
        twin = make_event()
        answers = await asyncio.gather(
            *(patient_stack.api.post("/v1/events", json=twin) for _ in range(20))
        )
        assert {one.status_code for one in answers} == {202}
        assert sum(not one.json()["duplicate"] for one in answers) == 1

    async def test_another_body_under_a_known_id_changes_nothing(
        self, patient_stack: Stack
    ) -> None:
        await patient_stack.add_partner()
        known = make_event()
        await patient_stack.send(known)
        answer = await patient_stack.api.post("/v1/events", json={**known, "type": "delivered"})
        assert answer.status_code == 409
        assert (await patient_stack.event(known["event_id"]))["event_type"] == "order_confirmed"


class TestTheSequence:
    async def test_it_has_no_gap_and_no_repeat_under_concurrency(
        self, patient_stack: Stack, database_url: str
    ) -> None:
        stack = patient_stack
        await stack.add_partner()
        other = Database(database_url, KEYRING)
        async with open_stack(stack.client, other) as second:
            events = [make_event() for _ in range(60)]
            await asyncio.gather(
                *((stack, second)[i % 2].send(one) for i, one in enumerate(events[:40])),
                second.api.post("/v1/events/batch", json={"events": events[40:]}),
            )
        shown = [await stack.event(one["event_id"]) for one in events]
        other.close()
        assert sorted(one["sequence"] for one in shown) == list(range(1, 61))

    async def test_a_refused_event_takes_no_number(self, patient_stack: Stack) -> None:
        await patient_stack.add_partner()
        await patient_stack.send(make_event())
        await patient_stack.api.post("/v1/events", json=make_event(occurred_at=_days(1)))
        last = await patient_stack.send(make_event())
        assert (await patient_stack.event(last))["sequence"] == 2


class TestAges:
    @pytest.mark.parametrize("days", [-8, 0.1])
    async def test_too_old_and_too_young_are_refused(
        self, patient_stack: Stack, days: float
    ) -> None:
        await patient_stack.add_partner()
        answer = await patient_stack.api.post(
            "/v1/events", json=make_event(occurred_at=_days(days))
        )
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "occurred_at"

    async def test_history_is_recorded_and_nothing_is_sent(self, patient_stack: Stack) -> None:
        stack = patient_stack
        async with Merchant() as merchant:
            await stack.open_shop(merchant.url)
            async with stack.worker():
                old = await stack.send(make_event(occurred_at=_days(-300), notify=False))
                new = await stack.send(make_event())
                await stack.delivery(new, "delivered")
                [skipped] = await stack.deliveries(old, "skipped")
        assert skipped["skip_reason"] == "recorded_only"
        assert [one.webhook_id for one in merchant.received] == [new]


@pytest.mark.extended
class TestBadDays:
    async def test_a_database_that_takes_nothing_is_a_503_and_the_batch_is_sent_again(
        self, patient_stack: Stack
    ) -> None:
        """It becomes read-only in the middle of running, as a replica is."""
        stack = patient_stack
        await stack.add_partner()
        batch = {"events": [make_event() for _ in range(30)]}
        heal = _make_read_only(stack.database)
        answer = await stack.api.post("/v1/events/batch", json=batch)
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "5"
        assert answer.json()["type"] == "/problems/store-unavailable"
        heal()
        again = await stack.api.post("/v1/events/batch", json=batch)
        assert [one["duplicate"] for one in again.json()["items"]] == [False] * len(batch["events"])

    async def test_temporal_away_and_back(self, database: Database, unused_tcp_port: int) -> None:
        client = await Client.connect(f"127.0.0.1:{unused_tcp_port}", lazy=True)
        async with open_stack(client, database) as stack, Merchant() as merchant:
            await stack.open_shop(merchant.url)
            event_id = await stack.send(make_event())
            ready = await stack.api.get("/readyz")
            assert (ready.status_code, ready.json()["database"]) == (200, "ok")
            assert "Temporal" in ready.json()["temporal"]
            async with _temporal_at(unused_tcp_port) as environment:
                await register_search_attributes(environment.client)
                async with (
                    open_stack(environment.client, database, stack.task_queue) as served,
                    served.worker(),
                ):
                    await stack.delivery(event_id, "delivered")
                    assert (await stack.api.get("/readyz")).json()["temporal"] == "ok"


@pytest.mark.extended
class TestTheDispatcher:
    async def test_a_dead_dispatcher_s_lease_is_taken_over(self, patient_stack: Stack) -> None:
        stack = patient_stack
        await stack.add_partner(sms_enabled=False)
        event_id = await stack.send(make_event())
        an_hour_ago = utc_now() - timedelta(hours=1)
        leased = await stack.database.write(
            outbox.lease, limit=9, now=an_hour_ago, duration=timedelta(seconds=30)
        )
        assert [one.event_id for one in leased] == [event_id]
        async with stack.worker():
            await stack.delivery(event_id, "skipped")

    @pytest.mark.parametrize(
        ("longest", "one_more"),
        [
            ("A" * 253, "A"),
            ("क" * 42, "क"),
            ("\N{GRINNING FACE}" * 21, "\N{GRINNING FACE}"),
            ('"' * 126, '"'),
        ],
        ids=["ASCII", "Devanagari", "emoji", "quotes"],
    )
    async def test_the_longest_order_id_is_delivered_and_found_and_one_more_is_a_422(
        self, patient_stack: Stack, longest: str, one_more: str
    ) -> None:
        stack = patient_stack
        await stack.add_partner(sms_enabled=False)
        too_long = make_event(data=make_groups(order=make_order(order_id=longest + one_more)))
        assert (await stack.api.post("/v1/events", json=too_long)).status_code == 422
        event_id = await stack.send(
            make_event(data=make_groups(order=make_order(order_id=longest)))
        )
        async with stack.worker():
            await stack.delivery(event_id, "skipped")
        handle = stack.client.get_workflow_handle(workflow_id(event_id))
        described = await handle.describe()
        assert described.typed_search_attributes.get(ORDER_ID) == longest

    async def test_two_dispatchers_start_each_event_once(
        self, patient_stack: Stack, database_url: str
    ) -> None:
        stack = patient_stack
        async with Merchant() as merchant:
            await stack.open_shop(merchant.url)
            other = Database(database_url, KEYRING)
            client = await Client.connect(stack.client.service_client.config.target_host)
            async with open_stack(client, other, stack.task_queue) as second:
                events = [make_event() for _ in range(30)]
                async with stack.worker(), second.worker():
                    await stack.api.post("/v1/events/batch", json={"events": events})
                    await merchant.wait_for(30, timeout=60)
                    for one in events:
                        await stack.delivery(one["event_id"], "delivered")
            other.close()
        assert len({one.webhook_id for one in merchant.received}) == len(merchant.received) == 30


def _days(number: float) -> str:
    return (datetime.now(UTC) + timedelta(days=number)).isoformat()


@asynccontextmanager
async def _temporal_at(port: int) -> AsyncIterator[WorkflowEnvironment]:
    async with await WorkflowEnvironment.start_local(
        port=port,
        dev_server_existing_path=temporal_binary(),
        dev_server_extra_args=["--log-level", "error"],
    ) as environment:
        yield environment


def _make_read_only(database: Database) -> Callable[[], None]:
    """Make a running database refuse what would change it; gives the way back."""

    def switch(setting: str) -> None:
        conninfo = database.url.replace("postgresql+psycopg:", "postgresql:")
        name = database.engine.url.database
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute(f"ALTER DATABASE {name} {setting}".encode())
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    switch("SET default_transaction_read_only = on")
    return lambda: switch("RESET default_transaction_read_only")
