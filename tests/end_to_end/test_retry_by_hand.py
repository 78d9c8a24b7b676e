"""Pressing retry: during a backoff, during an attempt on the wire, and after everything has
ended."""

import asyncio
from typing import Any

from sandbox.merchant import Merchant
from sandbox.steps import Answer, Hang
from tests.support.factories import make_event
from tests.support.stack import Stack


class TestDuringABackoff:
    async def test_the_next_attempt_leaves_at_once(self, patient_stack: Stack) -> None:
        stack = patient_stack
        async with Merchant(behaviour=[Answer(503), Answer(200)]) as merchant:
            await stack.open_shop(merchant.url)
            async with stack.worker():
                event_id = await stack.send(make_event())
                waiting = await stack.after_attempts(event_id, 1)
                assert waiting["next_attempt_at"] is not None
                assert (await stack.retry(waiting["id"])).status_code == 202
                delivery = await stack.delivery(event_id, "delivered")
        assert [one["trigger"] for one in delivery["attempts"]] == ["scheduled", "manual"]
        assert delivery["round"] == 2
        assert merchant.most_in_flight == 1


class TestDuringAnAttempt:
    async def test_its_success_ends_the_delivery(self, patient_stack: Stack) -> None:
        stack = patient_stack
        async with Merchant(behaviour=[Hang(), Answer(200)]) as merchant:
            await stack.open_shop(merchant.url)
            async with stack.worker():
                event_id = await stack.send(make_event())
                await merchant.wait_until(lambda: merchant.hanging == 1)
                [delivery] = (await stack.event(event_id))["deliveries"]
                assert (await stack.retry(delivery["id"])).status_code == 202
                merchant.release(200)
                delivery = await stack.delivery(event_id, "delivered")
                await stack.ended(event_id)
        assert len(merchant.received) == 1
        assert len(delivery["attempts"]) == 1

    async def test_its_failure_gives_way_to_the_retry_without_a_second_post_beside_it(
        self, patient_stack: Stack
    ) -> None:
        stack = patient_stack
        async with Merchant(behaviour=[Hang(), Answer(200)]) as merchant:
            await stack.open_shop(merchant.url)
            async with stack.worker():
                event_id = await stack.send(make_event())
                await merchant.wait_until(lambda: merchant.hanging == 1)
                [delivery] = (await stack.event(event_id))["deliveries"]
                await asyncio.gather(*(stack.retry(delivery["id"]) for _ in range(3)))
                merchant.release(503)
                delivery = await stack.delivery(event_id, "delivered")
                await stack.ended(event_id)
        assert [one["status_code"] for one in delivery["attempts"]] == [503, 200]
        assert merchant.most_in_flight == 1

    async def test_asked_to_send_again_it_does_so_even_after_a_success(
        self, patient_stack: Stack
    ) -> None:
        stack = patient_stack
        async with Merchant(behaviour=[Hang(), Answer(200)]) as merchant:
            await stack.open_shop(merchant.url)
            async with stack.worker():
                event_id = await stack.send(make_event())
                await merchant.wait_until(lambda: merchant.hanging == 1)
                [delivery] = (await stack.event(event_id))["deliveries"]
                await stack.retry(delivery["id"], resend=True)
                merchant.release(200)
                await merchant.wait_for(2)
                await stack.ended(event_id)
                delivery = await stack.delivery(event_id, "delivered")
        assert [one["status_code"] for one in delivery["attempts"]] == [200, 200]


class TestAfterTheEnd:
    async def test_a_delivered_one_is_refused_unless_it_is_to_be_sent_again(
        self, patient_stack: Stack
    ) -> None:
        stack = patient_stack
        async with Merchant() as merchant:
            await stack.open_shop(merchant.url)
            async with stack.worker():
                event_id = await stack.send(make_event())
                delivery = await stack.delivery(event_id, "delivered")
                assert (await stack.retry(delivery["id"])).status_code == 409
                assert (await stack.retry(delivery["id"], resend=True)).status_code == 202
                await merchant.wait_for(2)
                await stack.after_attempts(event_id, 2)
                await stack.ended(event_id)
        assert {one.webhook_id for one in merchant.received} == {event_id}
        assert len({one.body for one in merchant.received}) == 1

    async def test_the_other_deliveries_of_the_event_are_left_alone(self, stack: Stack) -> None:
        async with Merchant() as well, Merchant(behaviour=[Answer(500)] * 4 + [Answer(200)]) as ill:
            await stack.open_shop(well.url)
            await stack.add_endpoint(ill.url)
            async with stack.worker():
                event_id = await stack.send(make_event())
                both = await stack.deliveries(event_id, "delivered", "dead_lettered")
                [dead] = [one for one in both if one["state"] == "dead_lettered"]
                await stack.ended(event_id)
                await stack.retry(dead["id"])
                await stack.deliveries(event_id, "delivered", "delivered")
        assert len(well.received) == 1
        assert len(ill.received) == 5


class TestTheStatus:
    async def test_it_is_live_while_a_worker_runs_and_from_the_store_otherwise(
        self, patient_stack: Stack
    ) -> None:
        stack = patient_stack
        async with Merchant(behaviour=Answer(503)) as merchant:
            await stack.open_shop(merchant.url)
            event_id = await stack.send(make_event())
            assert (await _status(stack, event_id))["live"] is False
            async with stack.worker():
                await stack.after_attempts(event_id, 1)
                live = await _status(stack, event_id)
            gone = await _status(stack, event_id)
        assert live["live"] is True
        assert live["deliveries"][0]["state"] == "delivering"
        [said] = live["deliveries"]
        assert "next attempt" in said["waits_for"]
        assert (said["endpoint_host"], said["last_code"]) == ("127.0.0.1", "http_503")
        assert gone["live"] is False
        assert gone["deliveries"][0]["next_attempt_at"] is not None

    async def test_a_workflow_that_has_ended_is_not_asked(self, stack: Stack) -> None:
        async with Merchant() as merchant, stack.worker():
            await stack.open_shop(merchant.url)
            event_id = await stack.send(make_event())
            await stack.delivery(event_id, "delivered")
            assert (await _status(stack, event_id))["live"] is False


async def _status(stack: Stack, event_id: str) -> dict[str, Any]:
    answer = await stack.api.get(f"/v1/events/{event_id}/status")
    shown: dict[str, Any] = answer.json()
    return shown
