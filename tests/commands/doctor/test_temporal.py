"""The doctor and Temporal: what it lacks, who works for it, when the retention last did."""

import os
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from google.protobuf.duration_pb2 import Duration
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client, ScheduleHandle, ScheduleOverlapPolicy
from temporalio.runtime import Runtime, TelemetryConfig
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from background.retention_schedule import schedule_retention
from commands.doctor.checks import Check, Finding
from contracts.clock import utc_now
from contracts.delivery import names
from dispatch.connection import HEARTBEATS_EVERY, connect, worker_runtime
from dispatch.workers import LONGEST_POLL, SEEN_WITHIN, workers_at_work
from store.db.database import Database
from temporal_worker import identity
from tests.commands.doctor.examined import examined
from tests.support.stack import Stack, open_stack
from tests.support.waiting import eventually
from tests.support.worker_process import worker_process

pytestmark = pytest.mark.usefixtures("temporal_is_there")


async def check(name: str, now: datetime | None = None) -> Check:
    """What is said of one thing, at a moment."""
    return (await examined(lambda: now or utc_now()))[name]


class TestWhatItLacks:
    async def test_nothing_but_a_worker(self) -> None:
        found = await examined()
        assert found["Temporal"].finding is Finding.OK
        assert found["search attributes"].finding is Finding.OK

    async def test_search_attributes(
        self, temporal: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        namespace = f"bare-{uuid4().hex[:8]}"
        day = Duration(seconds=86_400)
        await temporal.client.workflow_service.register_namespace(
            RegisterNamespaceRequest(namespace=namespace, workflow_execution_retention_period=day)
        )
        monkeypatch.setenv("TEMPORAL_NAMESPACE", namespace)

        async def look() -> Check:
            return await check("search attributes")

        found = await eventually(look, lambda seen: seen.seen.startswith("missing: "))
        assert found.finding is Finding.MISSING
        assert found.seen == "missing: DeliveryState, EventType, OrderId, PartnerId"
        assert found.advice == "run `doorstep migrate`"


class TestWorkers:
    @pytest.mark.extended
    async def test_one_counts_that_was_seen_within_seconds(
        self, temporal: WorkflowEnvironment, database: Database
    ) -> None:
        target = temporal.client.service_client.config.target_host
        client = await connect({"target_host": target}, runtime=worker_runtime(None))
        async with open_stack(client, database) as stack, stack.worker():
            assert await heartbeat_of(client, stack.task_queue) == {identity()}
            in_time = utc_now() + HEARTBEATS_EVERY
            assert 2 * HEARTBEATS_EVERY < SEEN_WITHIN
            assert await workers_at_work(client, stack.task_queue, lambda: in_time) == {identity()}

    async def test_without_heartbeats_an_idle_one_is_silent_for_a_minute(
        self, temporal: WorkflowEnvironment, database: Database
    ) -> None:
        runtime = Runtime(telemetry=TelemetryConfig(), worker_heartbeat_interval=None)
        target = temporal.client.service_client.config.target_host
        client = await connect({"target_host": target}, runtime=runtime)
        async with open_stack(client, database) as stack, stack.worker():

            async def at_work(after_s: float = 0) -> set[str]:
                later = utc_now() + timedelta(seconds=after_s)
                return await workers_at_work(client, stack.task_queue, lambda: later)

            await eventually(at_work)
            assert await at_work(60) == {identity()}
            assert await at_work(LONGEST_POLL.total_seconds() + 30) == set()

    @pytest.mark.extended
    async def test_one_that_is_frozen_is_missing_within_seconds_and_back_at_once(
        self, temporal: WorkflowEnvironment, database_url: str
    ) -> None:
        with worker_process(temporal, database_url) as process:
            await seen(process, Finding.OK)
            await heartbeat_of(temporal.client, names.TASK_QUEUE)
            process.send_signal(signal.SIGSTOP)
            try:
                found = await seen(process, Finding.MISSING)
                assert "frozen" in found.seen
                assert "`doorstep worker`" in found.advice
            finally:
                process.send_signal(signal.SIGCONT)
            await seen(process, Finding.OK)

    @pytest.mark.extended
    async def test_one_that_was_killed_is_missing_within_seconds(
        self, temporal: WorkflowEnvironment, database_url: str
    ) -> None:
        with worker_process(temporal, database_url) as process:
            await seen(process, Finding.OK)
            await heartbeat_of(temporal.client, names.TASK_QUEUE)
            process.kill()
            await seen(process, Finding.MISSING)


async def heartbeat_of(client: Client, task_queue: str) -> set[str]:
    """Wait for the first heartbeat of the only worker of a queue: from then on its polls, which
    would do for a minute, do no longer. Gives who it is."""
    too_late = SEEN_WITHIN + timedelta(seconds=1)

    async def look() -> tuple[set[str], set[str]]:
        now = await workers_at_work(client, task_queue, utc_now)
        later = utc_now() + too_late
        return now, await workers_at_work(client, task_queue, lambda: later)

    return (await eventually(look, lambda one: bool(one[0]) and not one[1]))[0]


async def seen(process: "subprocess.Popen[bytes]", finding: Finding) -> Check:
    """What the doctor says of the worker, once it is this."""
    os.kill(process.pid, 0)

    async def look() -> Check:
        return await check("worker")

    return await eventually(look, lambda one: one.finding is finding, timeout=60)


class TestTheRetention:
    @pytest.fixture
    async def schedule(self, patient_stack: Stack) -> AsyncIterator[ScheduleHandle]:
        """The schedule, on the queue of the stack; its next round is an hour away."""
        every = timedelta(hours=1)
        await schedule_retention(patient_stack.client, every, patient_stack.task_queue)
        handle = patient_stack.client.get_schedule_handle(names.RETENTION_SCHEDULE)
        yield handle
        await handle.delete()

    async def at(self, now: datetime) -> Check:
        """What is said of it at a moment."""
        found = await examined(lambda: now, retention_every=3600)
        return found["retention"]

    async def test_that_no_worker_has_scheduled_yet(self, patient_client: Client) -> None:
        with suppress(RPCError):
            await patient_client.get_schedule_handle(names.RETENTION_SCHEDULE).delete()

        async def look() -> Check:
            return await self.at(utc_now())

        found = await eventually(look, lambda one: one.finding is Finding.NOTE)
        assert found.seen == "no schedule erases old data yet"

    async def test_that_has_not_succeeded_for_long(
        self, schedule: ScheduleHandle, patient_stack: Stack, patient_client: Client
    ) -> None:
        async with patient_stack.worker():
            await schedule.trigger(overlap=ScheduleOverlapPolicy.ALLOW_ALL)

            async def look() -> Check:
                return await self.at(utc_now())

            found = await eventually(look, lambda one: "succeeded at" in one.seen)
        assert found.finding is Finding.OK
        late = await self.at(utc_now() + timedelta(hours=6))
        assert late.finding is Finding.WRONG
        assert "has not succeeded since" in late.seen
        await schedule.pause()
        paused = await self.at(utc_now() + timedelta(hours=6))
        assert paused.finding is Finding.NOTE
        assert names.RETENTION_SCHEDULE in paused.advice
