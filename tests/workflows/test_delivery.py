"""One event, from its plan to the end of each delivery: DESIGN section 4, rule by rule."""

import asyncio
from datetime import timedelta

import pytest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import TypedSearchAttributes
from temporalio.exceptions import ApplicationError

from contracts.delivery.messages import SendResult
from contracts.delivery.names import FailureType
from contracts.delivery.states import DeliveryState
from tests.workflows.bench import serving
from tests.workflows.fake_activities import (
    DELIVERED,
    EXHAUSTED,
    GONE,
    HELD,
    REJECTED,
    UNKNOWN,
    Failure,
    FakeActivities,
    InFlight,
    text,
    webhook,
)
from workflows import search_attributes

ENDED = sorted(set(DeliveryState) - {DeliveryState.PENDING, DeliveryState.DELIVERING})


class TestThePlan:
    async def test_it_costs_no_scheduled_activity(self, hasty: Client) -> None:
        async with serving(hasty, FakeActivities(webhook())) as bench:
            await bench.run()
            assert "build_payload" not in await bench.scheduled()

    @pytest.mark.usefixtures("plan_locally_for_a_second")
    @pytest.mark.extended
    async def test_one_that_hangs_is_made_by_a_scheduled_activity(self, patient: Client) -> None:
        fake = FakeActivities(webhook())
        fake.plan_waits = asyncio.Event()
        async with serving(patient, fake) as bench:
            await bench.start_with_tasks_of(timedelta(seconds=1))
            await bench.has_scheduled("build_payload")
            fake.plan_waits.set()
            assert await bench.end() == {"w": DeliveryState.DELIVERED}

    @pytest.mark.usefixtures("plan_locally_for_a_second")
    @pytest.mark.extended
    async def test_one_that_fails_is_made_by_a_scheduled_activity(self, patient: Client) -> None:
        """A failing database grows the history with each of its retries for as long as it lasts."""
        fake = FakeActivities(webhook())
        away = ApplicationError("away", type=FailureType.STORE_UNAVAILABLE)
        fake.plan_failures = [away] * 3
        async with serving(patient, fake) as bench:
            await bench.start_with_tasks_of(timedelta(seconds=1))
            assert await bench.end() == {"w": DeliveryState.DELIVERED}
            assert "build_payload" in await bench.scheduled()

    async def test_an_event_that_nobody_knows_ends_the_workflow(self, hasty: Client) -> None:
        fake = FakeActivities()
        fake.plan_failures = [
            ApplicationError("unknown", type=FailureType.EVENT_UNKNOWN, non_retryable=True)
        ]
        async with serving(hasty, fake) as bench:
            await bench.start()
            assert await bench.ended_as() is WorkflowExecutionStatus.FAILED
        assert fake.plans == 1

    @pytest.mark.parametrize("state", ENDED)
    async def test_a_delivery_that_is_not_open_is_left_alone(
        self, hasty: Client, state: DeliveryState
    ) -> None:
        fake = FakeActivities(webhook(state=state))
        async with serving(hasty, fake) as bench:
            assert await bench.run() == {"w": state}
        assert fake.attempts == []


class TestOneDelivery:
    async def test_it_is_planned_attempted_and_ended(self, hasty: Client) -> None:
        fake = FakeActivities(webhook())
        async with serving(hasty, fake) as bench:
            assert await bench.run() == {"w": DeliveryState.DELIVERED}
        assert (fake.plans, fake.rounds("w"), fake.dead_letters) == (1, [1], [])

    async def test_a_failure_is_followed_by_the_next_attempt(self, hasty: Client) -> None:
        fake = FakeActivities(webhook())
        fake.answers("w", Failure(30), Failure(120), DELIVERED)
        async with serving(hasty, fake) as bench:
            assert await bench.run() == {"w": DeliveryState.DELIVERED}
        assert fake.rounds("w") == [1, 1, 1]

    async def test_faults_of_ours_never_end_it(self, hasty: Client) -> None:
        fake = FakeActivities(webhook())
        ours = (FailureType.OUR_FAULT, FailureType.OUR_NETWORK, FailureType.STORE_UNAVAILABLE)
        fake.answers("w", *(Failure(1, fault) for fault in ours), DELIVERED)
        async with serving(hasty, fake) as bench:
            assert await bench.run() == {"w": DeliveryState.DELIVERED}
        assert fake.dead_letters == []

    @pytest.mark.parametrize("end", [EXHAUSTED, GONE], ids=["exhausted", "gone"])
    async def test_a_used_up_schedule_or_a_rejection_becomes_a_dead_letter(
        self, hasty: Client, end: SendResult
    ) -> None:
        fake = FakeActivities(webhook())
        fake.answers("w", Failure(), end)
        async with serving(hasty, fake) as bench:
            assert await bench.run() == {"w": DeliveryState.DEAD_LETTERED}
        [dead_letter] = fake.dead_letters
        assert (dead_letter.delivery_id, dead_letter.reason, dead_letter.code) == (
            "w",
            end.dead_letter,
            end.code,
        )

    async def test_what_was_delivered_meanwhile_is_no_dead_letter(self, hasty: Client) -> None:
        fake = FakeActivities(webhook())
        fake.answers("w", EXHAUSTED)
        fake.arrive_late = {"w"}
        async with serving(hasty, fake) as bench:
            assert await bench.run() == {"w": DeliveryState.DELIVERED}
        assert fake.fallbacks_planned == 0

    async def test_a_held_one_ends_the_workflow(self, hasty: Client) -> None:
        fake = FakeActivities(webhook())
        fake.answers("w", HELD)
        async with serving(hasty, fake) as bench:
            assert await bench.run() == {"w": DeliveryState.HELD}
        assert (fake.rounds("w"), fake.dead_letters) == ([1], [])


class TestSeveralDeliveries:
    async def test_one_that_hangs_delays_no_other(self, patient: Client) -> None:
        fake, hanging = FakeActivities(webhook("slow"), webhook("quick"), text()), InFlight()
        fake.answers("slow", hanging)
        async with serving(patient, fake) as bench:
            await bench.start()
            await hanging.left.wait()
            await bench.becomes("quick", DeliveryState.DELIVERED)
            await bench.becomes("s", DeliveryState.DELIVERED)
            hanging.answer(DELIVERED)
            assert set((await bench.end()).values()) == {DeliveryState.DELIVERED}

    async def test_one_that_fails_takes_no_other_with_it(self, hasty: Client) -> None:
        fake = FakeActivities(webhook("ill"), webhook("well"))
        fake.answers("ill", EXHAUSTED)
        async with serving(hasty, fake) as bench:
            ended = await bench.run()
        assert ended == {"ill": DeliveryState.DEAD_LETTERED, "well": DeliveryState.DELIVERED}


class TestATextMessage:
    async def test_it_is_sent_with_the_event_and_the_schedule(self, hasty: Client) -> None:
        fake = FakeActivities(text())
        async with serving(hasty, fake) as bench:
            assert await bench.run() == {"s": DeliveryState.DELIVERED}
        [sent] = fake.attempts
        assert (sent.event_id, sent.round) == (bench.event_id, 1)
        assert sent.retry_delays_s == [30.0, 120.0, 480.0]

    @pytest.mark.parametrize("end", [REJECTED, UNKNOWN], ids=["rejected", "unknown"])
    async def test_its_dead_letter_leads_to_no_other_text(
        self, hasty: Client, end: SendResult
    ) -> None:
        fake = FakeActivities(text())
        fake.answers("s", end)
        async with serving(hasty, fake) as bench:
            assert await bench.run() == {"s": DeliveryState.DEAD_LETTERED}
        assert fake.reasons() == [end.dead_letter]
        assert fake.fallbacks_planned == 0


class TestWhatIsSeen:
    async def test_the_query_says_how_it_stands_while_it_runs_and_afterwards(
        self, patient: Client
    ) -> None:
        fake, hanging = FakeActivities(webhook("a"), webhook("b")), InFlight()
        fake.answers("a", hanging)
        fake.answers("b", HELD)
        async with serving(patient, fake) as bench:
            await bench.start()
            await bench.becomes("b", DeliveryState.HELD)
            assert (await bench.states())["a"] is DeliveryState.DELIVERING
            hanging.answer(DELIVERED)
            ended = await bench.end()
            assert await bench.states() == ended

    async def test_it_is_found_by_partner_order_type_and_state(self, hasty: Client) -> None:
        fake = FakeActivities(webhook("a"), webhook("b"))
        fake.answers("b", EXHAUSTED)
        async with serving(hasty, fake) as bench:
            await bench.run()
            found = (await bench.handle.describe()).typed_search_attributes
        assert _values(found) == {
            "PartnerId": "shop",
            "OrderId": "ORD-1",
            "EventType": "delivered",
            "DeliveryState": ["dead_lettered", "delivered"],
        }

    async def test_the_list_of_the_temporal_ui_has_a_summary(self, hasty: Client) -> None:
        async with serving(hasty, FakeActivities()) as bench:
            await bench.run()
            summary = await (await bench.handle.describe()).static_summary()
        assert summary is not None
        assert {"shop", "ORD-1", "delivered"} <= set(summary.split())


class TestItsEnd:
    async def test_a_retry_that_comes_with_the_last_answer_is_not_lost(
        self, patient: Client
    ) -> None:
        """The attempt itself asks: signal and answer are in one workflow task."""
        fake, last = FakeActivities(webhook("last"), webhook("dead")), InFlight()
        fake.answers("last", last)
        fake.answers("dead", EXHAUSTED, DELIVERED)
        async with serving(patient, fake) as bench:
            await bench.start()
            await bench.becomes("dead", DeliveryState.DEAD_LETTERED)
            await bench.retry("dead")
            last.answer(DELIVERED)
            ended = await bench.end()
        assert ended == {"last": DeliveryState.DELIVERED, "dead": DeliveryState.DELIVERED}
        assert fake.rounds("dead") == [1, 2]


def _values(found: TypedSearchAttributes) -> dict[str, object]:
    return {pair.key.name: pair.value for pair in found if pair.key in search_attributes.ALL}
