"""A killed worker, a deploy and a mistake of ours cost the partner no attempt."""

import asyncio
import signal
from datetime import timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from sandbox.merchant import Merchant
from sandbox.steps import Answer, Hang
from tests.support.factories import make_event
from tests.support.mistaken import MistakenSender
from tests.support.stack import Stack
from tests.support.worker_process import worker_process

pytestmark = pytest.mark.extended

SCHEDULED = {"rate_limit": 100}
"""Where there is a limit to the rate, scheduled activities make all attempts."""


class TestWhatIsNotCharged:
    async def test_of_503_kill_503_bug_503_503_exactly_the_four_answers_are_charged(
        self, shared_queue_stack: Stack, temporal: WorkflowEnvironment, database_url: str
    ) -> None:
        stack = shared_queue_stack
        script = [Answer(503), Hang(), *[Answer(503)] * 3]
        async with Merchant(behaviour=script) as merchant:
            await stack.open_shop(merchant.url)
            event_id = await stack.send(make_event())
            handle = stack.handle(event_id)
            with worker_process(temporal, database_url) as process:
                await stack.after_attempts(event_id, 1, timeout=90)  # a process starts first
                await temporal.fast_forward(handle, 33)
                await merchant.wait_until(lambda: merchant.hanging == 1)
                process.send_signal(signal.SIGKILL)
                process.wait()
            async with stack.worker(sender=MistakenSender(at=2)):
                await stack.after_attempts(event_id, 3)  # after the heartbeat time-out: 503
                await temporal.fast_forward(handle, 132)
                await stack.after_attempts(event_id, 5)  # our mistake, soon after it a 503
                await temporal.fast_forward(handle, 528)
                delivery = await stack.delivery(event_id, "dead_lettered")
        attempts = delivery["attempts"]
        assert [(one["state"], one["charged"]) for one in attempts] == [
            ("failed", True),
            ("interrupted", False),
            ("failed", True),
            ("interrupted", False),
            ("failed", True),
            ("failed", True),
        ]
        assert [one["code"] for one in attempts if one["charged"]] == ["http_503"] * 4

    async def test_a_deploy_in_the_middle_of_an_attempt(self, patient_stack: Stack) -> None:
        stack = patient_stack
        async with Merchant(behaviour=[Hang(), Answer(200)]) as merchant:
            await stack.open_shop(merchant.url, **SCHEDULED)
            async with stack.worker(grace=timedelta(milliseconds=100)):
                event_id = await stack.send(make_event())
                await merchant.wait_until(lambda: merchant.hanging == 1)
            async with stack.worker():
                delivery = await stack.delivery(event_id, "delivered")
        assert [(one["state"], one["charged"]) for one in delivery["attempts"]] == [
            ("interrupted", False),
            ("succeeded", False),
        ]


class TestAWorkerProcessThatIsAskedToEnd:
    async def test_it_finishes_its_attempt_while_another_takes_over_at_once(
        self, shared_queue_stack: Stack, temporal: WorkflowEnvironment, database_url: str
    ) -> None:
        stack = shared_queue_stack
        async with Merchant(behaviour=[Hang(), Answer(200)]) as merchant:
            await stack.open_shop(merchant.url, **SCHEDULED)
            with (
                worker_process(temporal, database_url) as leaving,
                worker_process(temporal, database_url) as staying,
            ):
                held_up = await stack.send(make_event())
                await merchant.wait_until(lambda: merchant.hanging == 1, timeout=60)
                owner = await stack.owner_of_attempt(held_up, [leaving.pid, staying.pid])
                if owner == staying.pid:
                    leaving, staying = staying, leaving
                leaving.send_signal(signal.SIGTERM)
                await stack.delivery(await stack.send(make_event()), "delivered")
                assert leaving.poll() is None  # it still holds the first attempt
                merchant.release()
                delivery = await stack.delivery(held_up, "delivered")
                assert await asyncio.to_thread(leaving.wait) == 0
        assert [one["state"] for one in delivery["attempts"]] == ["succeeded"]

    async def test_it_finishes_a_first_attempt_that_is_part_of_a_workflow_task(
        self, shared_queue_stack: Stack, temporal: WorkflowEnvironment, database_url: str
    ) -> None:
        stack = shared_queue_stack
        async with Merchant(behaviour=[Hang(), Answer(200)]) as merchant:
            await stack.open_shop(merchant.url)
            with worker_process(temporal, database_url) as leaving:
                event_id = await stack.send(make_event())
                await merchant.wait_until(lambda: merchant.hanging == 1, timeout=60)
                leaving.send_signal(signal.SIGTERM)
                merchant.release()
                delivery = await stack.delivery(event_id, "delivered")
                assert await asyncio.to_thread(leaving.wait) == 0
        assert [one["state"] for one in delivery["attempts"]] == ["succeeded"]


class TestCancelledByOps:
    async def test_what_is_open_ends_as_a_dead_letter_that_says_so(
        self, patient_stack: Stack
    ) -> None:
        stack = patient_stack
        async with Merchant(behaviour=[Answer(503), Answer(200)]) as merchant:
            await stack.open_shop(merchant.url)
            async with stack.worker():
                event_id = await stack.send(make_event())
                await stack.after_attempts(event_id, 1)
                await stack.handle(event_id).cancel()
                dead = await stack.delivery(event_id, "dead_lettered")
                assert dead["dead_letters"][0]["reason"] == "cancelled_by_ops"
                await stack.ended(event_id)
                await stack.retry(dead["id"])
                await stack.delivery(event_id, "delivered")


class TestAMistakeThatRepeats:
    async def test_it_ends_as_a_dead_letter_that_says_so_and_can_be_sent_again(
        self, stack: Stack
    ) -> None:
        async with Merchant() as merchant:
            endpoint = await stack.open_shop(merchant.url)
            async with stack.worker(sender=MistakenSender(at=None)):
                event_id = await stack.send(make_event())
                dead = await stack.delivery(event_id, "dead_lettered", timeout=60)
            assert dead["dead_letters"][0]["reason"] == "our_fault"
            assert not any(one["charged"] for one in dead["attempts"])
            assert merchant.received == []
            async with stack.worker():
                health = await stack.api.get(f"/v1/endpoints/{endpoint['id']}/health")
                assert health.json()["state"] == "untried"
                assert (await stack.retry(dead["id"])).status_code == 202
                await stack.delivery(event_id, "delivered")
