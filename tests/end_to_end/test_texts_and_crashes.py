"""Workers killed around a text, and a Twilio that is down: each customer gets each text once."""

import signal
import subprocess
from collections import Counter
from typing import Any

import pytest
from temporalio.api.enums.v1.workflow_pb2 import PENDING_ACTIVITY_STATE_SCHEDULED
from temporalio.client import WorkflowExecutionDescription, WorkflowHistory
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from sandbox.twilio import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN, TwilioSandbox
from sandbox.twilio_steps import Hang
from tests.support.factories import make_event
from tests.support.parts import SENDER
from tests.support.stack import Stack
from tests.support.waiting import eventually
from tests.support.worker_process import worker_process

pytestmark = pytest.mark.extended

PHONES = [f"+91984501234{digit}" for digit in range(4)]


def twilio_at(url: str, **more: str) -> dict[str, str]:
    """The worker's settings for a Twilio there."""
    return {
        "TWILIO_ACCOUNT_SID": DEFAULT_ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": DEFAULT_AUTH_TOKEN,
        "TWILIO_SENDER": SENDER,
        "TWILIO_BASE_URL": url,
        **more,
    }


async def after_attempts(stack: Stack, event_ids: list[str], count: int) -> None:
    """Wait until Temporal knows that each event's text was refused so many times, and waits: a
    worker that is killed before it could tell has its attempt made again at once. After the first
    one, which is part of a workflow task, a timer waits."""

    def has_timer(history: WorkflowHistory) -> bool:
        return any(one.HasField("timer_started_event_attributes") for one in history.events)

    def waits(seen: WorkflowExecutionDescription) -> bool:
        return any(
            one.attempt == count and one.state == PENDING_ACTIVITY_STATE_SCHEDULED
            for one in seen.raw_description.pending_activities
        )

    for event_id in event_ids:
        handle = stack.handle(event_id)
        if count == 1:
            await eventually(handle.fetch_history, has_timer, timeout=60, ignoring=RPCError)
        else:
            await eventually(handle.describe, waits, timeout=60, ignoring=RPCError)


def kill(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


class TestTwilioDownForTenMinutes:
    async def test_with_two_workers_killed_each_customer_gets_the_text_once(
        self,
        shared_queue_stack: Stack,
        temporal: WorkflowEnvironment,
        database_url: str,
        unused_tcp_port: int,
    ) -> None:
        """The attempts after 0, 30 and 150 s find nobody; the one after 630 s does. In between the
        worker is killed twice."""
        stack = shared_queue_stack
        settings = twilio_at(f"http://127.0.0.1:{unused_tcp_port}")
        await stack.add_partner(tier="smb")
        with worker_process(temporal, database_url, **settings) as process:
            events = [await self._send(stack, phone) for phone in PHONES]
            await after_attempts(stack, events, 1)
            kill(process)
        with worker_process(temporal, database_url, **settings) as process:
            await self._skip(stack, temporal, events, 30)
            await after_attempts(stack, events, 2)
            kill(process)
        with worker_process(temporal, database_url, **settings):
            await self._skip(stack, temporal, events, 120)
            await after_attempts(stack, events, 3)
            async with TwilioSandbox(port=unused_tcp_port) as twilio:
                await self._skip(stack, temporal, events, 480)
                for event_id in events:
                    await stack.delivery(event_id, "delivered")
                    await stack.ended(event_id)
        assert Counter(message.to for message in twilio.messages) == Counter(PHONES)

    async def _send(self, stack: Stack, phone: str) -> str:
        event = make_event("out_for_delivery")
        event["data"]["order"]["customer"]["phone"] = phone
        event["data"]["order"]["order_id"] = f"ORD-{phone[-4:]}"
        return await stack.send(event)

    async def _skip(
        self, stack: Stack, temporal: WorkflowEnvironment, events: list[str], seconds: int
    ) -> None:
        for event_id in events:
            await temporal.fast_forward(stack.handle(event_id), seconds)


class TestTheOwnersYes:
    async def test_before_it_nobody_is_texted_and_a_killed_worker_loses_nothing(
        self, shared_queue_stack: Stack, temporal: WorkflowEnvironment, database_url: str
    ) -> None:
        """One order comes while texts wait for the yes. The worker is killed; another order comes,
        then the yes. What is planned after the yes is texted, what was skipped stays so."""
        stack = shared_queue_stack
        await stack.add_partner(tier="smb", sms_enabled=None)
        async with TwilioSandbox() as twilio, stack.called_by_twilio() as url:
            settings = twilio_at(twilio.base_url, DOORSTEP_PUBLIC_URL=url)
            with worker_process(temporal, database_url, **settings) as process:
                before = await stack.send(_confirmed(PHONES[0]))
                await stack.delivery(before, "skipped")
                kill(process)
            waiting = await stack.send(_confirmed(PHONES[1]))
            await stack.api.patch("/v1/partners/shop", json={"sms_enabled": True})
            with worker_process(temporal, database_url, **settings):
                after = await stack.send(_confirmed(PHONES[2]))
                for event_id in (waiting, after):
                    await stack.delivery(event_id, "delivered")
        skipped = await stack.delivery(before, "skipped")
        assert skipped["skip_reason"] == "sms_awaits_owner"
        assert Counter(message.to for message in twilio.messages) == Counter(PHONES[1:3])


def _confirmed(phone: str) -> dict[str, Any]:
    """An order of its own of the customer with this phone."""
    event = make_event()
    event["data"]["order"]["customer"]["phone"] = phone
    event["data"]["order"]["order_id"] = f"ORD-{phone[-4:]}"
    return event


class TestKilledBetweenTheClaimAndTheAnswer:
    async def test_twilio_had_taken_it_and_the_callback_tells(
        self, shared_queue_stack: Stack, temporal: WorkflowEnvironment, database_url: str
    ) -> None:
        stack = shared_queue_stack
        async with (
            TwilioSandbox(behaviour=Hang(taken=True), callbacks=None) as twilio,
            stack.called_by_twilio() as url,
        ):
            settings = twilio_at(twilio.base_url, DOORSTEP_PUBLIC_URL=url)
            await stack.add_partner(tier="smb")
            with worker_process(temporal, database_url, **settings) as process:
                event_id = await stack.send(make_event())
                await twilio.wait_until(lambda: twilio.hanging == 1, timeout=60)
                kill(process)
            with worker_process(temporal, database_url, **settings):
                dead = await self._given_up(stack, event_id)
                assert dead["dead_letters"][0]["reason"] == "unknown"
                [message] = twilio.messages
                told = await twilio.callback(message.sid, "delivered")
                assert told is not None
                assert told.answer == 204
                shown = await stack.delivery(event_id, "delivered")
        assert shown["dead_letters"][0]["resolution"] == "delivered"
        assert [one["state"] for one in shown["sms"]] == ["delivered"]
        assert len(twilio.attempts) + twilio.hanging == 1

    async def test_twilio_had_not_and_it_stays_unknown_for_a_person(
        self, shared_queue_stack: Stack, temporal: WorkflowEnvironment, database_url: str
    ) -> None:
        stack = shared_queue_stack
        async with TwilioSandbox(behaviour=Hang(taken=False)) as twilio:
            settings = twilio_at(twilio.base_url)
            await stack.add_partner(tier="smb")
            with worker_process(temporal, database_url, **settings) as process:
                event_id = await stack.send(make_event())
                await twilio.wait_until(lambda: twilio.hanging == 1, timeout=60)
                kill(process)
            with worker_process(temporal, database_url, **settings):
                dead = await self._given_up(stack, event_id)
                assert (await stack.retry(dead["id"])).status_code == 409
        assert [one["state"] for one in dead["sms"]] == ["unknown"]
        assert (len(twilio.messages), len(twilio.attempts)) == (0, 1)

    async def _given_up(self, stack: Stack, event_id: str) -> dict[str, Any]:
        """The delivery, after the next worker has found the claim that the killed one left."""
        shown = await eventually(
            lambda: stack.event(event_id),
            lambda event: event["deliveries"][0]["state"] == "dead_lettered",
            timeout=60,
        )
        await stack.ended(event_id)
        delivery: dict[str, Any] = shown["deliveries"][0]
        return delivery
