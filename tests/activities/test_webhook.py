"""`post_webhook`: the row before, the POST, the row after, and what the workflow hears."""

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.dead_letter import DeadLetterActivities
from activities.network_watch import NetworkWatch
from activities.payload import PayloadActivities
from activities.webhook import WebhookActivities
from activities.webhook_sender import WebhookSender
from contracts.delivery.messages import PlanEvent, PostWebhook, RecordDeadLetter, SendResult
from contracts.delivery.names import FailureType
from contracts.delivery.retry import JITTER
from contracts.delivery.states import (
    AttemptState,
    DeadLetterReason,
    DeliveryState,
    EndpointState,
)
from resolver import NameLookUps
from sandbox.merchant import Merchant
from sandbox.steps import Answer, Hang
from store.db.database import CONNECTIONS, Database
from store.db.row_locks import TO_CHANGE
from store.deliveries.concurrency import ADMITTED_FOR
from store.tables import DeadLetterRow, EndpointRow
from tests.support.asker import Asker, limit_of
from tests.support.encryption import KEYRING
from tests.support.mistaken import MistakenSender
from tests.support.parts import LOOPBACK
from tests.support.postgres import NOWHERE
from tests.support.shelf import (
    DELAYS,
    NOW,
    Shelf,
    Webhook,
    after,
    an_event,
    of_its_own_order,
)

DELIVERING, DELIVERED = DeliveryState.DELIVERING, DeliveryState.DELIVERED


@pytest.fixture
async def sender() -> AsyncIterator[WebhookSender]:
    """The product's sender; loopback is opened."""
    sender = WebhookSender.guarded(LOOPBACK, NameLookUps())
    yield sender
    await sender.aclose()


@pytest.fixture
def activity(database: Database, sender: WebhookSender) -> WebhookActivities:
    """The activity, with the time standing still."""
    return WebhookActivities(database, sender, lambda: NOW, limit_of(database))


@pytest.fixture
async def webhook(shelf: Shelf) -> Webhook:
    """A planned delivery."""
    return await shelf.webhook()


def task_of(webhook: Webhook, in_round: int = 1) -> PostWebhook:
    return PostWebhook(webhook.event.event_id, webhook.id, in_round, DELAYS)


async def run(
    activity: WebhookActivities,
    webhook: Webhook,
    merchant: Merchant,
    environment: ActivityEnvironment | None = None,
) -> SendResult:
    """One attempt at this merchant."""
    await webhook.shelf.change(EndpointRow, webhook.endpoint_id, url=merchant.url)
    environment = environment or ActivityEnvironment()
    return await environment.run(activity.post_webhook, task_of(webhook))


class TestOneAttempt:
    async def test_a_success(self, activity: WebhookActivities, webhook: Webhook) -> None:
        async with Merchant() as merchant:
            assert await run(activity, webhook, merchant) == SendResult(DELIVERED, code="http_200")
        assert (await webhook.row()).delivered_at == NOW

    async def test_the_row_is_committed_before_the_post_is_there(
        self, activity: WebhookActivities, webhook: Webhook
    ) -> None:
        async with Merchant(behaviour=Hang()) as merchant:
            trying = asyncio.create_task(run(activity, webhook, merchant))
            await merchant.wait_for(1)
            [attempt] = await webhook.attempts()
            assert attempt.state is AttemptState.IN_FLIGHT
            merchant.release(200)
            await trying

    async def test_a_failure_raises_with_the_schedule_s_delay(
        self, activity: WebhookActivities, webhook: Webhook
    ) -> None:
        async with Merchant(behaviour=Answer(503)) as merchant:
            for delay in DELAYS:
                with pytest.raises(ApplicationError) as caught:
                    await run(activity, webhook, merchant)
                assert caught.value.type == FailureType.PARTNER_FAILED
                assert caught.value.message == "http_503"
                assert caught.value.next_retry_delay is not None
                wait_s = caught.value.next_retry_delay.total_seconds()
                assert delay <= wait_s <= delay * (1 + JITTER)
            result = await run(activity, webhook, merchant)
        assert result == SendResult(DELIVERING, DeadLetterReason.EXHAUSTED, "http_503")

    async def test_a_later_retry_after_is_the_delay(
        self, activity: WebhookActivities, webhook: Webhook
    ) -> None:
        async with Merchant(behaviour=Answer(429, headers={"retry-after": "300"})) as merchant:
            with pytest.raises(ApplicationError) as caught:
                await run(activity, webhook, merchant)
        assert caught.value.next_retry_delay is not None
        assert 300 <= caught.value.next_retry_delay.total_seconds() <= 300 * (1 + JITTER)
        [attempt] = await webhook.attempts()
        assert (attempt.retry_after_s, attempt.charged) == (300, False)

    async def test_a_410(self, activity: WebhookActivities, webhook: Webhook) -> None:
        async with Merchant(behaviour=Answer(410)) as merchant:
            result = await run(activity, webhook, merchant)
        assert result == SendResult(DELIVERING, DeadLetterReason.GONE, "http_410")

    async def test_an_endpoint_that_is_off_is_not_called(
        self, activity: WebhookActivities, webhook: Webhook
    ) -> None:
        off = EndpointState.PAUSED
        await webhook.shelf.change(EndpointRow, webhook.endpoint_id, state=off)
        async with Merchant() as merchant:
            assert await run(activity, webhook, merchant) == SendResult(DeliveryState.HELD)
        assert merchant.received == []


class TestOurOwnFaults:
    async def test_a_delivery_that_the_database_does_not_know_is_for_good(
        self, activity: WebhookActivities
    ) -> None:
        with pytest.raises(ApplicationError) as caught:
            await ActivityEnvironment().run(
                activity.post_webhook, PostWebhook("evt-1", "dlv_none", 1, DELAYS)
            )
        assert (caught.value.type, caught.value.non_retryable) == (FailureType.EVENT_UNKNOWN, True)

    async def test_a_database_that_is_away_is_not_charged(self, sender: WebhookSender) -> None:
        gone = Database(NOWHERE, KEYRING)
        activity = WebhookActivities(gone, sender, lambda: NOW, limit_of(gone))
        with pytest.raises(ApplicationError) as caught:
            await ActivityEnvironment().run(
                activity.post_webhook, PostWebhook("evt-1", "dlv_1", 1, DELAYS)
            )
        gone.close()
        assert caught.value.type == FailureType.STORE_UNAVAILABLE
        assert not caught.value.non_retryable

    async def test_a_bug_in_the_middle_of_an_attempt_is_not_charged(
        self, database: Database, webhook: Webhook
    ) -> None:
        activity = WebhookActivities(database, MistakenSender(), lambda: NOW, limit_of(database))
        with pytest.raises(ApplicationError, match="a mistake of ours: ZeroDivisionError") as told:
            await ActivityEnvironment().run(activity.post_webhook, task_of(webhook))
        assert told.value.type == FailureType.OUR_FAULT
        [attempt] = await webhook.attempts()
        assert (attempt.state, attempt.charged) == (AttemptState.INTERRUPTED, False)
        assert (await webhook.row()).charged == 0

    async def test_our_own_network_costs_the_partner_nothing(
        self, database: Database, sender: WebhookSender, webhook: Webhook, unused_tcp_port: int
    ) -> None:
        network = NetworkWatch()
        for number in range(4):
            network.note(f"h{number}.example", "connection", NOW, f"shop-{number}")
        activity = WebhookActivities(
            database, sender, lambda: NOW, limit_of(database), network=network
        )
        url = f"http://127.0.0.1:{unused_tcp_port}"
        await webhook.shelf.change(EndpointRow, webhook.endpoint_id, url=url)
        with pytest.raises(ApplicationError) as caught:
            await ActivityEnvironment().run(activity.post_webhook, task_of(webhook))
        assert caught.value.type == FailureType.OUR_NETWORK
        assert caught.value.next_retry_delay == timedelta(seconds=30)
        [attempt] = await webhook.attempts()
        assert (attempt.state, attempt.charged) == (AttemptState.INTERRUPTED, False)
        endpoint = await webhook.shelf.one(EndpointRow, webhook.endpoint_id)
        assert endpoint.failures_in_row == 0


class TestCalledOff:
    """A retry by hand cancels the activity while its POST is on the wire."""

    async def test_a_success_still_ends_the_delivery(
        self, activity: WebhookActivities, webhook: Webhook
    ) -> None:
        environment = ActivityEnvironment()
        async with Merchant(behaviour=Hang()) as merchant:
            trying = asyncio.create_task(run(activity, webhook, merchant, environment))
            await merchant.wait_for(1)
            environment.cancel()
            merchant.release(200)
            assert await trying == SendResult(DELIVERED, code="http_200")

    async def test_a_failure_gives_way_and_is_charged(
        self, activity: WebhookActivities, webhook: Webhook
    ) -> None:
        environment = ActivityEnvironment()
        async with Merchant(behaviour=Hang()) as merchant:
            trying = asyncio.create_task(run(activity, webhook, merchant, environment))
            await merchant.wait_for(1)
            environment.cancel()
            merchant.release(503)
            with pytest.raises(asyncio.CancelledError):
                await trying
        [attempt] = await webhook.attempts()
        assert (attempt.state, attempt.charged) == (AttemptState.FAILED, True)

    async def test_a_worker_that_has_to_go_cuts_it_off_and_charges_nothing(
        self, activity: WebhookActivities, webhook: Webhook
    ) -> None:
        environment = ActivityEnvironment()
        async with Merchant(behaviour=Hang()) as merchant:
            trying = asyncio.create_task(run(activity, webhook, merchant, environment))
            await merchant.wait_for(1)
            environment.worker_shutdown()
            environment.cancel()
            with pytest.raises(asyncio.CancelledError):
                await trying
        [attempt] = await webhook.attempts()
        assert (attempt.state, attempt.charged) == (AttemptState.INTERRUPTED, False)


class TestItsNeighbours:
    async def test_build_payload_plans_once(self, database: Database, shelf: Shelf) -> None:
        await shelf.add_partner()
        await shelf.add_endpoint()
        event = await shelf.accept()
        moments = iter([NOW, after(5)])
        activity = PayloadActivities(database, lambda: next(moments))
        task = PlanEvent(event.event_id, DELAYS)
        [first] = (await ActivityEnvironment().run(activity.build_payload, task)).deliveries
        [again] = (await ActivityEnvironment().run(activity.build_payload, task)).deliveries
        assert (first.at_once, again.at_once) == (True, False)
        assert again.delivery_id == first.delivery_id

    async def test_build_payload_of_an_unknown_event_is_for_good(self, database: Database) -> None:
        activity = PayloadActivities(database, lambda: NOW)
        with pytest.raises(ApplicationError) as caught:
            await ActivityEnvironment().run(activity.build_payload, PlanEvent("evt-none", DELAYS))
        assert (caught.value.type, caught.value.non_retryable) == (FailureType.EVENT_UNKNOWN, True)
        assert "evt-none" not in str(caught.value)

    async def test_record_dead_letter_uses_the_clock(
        self, database: Database, webhook: Webhook
    ) -> None:
        moment: datetime = after(77)
        activity = DeadLetterActivities(database, lambda: moment)
        dead_letter = RecordDeadLetter(webhook.id, DeadLetterReason.EXHAUSTED, "http_503")
        state = await ActivityEnvironment().run(activity.record_dead_letter, dead_letter)
        assert state is DeliveryState.DEAD_LETTERED
        [kept] = await webhook.shelf.all_of(DeadLetterRow, webhook.id)
        assert kept.created_at == moment


class TestSlots:
    async def test_an_attempt_that_ends_hands_its_place_on(
        self, database: Database, sender: WebhookSender, shelf: Shelf
    ) -> None:
        first = await shelf.webhook()
        asker = Asker()
        activity = WebhookActivities(database, sender, lambda: NOW, limit_of(database, asker))
        async with Merchant(behaviour=Hang()) as merchant:
            await shelf.change(EndpointRow, first.endpoint_id, url=merchant.url, in_flight_limit=1)
            trying = asyncio.create_task(
                ActivityEnvironment().run(activity.post_webhook, task_of(first))
            )
            await merchant.wait_for(1)
            event = an_event()
            [planned] = (await shelf.plan(event)).deliveries
            second = Webhook(shelf, event, planned.delivery_id, first.endpoint_id)
            held = await ActivityEnvironment().run(activity.post_webhook, task_of(second))
            assert held.state is DeliveryState.HELD
            assert asker.asked == []
            merchant.release()
            await trying
        [(asked, request)] = asker.asked
        assert (asked.event_id, request.delivery_ids) == (event.event_id, [second.id])
        assert request.only_waiting

    async def test_temporal_away_does_not_fail_the_attempt(
        self, database: Database, sender: WebhookSender, shelf: Shelf
    ) -> None:
        webhook = await shelf.webhook()
        event = an_event()
        [planned] = (await shelf.plan(event)).deliveries
        second = Webhook(shelf, event, planned.delivery_id, webhook.endpoint_id)
        await shelf.change(EndpointRow, webhook.endpoint_id, in_flight_limit=1)
        first = await webhook.ready()
        await second.begin()
        await webhook.finish(first, 503)
        concurrency = limit_of(database, Asker(away_from=0))
        activity = WebhookActivities(database, sender, lambda: after(30), concurrency)
        async with Merchant() as merchant:
            await shelf.change(EndpointRow, webhook.endpoint_id, url=merchant.url)
            result = await ActivityEnvironment().run(activity.post_webhook, task_of(webhook))
        assert result.state is DeliveryState.DELIVERED
        row = await second.row()
        assert (row.state, row.next_attempt_at) == (DeliveryState.HELD, NOW + ADMITTED_FOR)


class TestInOrder:
    async def test_the_one_that_ends_asks_for_the_next_one_of_its_order(
        self, database: Database, sender: WebhookSender, shelf: Shelf
    ) -> None:
        await shelf.add_partner()
        asker = Asker()
        activity = WebhookActivities(database, sender, lambda: NOW, limit_of(database, asker))
        async with Merchant() as merchant:
            endpoint = await shelf.add_endpoint(ordered=True)
            both = []
            for _ in range(2):
                event = an_event()
                [planned] = (await shelf.plan(event)).deliveries
                both.append(Webhook(shelf, event, planned.delivery_id, endpoint.id))
            first, second = both
            held = await run(activity, second, merchant)
            assert (held.state, asker.asked) == (DeliveryState.HELD, [])
            assert (await run(activity, first, merchant)).state is DELIVERED
        [(event_asked_for, request)] = asker.asked
        assert event_asked_for.event_id == second.event.event_id
        assert (request.delivery_ids, request.only_waiting) == ([second.id], True)


class TestALockedEndpoint:
    async def test_it_takes_no_connections_from_the_others(
        self, database: Database, activity: WebhookActivities, shelf: Shelf
    ) -> None:
        """More deliveries of it are due than there are connections."""
        await shelf.add_partner()
        locked, go_on = threading.Event(), threading.Event()
        async with Merchant() as merchant:
            ill = await shelf.add_endpoint(event_types=["delivered"])
            waiting = []
            for _ in range(CONNECTIONS["change"]):
                event = of_its_own_order(an_event("delivered"))
                [planned] = (await shelf.plan(event)).deliveries
                waiting.append(
                    PostWebhook(event.event_id, planned.delivery_id, 1, DELAYS, False, ill.id)
                )
            well = await shelf.add_endpoint(event_types=["order_confirmed"], url=merchant.url)
            event = of_its_own_order(an_event("order_confirmed"))
            [mine] = [
                one for one in (await shelf.plan(event)).deliveries if one.endpoint_id == well.id
            ]

            def lock(session: Session) -> None:
                session.get_one(EndpointRow, ill.id, with_for_update=TO_CHANGE)
                locked.set()
                go_on.wait(60)

            holding = asyncio.create_task(database.take_in(lock))
            await asyncio.to_thread(locked.wait, 30)
            others = [
                asyncio.create_task(ActivityEnvironment().run(activity.post_webhook, one))
                for one in waiting
            ]
            task = PostWebhook(event.event_id, mine.delivery_id, 1, DELAYS, False, well.id)
            result = await ActivityEnvironment().run(activity.post_webhook, task)
            assert result.state is DELIVERED
            assert not any(one.done() for one in others)
            go_on.set()
            await holding
            await asyncio.gather(*others, return_exceptions=True)
