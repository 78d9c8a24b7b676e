"""Ops cancel an event: nothing more is sent, what is open becomes a dead letter that says so."""

import asyncio
from datetime import timedelta

import pytest
from temporalio.client import Client, WorkflowExecutionStatus

from contracts.delivery.messages import SendResult
from contracts.delivery.states import DeadLetterReason, DeliveryState
from tests.workflows.bench import serving
from tests.workflows.fake_activities import (
    DELIVERED,
    EXHAUSTED,
    HELD,
    Failure,
    FakeActivities,
    InFlight,
    text,
    webhook,
)

CANCELLED = WorkflowExecutionStatus.CANCELED
BY_OPS = DeadLetterReason.CANCELLED_BY_OPS


class TestCancelled:
    async def test_during_a_backoff_it_is_a_dead_letter_without_a_text(
        self, patient: Client
    ) -> None:
        fake = FakeActivities(webhook(), fallback_in_s=600.0)
        fake.answers("w", Failure(3600.0), DELIVERED)
        fake.fallback = text()
        async with serving(patient, fake) as bench:
            await bench.start()
            await bench.is_idle(attempts=1)
            await bench.handle.cancel()
            assert await bench.ended_as() is CANCELLED
        assert (fake.rounds("w"), fake.reasons(), fake.fallbacks_planned) == ([1], [BY_OPS], 0)

    @pytest.mark.parametrize("answer", [Failure(3600.0), EXHAUSTED], ids=["failure", "last"])
    async def test_in_flight_its_failure_is_the_last(
        self, patient: Client, answer: Failure | SendResult
    ) -> None:
        fake, only = FakeActivities(webhook()), InFlight()
        fake.answers("w", only)
        async with serving(patient, fake) as bench:
            await bench.start()
            await only.left.wait()
            await bench.cancel()
            only.answer(answer)
            assert await bench.ended_as() is CANCELLED
        assert len(fake.rounds("w")) == len(fake.dead_letters) == 1
        assert fake.deliveries["w"].state is DeliveryState.DEAD_LETTERED

    async def test_in_flight_its_success_counts(self, patient: Client) -> None:
        fake, only = FakeActivities(webhook()), InFlight()
        fake.answers("w", only)
        async with serving(patient, fake) as bench:
            await bench.start()
            await only.left.wait()
            await bench.cancel()
            only.answer(DELIVERED)
            assert await bench.ended_as() is CANCELLED
        assert fake.deliveries["w"].state is DeliveryState.DELIVERED
        assert fake.dead_letters == []

    async def test_while_it_waits_to_text_nobody_is_texted(self, patient: Client) -> None:
        fake = FakeActivities(webhook(), fallback_in_s=600.0)
        fake.answers("w", HELD)
        fake.fallback = text()
        async with serving(patient, fake) as bench:
            await bench.start()
            await bench.is_idle(attempts=1)
            await bench.handle.cancel()
            assert await bench.ended_as() is CANCELLED
        assert fake.fallbacks_planned == 0


class TestDuringPlanning:
    async def test_by_the_local_activity_nothing_is_sent(self, patient: Client) -> None:
        """A workflow task of one second, so that the cancel is seen beside the local activity."""
        fake = FakeActivities(webhook())
        fake.plan_waits = asyncio.Event()
        async with serving(patient, fake) as bench:
            await bench.start_with_tasks_of(timedelta(seconds=1))
            await fake.planning.wait()
            await bench.cancel()
            fake.plan_waits.set()
            assert await bench.ended_as() is CANCELLED
        assert fake.attempts == []

    @pytest.mark.usefixtures("plan_locally_for_a_second")
    @pytest.mark.extended
    async def test_by_the_scheduled_activity_nothing_is_sent(self, patient: Client) -> None:
        fake = FakeActivities(webhook())
        fake.plan_waits = asyncio.Event()
        async with serving(patient, fake) as bench:
            await bench.start_with_tasks_of(timedelta(seconds=1))
            await bench.has_scheduled("build_payload")
            await bench.cancel()
            fake.plan_waits.set()
            assert await bench.ended_as() is CANCELLED
        assert fake.attempts == []
