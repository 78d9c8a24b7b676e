"""First attempts within the first workflow task, and what follows them."""

from datetime import timedelta

import pytest
from temporalio.client import Client

from contracts.delivery.messages import PlannedDelivery
from contracts.delivery.names import FailureType
from contracts.delivery.states import Channel, DeadLetterReason, DeliveryState
from tests.workflows.bench import serving
from tests.workflows.fake_activities import (
    DELIVERED,
    EXHAUSTED,
    HELD,
    Failure,
    FakeActivities,
    InFlight,
    webhook,
)

A_LONG_TIME = 3600.0


def well(name: str = "w", channel: Channel = Channel.WEBHOOK) -> PlannedDelivery:
    """A delivery whose first attempt leaves at once."""
    return PlannedDelivery(name, channel, DeliveryState.DELIVERING, at_once=True)


class TestASuccess:
    @pytest.mark.parametrize("channel", list(Channel))
    async def test_it_ends_the_event_within_its_first_workflow_task(
        self, hasty: Client, channel: Channel
    ) -> None:
        fake = FakeActivities(well(channel=channel))
        async with serving(hasty, fake) as bench:
            assert await bench.run() == {"w": DeliveryState.DELIVERED}
            assert await bench.scheduled() == {}
            assert await bench.length() <= 8
        assert fake.rounds("w") == [1]

    async def test_it_is_found_without_an_update(self, hasty: Client) -> None:
        async with serving(hasty, FakeActivities(well())) as bench:
            await bench.run()
            found = (await bench.handle.describe()).typed_search_attributes
        assert "DeliveryState" not in {pair.key.name for pair in found}

    async def test_beside_one_that_has_to_be_scheduled(self, hasty: Client) -> None:
        fake = FakeActivities(well(), webhook("other"))
        async with serving(hasty, fake) as bench:
            ended = await bench.run()
        assert set(ended.values()) == {DeliveryState.DELIVERED}


class TestAFailure:
    async def test_the_next_attempt_is_scheduled_when_it_says(self, hasty: Client) -> None:
        fake = FakeActivities(well())
        fake.answers("w", Failure(30), Failure(120), DELIVERED)
        async with serving(hasty, fake) as bench:
            assert await bench.run() == {"w": DeliveryState.DELIVERED}
            first = (await bench.scheduled())["post_webhook"]
        assert 29.9 <= first.total_seconds() < 120
        assert fake.rounds("w") == [1, 1, 1]

    async def test_a_fault_of_ours_is_followed_by_a_scheduled_attempt(self, hasty: Client) -> None:
        fake = FakeActivities(well())
        fake.answers("w", Failure(1, FailureType.STORE_UNAVAILABLE), DELIVERED)
        async with serving(hasty, fake) as bench:
            assert await bench.run() == {"w": DeliveryState.DELIVERED}
        assert fake.rounds("w") == [1, 1]

    async def test_a_rejection_becomes_a_dead_letter(self, hasty: Client) -> None:
        fake = FakeActivities(well())
        fake.answers("w", EXHAUSTED)
        async with serving(hasty, fake) as bench:
            assert await bench.run() == {"w": DeliveryState.DEAD_LETTERED}
        assert fake.reasons() == [DeadLetterReason.EXHAUSTED]

    async def test_one_that_is_held_ends_the_workflow(self, hasty: Client) -> None:
        fake = FakeActivities(well())
        fake.answers("w", HELD)
        async with serving(hasty, fake) as bench:
            assert await bench.run() == {"w": DeliveryState.HELD}


class TestWhileItWaits:
    async def test_a_retry_by_hand_leaves_at_once_in_a_new_round(self, patient: Client) -> None:
        fake = FakeActivities(well())
        fake.answers("w", Failure(A_LONG_TIME), DELIVERED)
        async with serving(patient, fake) as bench:
            await bench.start()
            await bench.is_idle(attempts=1)
            await bench.retry("w")
            assert await bench.end() == {"w": DeliveryState.DELIVERED}
        assert fake.rounds("w") == [1, 2]

    async def test_whoever_is_in_no_hurry_leaves_it_alone(self, patient: Client) -> None:
        fake = FakeActivities(well())
        fake.answers("w", Failure(A_LONG_TIME), DELIVERED)
        async with serving(patient, fake) as bench:
            await bench.start()
            await bench.is_idle(attempts=1)
            await bench.retry("w", only_waiting=True)
            await bench.has_heard(1)
            assert await bench.states() == {"w": DeliveryState.DELIVERING}
            await bench.handle.terminate()
        assert fake.rounds("w") == [1]

    async def test_ops_can_cancel_it(self, patient: Client) -> None:
        fake = FakeActivities(well())
        fake.answers("w", Failure(A_LONG_TIME))
        async with serving(patient, fake) as bench:
            await bench.start()
            await bench.is_idle(attempts=1)
            await bench.cancel()
            await bench.ended_as()
        assert fake.reasons() == [DeadLetterReason.CANCELLED_BY_OPS]


class TestInFlight:
    async def test_a_retry_that_comes_meanwhile_is_not_needed_after_a_success(
        self, patient: Client
    ) -> None:
        fake, first = FakeActivities(well()), InFlight()
        fake.answers("w", first, DELIVERED)
        async with serving(patient, fake) as bench:
            await bench.start()
            await first.left.wait()
            await bench.retry("w")
            first.answer(DELIVERED)
            assert await bench.end() == {"w": DeliveryState.DELIVERED}
        assert fake.most_in_flight == 1
        assert fake.rounds("w") == [1]

    async def test_a_retry_that_comes_meanwhile_follows_a_failure_at_once(
        self, patient: Client
    ) -> None:
        """The workflow task has gone on for so long that it has heard of the retry."""
        fake, first = FakeActivities(well()), InFlight()
        fake.answers("w", first, DELIVERED)
        async with serving(patient, fake) as bench:
            await bench.start_with_tasks_of(timedelta(seconds=1))
            await first.left.wait()
            await bench.retry("w")
            await bench.has_heard(1)
            first.answer(Failure(A_LONG_TIME))
            assert await bench.end() == {"w": DeliveryState.DELIVERED}
        assert fake.most_in_flight == 1
        assert fake.rounds("w") == [1, 2]
