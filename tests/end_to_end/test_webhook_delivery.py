"""An event's way to the merchant: every outcome of the retry schedule, on the real server."""

import pytest
from temporalio.api.history.v1 import TimerStartedEventAttributes
from temporalio.client import WorkflowHandle, WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from contracts.delivery.retry import JITTER
from sandbox.merchant import Merchant
from sandbox.steps import Answer
from tests.support.factories import make_event
from tests.support.stack import Stack
from tests.support.waiting import eventually

DELAYS = [30, 120, 480]


class TestTheSchedule:
    @pytest.mark.parametrize("failures", [0, 1, 3])
    async def test_an_attempt_that_succeeds_ends_the_delivery(
        self, stack: Stack, failures: int
    ) -> None:
        async with Merchant(behaviour=[Answer(503)] * failures + [Answer(200)]) as merchant:
            endpoint = await stack.open_shop(merchant.url)
            merchant.secrets = [endpoint["secret"]]
            async with stack.worker():
                event_id = await stack.send(make_event())
                delivery = await stack.delivery(event_id, "delivered")
        assert [one["status_code"] for one in delivery["attempts"]] == [503] * failures + [200]
        assert [one["charged"] for one in delivery["attempts"]] == [True] * failures + [False]
        assert len(merchant.received) == failures + 1
        assert all(one.verified for one in merchant.received)
        assert {one.webhook_id for one in merchant.received} == {event_id}

    async def test_the_server_waits_30_120_and_480_seconds_and_up_to_a_tenth_more(
        self, patient_stack: Stack, temporal: WorkflowEnvironment
    ) -> None:
        async with Merchant(behaviour=Answer(503)) as merchant:
            await patient_stack.open_shop(merchant.url)
            async with patient_stack.worker():
                event_id = await patient_stack.send(make_event())
                handle = patient_stack.handle(event_id)
                waits = []
                for number, delay in enumerate(DELAYS, start=1):
                    await patient_stack.after_attempts(event_id, number)
                    waits.append(await _scheduled_wait(handle, number))
                    await temporal.fast_forward(handle, delay * (1 + JITTER))
                delivery = await patient_stack.delivery(event_id, "dead_lettered")
        for wait, delay in zip(waits, DELAYS, strict=True):
            assert delay - 0.001 <= wait <= delay * (1 + JITTER) + 0.001
        assert len(delivery["attempts"]) == 4

    async def test_all_attempts_failing_make_a_dead_letter_that_a_retry_delivers(
        self, stack: Stack
    ) -> None:
        async with Merchant(behaviour=[Answer(500)] * 4 + [Answer(204)]) as merchant:
            await stack.open_shop(merchant.url)
            async with stack.worker():
                event_id = await stack.send(make_event())
                dead = await stack.delivery(event_id, "dead_lettered")
                assert dead["dead_letters"][0]["reason"] == "exhausted"
                await stack.ended(event_id)

                assert (await stack.retry(dead["id"])).status_code == 202
                delivery = await stack.delivery(event_id, "delivered")
        assert [one["trigger"] for one in delivery["attempts"]] == ["scheduled"] * 4 + ["manual"]
        assert [one["number"] for one in delivery["attempts"]] == [1, 2, 3, 4, 5]
        assert delivery["dead_letters"][0]["resolution"] == "retried"
        assert len({one.body for one in merchant.received}) == 1, "the bytes never change"

    async def test_a_retry_runs_the_whole_schedule_again(self, stack: Stack) -> None:
        async with Merchant(behaviour=Answer(500)) as merchant:
            await stack.open_shop(merchant.url)
            async with stack.worker():
                event_id = await stack.send(make_event())
                dead = await stack.delivery(event_id, "dead_lettered")
                await stack.retry(dead["id"])
                await merchant.wait_for(8, timeout=30)
                delivery = await stack.delivery(event_id, "dead_lettered")
        assert delivery["round"] == 2
        assert len(delivery["dead_letters"]) == 2
        assert len(merchant.received) == 8


class TestTheAnswer:
    async def test_410_ends_it_at_once_and_switches_the_endpoint_off(self, stack: Stack) -> None:
        async with Merchant(behaviour=Answer(410)) as merchant:
            endpoint = await stack.open_shop(merchant.url)
            async with stack.worker():
                dead = await stack.delivery(await stack.send(make_event()), "dead_lettered")
                held = await stack.delivery(await stack.send(make_event()), "held")
        assert len(merchant.received) == 1
        assert dead["dead_letters"][0]["reason"] == "gone"
        assert held["attempts"] == []
        shown = (await stack.api.get(f"/v1/endpoints/{endpoint['id']}")).json()
        assert shown["state"] == "disabled"
        assert "410" in shown["state_reason"]

    async def test_a_held_delivery_goes_out_after_the_endpoint_is_switched_on(
        self, stack: Stack
    ) -> None:
        async with Merchant() as merchant:
            endpoint = await stack.open_shop(merchant.url)
            address = f"/v1/endpoints/{endpoint['id']}"
            await stack.api.patch(address, json={"state": "paused"})
            async with stack.worker():
                event_id = await stack.send(make_event())
                held = await stack.delivery(event_id, "held")
                assert (await stack.retry(held["id"])).status_code == 409
                await stack.api.patch(address, json={"state": "enabled"})
                assert (await stack.retry(held["id"])).status_code == 202
                await stack.delivery(event_id, "delivered")

    async def test_410_to_a_test_event_leaves_the_endpoint_on(self, stack: Stack) -> None:
        async with Merchant(behaviour=[Answer(410), Answer(200)]) as merchant:
            endpoint = await stack.open_shop(merchant.url)
            address = f"/v1/endpoints/{endpoint['id']}"
            async with stack.worker():
                asked = await stack.api.post(f"{address}/test-events", json={})
                assert asked.status_code == 202, asked.text
                dead = await stack.delivery(asked.json()["event_id"], "dead_lettered")
                assert dead["dead_letters"][0]["reason"] == "gone"
                assert (await stack.api.get(address)).json()["state"] == "enabled"
                await stack.delivery(await stack.send(make_event()), "delivered")

    async def test_retry_after_makes_the_wait_longer_never_shorter(
        self, patient_stack: Stack, temporal: WorkflowEnvironment
    ) -> None:
        answers = [Answer(504, headers={"retry-after": "300"})]
        answers += [Answer(502, headers={"retry-after": "5"}), Answer(200)]
        async with Merchant(behaviour=answers) as merchant:
            await patient_stack.open_shop(merchant.url)
            async with patient_stack.worker():
                event_id = await patient_stack.send(make_event())
                handle = patient_stack.handle(event_id)
                await patient_stack.after_attempts(event_id, 1)
                longer = await _scheduled_wait(handle, 1)
                await temporal.fast_forward(handle, 330)
                await patient_stack.after_attempts(event_id, 2)
                kept = await _scheduled_wait(handle, 2)
                await temporal.fast_forward(handle, 132)
                await patient_stack.delivery(event_id, "delivered")
        assert 299.999 <= longer <= 330.001
        assert 119.999 <= kept <= 132.001

    async def test_one_that_asks_to_wait_is_not_charged_and_gets_it_when_it_says(
        self, patient_stack: Stack, temporal: WorkflowEnvironment
    ) -> None:
        answers = [Answer(429, headers={"retry-after": "300"})]
        answers += [Answer(503, headers={"retry-after": "200"}), Answer(200)]
        async with Merchant(behaviour=answers) as merchant:
            await patient_stack.open_shop(merchant.url)
            async with patient_stack.worker():
                event_id = await patient_stack.send(make_event())
                handle = patient_stack.handle(event_id)
                await patient_stack.after_attempts(event_id, 1)
                first = await _scheduled_wait(handle, 1)
                await temporal.fast_forward(handle, 330)
                await patient_stack.after_attempts(event_id, 2)
                second = await _scheduled_wait(handle, 2)
                await temporal.fast_forward(handle, 220)
                delivery = await patient_stack.delivery(event_id, "delivered")
        assert 299.999 <= first <= 330.001
        assert 199.999 <= second <= 220.001
        assert not any(one["charged"] for one in delivery["attempts"])


async def _scheduled_wait(handle: WorkflowHandle[object, object], attempts: int) -> float:
    """Seconds between the end of the last attempt and the next one, in the server's own books: a
    timer after the first, which no scheduled activity made."""
    if attempts == 1:
        history = await eventually(handle.fetch_history, lambda seen: bool(_timers(seen)))
        return _timers(history)[0].start_to_fire_timeout.ToNanoseconds() / 1e9
    described = await eventually(
        handle.describe,
        lambda seen: (
            bool(seen.raw_description.pending_activities)
            and seen.raw_description.pending_activities[0].attempt == attempts
        ),
    )
    pending = described.raw_description.pending_activities[0]
    start, end = pending.last_attempt_complete_time, pending.next_attempt_schedule_time
    return end.ToNanoseconds() / 1e9 - start.ToNanoseconds() / 1e9


def _timers(history: WorkflowHistory) -> list[TimerStartedEventAttributes]:
    return [
        one.timer_started_event_attributes
        for one in history.events
        if one.HasField("timer_started_event_attributes")
    ]
