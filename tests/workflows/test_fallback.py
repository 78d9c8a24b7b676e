"""The text that stands in for a webhook: after a dead letter, or when time is up, and once."""

from datetime import timedelta

import pytest
from temporalio.client import Client

from contracts.delivery.messages import SendResult
from contracts.delivery.states import DeliveryState
from tests.workflows.bench import serving
from tests.workflows.fake_activities import (
    DELIVERED,
    EXHAUSTED,
    GONE,
    HELD,
    Failure,
    FakeActivities,
    Step,
    text,
    webhook,
)

IN_TIME = 598.5
"""Seconds that the webhooks have: nearly the whole schedule."""


class TestAfterADeadLetter:
    @pytest.mark.parametrize("end", [EXHAUSTED, GONE], ids=["exhausted", "gone"])
    async def test_the_customer_is_texted_at_once(self, hasty: Client, end: SendResult) -> None:
        fake = FakeActivities(webhook(), fallback_in_s=IN_TIME)
        fake.answers("w", end)
        fake.fallback = text()
        async with serving(hasty, fake) as bench:
            ended = await bench.run()
            asked_after = (await bench.scheduled())["plan_fallback"]
        assert ended == {"w": DeliveryState.DEAD_LETTERED, "s": DeliveryState.DELIVERED}
        assert asked_after < timedelta(seconds=IN_TIME)

    async def test_where_the_partner_wants_none_there_is_none(self, hasty: Client) -> None:
        fake = FakeActivities(webhook())
        fake.answers("w", EXHAUSTED)
        async with serving(hasty, fake) as bench:
            assert await bench.run() == {"w": DeliveryState.DEAD_LETTERED}

    async def test_two_dead_webhooks_lead_to_one_text(self, hasty: Client) -> None:
        fake = FakeActivities(webhook("a"), webhook("b"), fallback_in_s=IN_TIME)
        fake.answers("a", EXHAUSTED)
        fake.answers("b", Failure(), EXHAUSTED)
        fake.fallback = text()
        async with serving(hasty, fake) as bench:
            await bench.run()
        assert fake.rounds("s") == [1]

    async def test_a_text_that_the_plan_had_skipped_is_taken_up(self, hasty: Client) -> None:
        fake = FakeActivities(webhook(), text(state=DeliveryState.SKIPPED))
        fake.answers("w", EXHAUSTED)
        fake.fallback = text()
        async with serving(hasty, fake) as bench:
            assert (await bench.run())["s"] is DeliveryState.DELIVERED
        assert fake.rounds("s") == [1]

    async def test_a_text_that_is_held_is_not_sent(self, hasty: Client) -> None:
        fake = FakeActivities(webhook())
        fake.answers("w", EXHAUSTED)
        fake.fallback = text(state=DeliveryState.HELD)
        async with serving(hasty, fake) as bench:
            assert (await bench.run())["s"] is DeliveryState.HELD
        assert fake.rounds("s") == []


@pytest.mark.extended
class TestByTime:
    @pytest.mark.parametrize(
        "steps",
        [(HELD,), (Failure(3600.0), DELIVERED), (Failure(400.0), Failure(400.0), EXHAUSTED)],
        ids=["held", "asked to wait", "excused"],
    )
    async def test_whatever_has_not_arrived_by_then_leads_to_the_text_once(
        self, hasty: Client, steps: tuple[Step, ...]
    ) -> None:
        fake = FakeActivities(webhook(), fallback_in_s=IN_TIME)
        fake.answers("w", *steps)
        fake.fallback = text()
        async with serving(hasty, fake) as bench:
            assert (await bench.run())["s"] is DeliveryState.DELIVERED
            waited = (await bench.scheduled())["plan_fallback"]
        assert timedelta(seconds=IN_TIME) <= waited < timedelta(seconds=IN_TIME + 60)
        assert fake.rounds("s") == [1]

    async def test_nobody_waits_for_what_has_arrived(self, hasty: Client) -> None:
        fake = FakeActivities(webhook("a"), webhook("b"), fallback_in_s=IN_TIME)
        fake.answers("a", Failure(30), DELIVERED)
        fake.fallback = text()
        async with serving(hasty, fake) as bench:
            await bench.run()
            assert await bench.lasted() < timedelta(seconds=IN_TIME)
        assert fake.fallbacks_planned == 0

    async def test_one_of_two_that_is_missing_is_enough(self, hasty: Client) -> None:
        fake = FakeActivities(webhook("a"), webhook("b"), fallback_in_s=IN_TIME)
        fake.answers("b", HELD)
        fake.fallback = text()
        async with serving(hasty, fake) as bench:
            assert (await bench.run())["s"] is DeliveryState.DELIVERED

    async def test_a_retry_that_arrives_in_time_makes_it_needless(self, patient: Client) -> None:
        fake = FakeActivities(webhook(), fallback_in_s=IN_TIME)
        fake.answers("w", HELD, DELIVERED)
        fake.fallback = text()
        async with serving(patient, fake) as bench:
            await bench.start()
            await bench.is_idle(attempts=1)
            await bench.retry("w")
            assert await bench.end() == {"w": DeliveryState.DELIVERED}
        assert fake.fallbacks_planned == 0
