"""The signal `request_retry`: whenever it comes, what is named begins a round if it may."""

import asyncio

import pytest
from temporalio.client import Client

from contracts.delivery.messages import PlannedDelivery, SendResult
from contracts.delivery.states import Channel, DeliveryState
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

A_LONG_TIME = 3600.0


class TestDuringABackoff:
    async def test_the_next_attempt_leaves_at_once_in_a_new_round(self, patient: Client) -> None:
        fake = FakeActivities(webhook())
        fake.answers("w", Failure(A_LONG_TIME), DELIVERED)
        async with serving(patient, fake) as bench:
            await bench.start()
            await bench.is_idle(attempts=1)
            await bench.retry("w")
            assert await bench.end() == {"w": DeliveryState.DELIVERED}
        assert fake.rounds("w") == [1, 2]

    async def test_one_that_is_not_named_goes_on_waiting(self, patient: Client) -> None:
        fake = FakeActivities(webhook("named"), webhook("other"))
        fake.answers("named", Failure(A_LONG_TIME), DELIVERED)
        fake.answers("other", Failure(A_LONG_TIME), DELIVERED)
        async with serving(patient, fake) as bench:
            await bench.start()
            await bench.is_idle(attempts=2)
            await bench.retry("named")
            await bench.becomes("named", DeliveryState.DELIVERED)
            assert (await bench.states())["other"] is DeliveryState.DELIVERING
            await bench.handle.terminate()
        assert fake.rounds("other") == [1]

    async def test_whoever_is_in_no_hurry_calls_nothing_off(self, patient: Client) -> None:
        fake = FakeActivities(webhook("waiting"), webhook("held"))
        fake.answers("waiting", Failure(A_LONG_TIME), DELIVERED)
        fake.answers("held", HELD, DELIVERED)
        async with serving(patient, fake) as bench:
            await bench.start()
            await bench.is_idle(attempts=2)
            await bench.retry("waiting", "held", only_waiting=True)
            await bench.becomes("held", DeliveryState.DELIVERED)
            await bench.handle.terminate()
        assert (fake.rounds("waiting"), fake.rounds("held")) == ([1], [1, 2])


class TestInFlight:
    async def test_a_success_ends_the_delivery(self, patient: Client) -> None:
        fake, first = FakeActivities(webhook()), InFlight()
        fake.answers("w", first, DELIVERED)
        async with serving(patient, fake) as bench:
            await bench.start()
            await first.left.wait()
            await bench.retry("w")
            first.answer(DELIVERED)
            assert await bench.end() == {"w": DeliveryState.DELIVERED}
        assert fake.rounds("w") == [1]

    @pytest.mark.parametrize("answer", [Failure(A_LONG_TIME), EXHAUSTED], ids=["failure", "last"])
    @pytest.mark.parametrize("one", [webhook("one"), text("one")], ids=["webhook", "text"])
    async def test_a_failure_gives_way_to_the_new_round_and_two_never_run_at_once(
        self, patient: Client, one: PlannedDelivery, answer: Failure | SendResult
    ) -> None:
        fake, first = FakeActivities(one), InFlight()
        fake.answers("one", first, DELIVERED)
        async with serving(patient, fake) as bench:
            await bench.start()
            await first.left.wait()
            await bench.retry("one")
            await bench.retry("one")
            await bench.has_heard(2)
            first.answer(answer)
            assert await bench.end() == {"one": DeliveryState.DELIVERED}
        assert (fake.rounds("one"), fake.most_in_flight, fake.dead_letters) == ([1, 2], 1, [])

    async def test_a_resend_follows_a_success(self, patient: Client) -> None:
        fake, first = FakeActivities(webhook()), InFlight()
        fake.answers("w", first, DELIVERED)
        async with serving(patient, fake) as bench:
            await bench.start()
            await first.left.wait()
            await bench.retry("w", resend=True)
            await bench.has_heard(1)
            first.answer(DELIVERED)
            await bench.end()
        assert (fake.rounds("w"), fake.most_in_flight) == ([1, 2], 1)


class TestAfterTheEnd:
    async def test_a_dead_letter_is_sent_again_on_the_stored_plan(self, hasty: Client) -> None:
        fake = FakeActivities(webhook())
        fake.answers("w", EXHAUSTED, DELIVERED)
        async with serving(hasty, fake) as bench:
            assert await bench.run() == {"w": DeliveryState.DEAD_LETTERED}
            await bench.retry("w")
            assert await bench.end() == {"w": DeliveryState.DELIVERED}
        assert (fake.plans, fake.rounds("w")) == (2, [1, 2])

    async def test_without_names_every_dead_letter_is_and_nothing_else(self, hasty: Client) -> None:
        fake = FakeActivities(
            webhook("dead", DeliveryState.DEAD_LETTERED, in_round=3),
            webhook("arrived", DeliveryState.DELIVERED),
            text("texted", DeliveryState.DELIVERED),
        )
        async with serving(hasty, fake) as bench:
            await bench.retry()
            await bench.end()
        assert [(one.delivery_id, one.round) for one in fake.attempts] == [("dead", 4)]

    async def test_a_delivered_one_is_sent_again_only_where_that_was_asked(
        self, hasty: Client
    ) -> None:
        fake = FakeActivities(webhook(state=DeliveryState.DELIVERED))
        async with serving(hasty, fake) as bench:
            await bench.retry("w", resend=True)
            await bench.end()
        assert fake.rounds("w") == [2]

    async def test_two_that_come_together_are_one_round_that_does_what_both_want(
        self, patient: Client
    ) -> None:
        """The first one's round is about to begin when the second one asks for a copy."""
        fake = FakeActivities(webhook(state=DeliveryState.DELIVERED))
        fake.plan_waits = asyncio.Event()
        async with serving(patient, fake) as bench:
            await bench.start()
            await fake.planning.wait()
            await bench.retry("w")
            await bench.retry("w", resend=True)
            fake.plan_waits.set()
            await bench.end()
        assert fake.rounds("w") == [2]

    async def test_one_that_is_on_its_way_after_a_crash_goes_on_in_the_same_run(
        self, hasty: Client
    ) -> None:
        fake = FakeActivities(webhook(state=DeliveryState.DELIVERING, in_round=2))
        async with serving(hasty, fake) as bench:
            await bench.retry("w", only_waiting=True)
            assert await bench.end() == {"w": DeliveryState.DELIVERED}
        assert fake.rounds("w") == [2]


class TestALateSignal:
    @pytest.mark.parametrize("state", [DeliveryState.DISCARDED, DeliveryState.EXPIRED])
    async def test_what_was_given_up_meanwhile_is_never_sent(
        self, hasty: Client, state: DeliveryState
    ) -> None:
        fake = FakeActivities(webhook())
        fake.answers("w", EXHAUSTED)
        async with serving(hasty, fake) as bench:
            await bench.run()
            fake.becomes("w", state)
            await bench.retry("w")
            assert await bench.end() == {"w": state}
        assert fake.rounds("w") == [1]

    @pytest.mark.parametrize("state", [DeliveryState.DISCARDED, DeliveryState.EXPIRED])
    async def test_nor_when_another_delivery_has_kept_the_workflow_running(
        self, patient: Client, state: DeliveryState
    ) -> None:
        fake, other = FakeActivities(webhook("w"), webhook("other")), InFlight()
        fake.answers("w", EXHAUSTED)
        fake.answers("other", other)
        async with serving(patient, fake) as bench:
            await bench.start()
            await bench.becomes("w", DeliveryState.DEAD_LETTERED)
            fake.becomes("w", state)
            await bench.retry("w")
            await bench.has_heard(1)
            other.answer(DELIVERED)
            assert (await bench.end())["w"] is state
        assert fake.rounds("w") == [1]

    async def test_a_name_that_the_plan_does_not_have_changes_nothing(self, hasty: Client) -> None:
        fake = FakeActivities(webhook(state=DeliveryState.DELIVERED))
        async with serving(hasty, fake) as bench:
            await bench.retry("somebody-else-s")
            assert await bench.end() == {"w": DeliveryState.DELIVERED}
        assert fake.attempts == []

    async def test_one_that_comes_before_the_plan_waits_for_it(self, patient: Client) -> None:
        fake = FakeActivities(webhook(state=DeliveryState.DEAD_LETTERED))
        async with serving(patient, fake) as bench:
            await bench.retry("w")
            assert await bench.end() == {"w": DeliveryState.DELIVERED}
        assert fake.rounds("w") == [2]

    @pytest.mark.parametrize("channel", list(Channel))
    async def test_a_held_one_is_sent_in_a_run_that_goes_on(
        self, patient: Client, channel: Channel
    ) -> None:
        held = webhook("h") if channel is Channel.WEBHOOK else text("h")
        fake, other = FakeActivities(held, webhook("other")), InFlight()
        fake.answers("h", HELD, DELIVERED)
        fake.answers("other", other)
        async with serving(patient, fake) as bench:
            await bench.start()
            await bench.becomes("h", DeliveryState.HELD)
            await bench.retry("h")
            await bench.becomes("h", DeliveryState.DELIVERED)
            other.answer(DELIVERED)
            await bench.end()
        assert fake.rounds("h") == [1, 2]

    async def test_a_text_that_a_callback_has_made_a_dead_letter_is_sent(
        self, patient: Client
    ) -> None:
        """The workflow takes it for delivered; the store, which was told, knows better."""
        fake, other = FakeActivities(text(), webhook("other")), InFlight()
        fake.answers("other", other)
        async with serving(patient, fake) as bench:
            await bench.start()
            await bench.becomes("s", DeliveryState.DELIVERED)
            fake.becomes("s", DeliveryState.DEAD_LETTERED)
            await bench.retry("s")
            await bench.has_heard(1)
            other.answer(DELIVERED)
            await bench.end()
        assert fake.rounds("s") == [1, 2]
