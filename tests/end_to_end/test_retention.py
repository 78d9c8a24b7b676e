"""The retention: a real Temporal Schedule erases what has ended, and its history says nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlmodel import col, select
from temporalio.client import Client, ScheduleHandle
from temporalio.service import RPCError, RPCStatusCode

from background.retention_schedule import RetentionSchedule, schedule_retention
from commands.privacy import erase
from contracts.access.audit import AuditAction
from contracts.clock import utc_now
from contracts.delivery import names
from contracts.delivery.messages import RetryRequest
from contracts.delivery.retention import RetentionJob
from contracts.delivery.states import SkipReason
from sandbox.merchant import Merchant
from sandbox.steps import Answer
from settings import Settings
from store.events.outbox import startables
from store.retention.jobs import job_standings
from store.tables import AuditEntryRow, DeadLetterRow, EventRow, PayloadRow
from tests.support.encryption import KEY
from tests.support.factories import make_event
from tests.support.shelf import Shelf
from tests.support.stack import Stack
from tests.support.waiting import eventually

pytestmark = pytest.mark.extended

EVERY = timedelta(seconds=1)


@pytest.fixture
async def schedule(patient_stack: Stack) -> AsyncIterator[ScheduleHandle]:
    """The schedule, on the queue of the stack, with no round of another worker in its way."""
    await no_rounds_left(patient_stack.client)
    await schedule_retention(patient_stack.client, EVERY, patient_stack.task_queue)
    handle = patient_stack.client.get_schedule_handle(names.RETENTION_SCHEDULE)
    yield handle
    await handle.delete()


async def rounds(client: Client) -> list[str]:
    """The ids of the rounds that have ended."""
    query = f"WorkflowType = '{names.RETENTION}' AND ExecutionStatus = 'Completed'"
    return [one.id async for one in client.list_workflows(query)]


async def no_rounds_left(client: Client) -> None:
    """Remove what the worker processes of other tests have left on the shared server: a schedule,
    and a round that waits for a worker for ever, so that no other begins."""
    with suppress(RPCError):
        await client.get_schedule_handle(names.RETENTION_SCHEDULE).delete()
    query = f"WorkflowType = '{names.RETENTION}' AND ExecutionStatus = 'Running'"

    async def left() -> int:
        running = [one.id async for one in client.list_workflows(query)]
        for workflow_id in running:
            with suppress(RPCError):
                await client.get_workflow_handle(workflow_id).terminate()
        return len(running)

    await eventually(left, lambda number: number == 0)


async def test_it_is_made_although_temporal_was_away_at_first(
    patient_client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing may be said of what is erased: a schedule of an earlier start may be there."""
    create, asked = patient_client.create_schedule, count(1)

    async def away_at_first(*arguments: Any, **named: Any) -> ScheduleHandle:
        if next(asked) < 3:
            raise RPCError("connection refused", RPCStatusCode.UNAVAILABLE, b"")
        return await create(*arguments, **named)

    await no_rounds_left(patient_client)
    monkeypatch.setattr(patient_client, "create_schedule", away_at_first)
    soon = timedelta(milliseconds=10)
    await RetentionSchedule(patient_client, timedelta(days=1), "nobody", soon).run(asyncio.Event())
    handle = patient_client.get_schedule_handle(names.RETENTION_SCHEDULE)
    assert (await handle.describe()).schedule.spec.intervals[0].every == timedelta(days=1)
    assert [
        one.levelname for one in caplog.records if one.name == "background.retention_schedule"
    ] == ["WARNING"]
    await handle.delete()


class TestTheSchedule:
    async def test_it_erases_what_has_ended_and_its_history_says_nothing(
        self, patient_stack: Stack, schedule: ScheduleHandle
    ) -> None:
        stack, shelf = patient_stack, Shelf(patient_stack.database)
        async with Merchant() as merchant, stack.worker():
            await stack.open_shop(merchant.url)
            used = await stack.send(make_event("out_for_delivery"))
            await stack.delivery(used, "delivered")
            await stack.send(make_event("delivered"))
            old = await stack.send(make_event())
            await stack.delivery(old, "delivered")
            long_ago = utc_now() - timedelta(days=31)
            await shelf.change(EventRow, old, accepted_at=long_ago)
            row = await eventually(
                lambda: shelf.one(EventRow, used),
                lambda row: row.otp_erased_at is not None,
                timeout=60,
            )
            assert row.erased_at is None
            await eventually(
                lambda: shelf.one(EventRow, old), lambda row: row.erased_at is not None
            )
            [first, *_] = await eventually(lambda: rounds(stack.client))
            handle = stack.client.get_workflow_handle(first)
            told = (await handle.fetch_history()).to_json()
        assert b'"code":null' in await shelf.payload_bytes(used)
        assert (await shelf.one(PayloadRow, (old, "1.0"))).body == b""
        for word in (used, old, "Asha", "9876543210", "483920"):
            assert word not in told

    async def test_it_erases_and_then_drops_what_is_older_than_rows_are_kept(
        self, patient_stack: Stack, schedule: ScheduleHandle
    ) -> None:
        stack, shelf = patient_stack, Shelf(patient_stack.database)
        async with Merchant() as merchant, stack.worker():
            await stack.open_shop(merchant.url)
            old = await stack.send(make_event())
            await stack.delivery(old, "delivered")
            long_ago = utc_now() - timedelta(days=401)
            await shelf.change(EventRow, old, accepted_at=long_ago)
            await eventually(lambda: shelf.count(EventRow), lambda left: left == 0, timeout=60)
            assert await shelf.count(PayloadRow) == 0
            assert (await stack.api.get(f"/v1/events/{old}")).status_code == 404
            standings = await eventually(
                lambda: stack.database.read(job_standings),
                lambda found: set(found) == {*RetentionJob},
            )
        assert all(one.kept == 0 for one in standings.values())

    async def test_it_expires_dead_letters(
        self, patient_stack: Stack, schedule: ScheduleHandle
    ) -> None:
        stack, shelf = patient_stack, Shelf(patient_stack.database)
        async with Merchant(behaviour=Answer(410)) as merchant, stack.worker():
            await stack.open_shop(merchant.url)
            event_id = await stack.send(make_event())
            dead = await stack.delivery(event_id, "dead_lettered")
            [dead_letter] = await shelf.all_of(DeadLetterRow, dead["id"])
            await shelf.change(DeadLetterRow, dead_letter.id, expires_at=utc_now())
            expired = await stack.delivery(event_id, "expired")
            assert expired["dead_letters"][0]["resolution"] == "expired"
            assert (await stack.retry(dead["id"])).status_code == 409

    async def test_it_is_made_once_and_stays_paused_where_ops_paused_it(
        self, patient_stack: Stack, schedule: ScheduleHandle
    ) -> None:
        await schedule.pause(note="by ops")
        await schedule_retention(patient_stack.client, timedelta(seconds=7), "another-queue")
        seen = (await schedule.describe()).schedule
        assert seen.state.paused
        assert [one.every for one in seen.spec.intervals] == [timedelta(seconds=7)]


class TestErasingACustomer:
    async def test_nothing_is_sent_afterwards_and_the_api_says_why(
        self, patient_stack: Stack, database_url: str
    ) -> None:
        stack = patient_stack
        settings = Settings(database_url=database_url, encryption_keys=KEY.as_setting())
        async with Merchant(behaviour=Answer(503)) as merchant, stack.worker():
            await stack.open_shop(merchant.url)
            event_id = await stack.send(make_event("out_for_delivery"))
            await stack.after_attempts(event_id, 1)
            erased = await erase(settings, "98765 43210", utc_now)
            assert (erased.events, erased.payloads, erased.deliveries_ended) == (1, 1, 1)
            [delivery] = (await stack.event(event_id))["deliveries"]
            assert (delivery["state"], delivery["skip_reason"]) == ("skipped", SkipReason.ERASED)
            assert (await stack.event(event_id))["erased_at"] is not None
            refused = await stack.retry(delivery["id"])
            assert (refused.status_code, refused.json()["type"]) == (409, "/problems/erased")
            [event] = await stack.database.read(startables, [event_id])
            await stack.gateway.request_retry(event, RetryRequest("ops", [delivery["id"]]))
            await stack.ended(event_id)
        assert len(merchant.received) == 1
        query = select(AuditEntryRow).where(
            col(AuditEntryRow.action) == AuditAction.CUSTOMER_ERASED
        )
        [entry] = await stack.database.read(lambda session: session.exec(query).all())
        assert entry.details["events"] == 1
        assert "98765" not in f"{entry.object_id} {entry.details}"
