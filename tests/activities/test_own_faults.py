"""Mistakes of ours: each thing that they stop comes to an end that people see, and is counted."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from prometheus_client import generate_latest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput

import activities
from activities.metrics import OWN_FAULTS, Meters
from activities.own_faults import MOST_FAULTS, CountsOwnFaults
from activities.payload import PayloadActivities
from activities.sms import SmsActivities
from activities.twilio_sender import NoTwilio
from activities.webhook import WebhookActivities
from contracts.delivery.messages import PlanEvent, PostWebhook, SendResult, SendSms
from contracts.delivery.names import FailureType
from contracts.delivery.retention import KeptFor
from contracts.delivery.states import (
    AttemptState,
    DeadLetterReason,
    DeliveryState,
    EventState,
    HoldReason,
)
from store.db.database import Database
from store.events import acceptance
from store.tables import AttemptRow, DeliveryRow, EndpointRow, EventRow
from tests.support.asker import Asker, limit_of
from tests.support.mistaken import MistakenSender
from tests.support.shelf import DELAYS, NOW, RULES, Shelf, Webhook, after

NOTHING = ExecuteActivityInput(fn=print, args=[], executor=None, headers={})
GIVEN_UP = SendResult(DeliveryState.DELIVERING, DeadLetterReason.OUR_FAULT, "our_fault")


def mistaken(*_: object, **__: object) -> Any:
    raise ZeroDivisionError("about +919876543210")


@pytest.fixture
async def buggy(database: Database) -> AsyncIterator[WebhookActivities]:
    """The activity with a mistake in its sender."""
    async with aclosing(MistakenSender(at=None)) as sender:
        yield WebhookActivities(database, sender, lambda: NOW, limit_of(database))


def task_of(webhook: Webhook, in_round: int = 1) -> PostWebhook:
    return PostWebhook(webhook.event.event_id, webhook.id, in_round, DELAYS)


async def waits_until_the_end(activity: Any, task: object, most: int = 30) -> tuple[Any, list[Any]]:
    """What it returns in the end, and the waits of the failures before."""
    waits: list[float] = []
    while len(waits) < most:
        result = await result_or_failure(activity, task)
        if not isinstance(result, ApplicationError) or result.non_retryable:
            return result, waits
        assert result.type == FailureType.OUR_FAULT
        assert "+91" not in str(result)
        assert result.next_retry_delay is not None
        waits.append(result.next_retry_delay.total_seconds())
    raise AssertionError("it goes on for ever")


async def result_or_failure(activity: Any, task: object) -> Any:
    try:
        return await ActivityEnvironment().run(activity, task)
    except ApplicationError as error:
        return error


class TestAWebhook:
    async def test_it_ends_after_ten_and_is_charged_to_nobody(
        self, buggy: WebhookActivities, shelf: Shelf
    ) -> None:
        webhook = await shelf.webhook()
        ended, waits = await waits_until_the_end(buggy.post_webhook, task_of(webhook))
        assert ended == GIVEN_UP
        assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256]
        assert len(waits) == MOST_FAULTS - 1
        row = await webhook.row()
        assert (row.charged, row.our_faults) == (0, MOST_FAULTS)
        assert {one.state for one in await webhook.attempts()} == {AttemptState.INTERRUPTED}
        endpoint = await shelf.one(EndpointRow, webhook.endpoint_id)
        assert (endpoint.failures_in_row, endpoint.opened_at) == (0, None)

    @pytest.mark.parametrize("where", ["begin_attempt", "finish_webhook"])
    async def test_also_where_the_mistake_undoes_what_the_attempt_wrote_down(
        self, buggy: WebhookActivities, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, where: str
    ) -> None:
        webhook = await shelf.webhook()
        monkeypatch.setattr(f"activities.webhook.{where}", mistaken)
        ended, _ = await waits_until_the_end(buggy.post_webhook, task_of(webhook))
        assert ended == GIVEN_UP
        open_ones = [one for one in await shelf.all_of(AttemptRow, webhook.id) if not one.code]
        assert open_ones == []

    async def test_a_retry_by_hand_has_ten_again_and_a_wait_for_a_place_has_not(
        self, buggy: WebhookActivities, shelf: Shelf
    ) -> None:
        webhook = await shelf.webhook()
        dead, busy = DeliveryState.DEAD_LETTERED, HoldReason.ENDPOINT_BUSY
        await shelf.change(DeliveryRow, webhook.id, state=dead, our_faults=MOST_FAULTS)
        _, waits = await waits_until_the_end(buggy.post_webhook, task_of(webhook, 2))
        assert len(waits) == MOST_FAULTS - 1
        held = {"state": DeliveryState.HELD, "hold_reason": busy, "our_faults": MOST_FAULTS - 1}
        await shelf.change(DeliveryRow, webhook.id, **held)
        assert await waits_until_the_end(buggy.post_webhook, task_of(webhook, 3)) == (GIVEN_UP, [])

    async def test_a_worker_that_dies_is_no_mistake(self, shelf: Shelf) -> None:
        webhook = await shelf.webhook()
        for seconds in range(0, 3000, 100):
            await webhook.ready(now=after(seconds))
        assert (await webhook.row()).our_faults == 0


class TestAText:
    async def test_it_ends_after_ten(
        self, database: Database, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        text = await shelf.text()
        activity = SmsActivities(database, NoTwilio(), lambda: NOW, RULES)
        monkeypatch.setattr("activities.sms.claim_sms", mistaken)
        task = SendSms(text.event.event_id, text.id, 1, DELAYS)
        ended, waits = await waits_until_the_end(activity.send_sms, task)
        assert (ended, len(waits)) == (GIVEN_UP, MOST_FAULTS - 1)

    async def test_one_that_may_have_been_sent_is_not_sent_again(
        self, database: Database, shelf: Shelf
    ) -> None:
        class Buggy(NoTwilio):
            send = mistaken

        text = await shelf.text()
        activity = SmsActivities(database, Buggy(), lambda: NOW, RULES)
        task = SendSms(text.event.event_id, text.id, 1, DELAYS)
        ended, waits = await waits_until_the_end(activity.send_sms, task)
        assert (ended.dead_letter, len(waits)) == (DeadLetterReason.UNKNOWN, 1)


class TestAPlan:
    async def test_its_event_is_failed_after_ten_and_can_be_opened_again(
        self, database: Database, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await shelf.add_partner()
        event = await shelf.accept()
        activity = PayloadActivities(database, lambda: NOW)
        with monkeypatch.context() as patched:
            patched.setattr("activities.payload.plan_with_fallback", mistaken)
            task = PlanEvent(event.event_id, DELAYS)
            _, waits = await waits_until_the_end(activity.build_payload, task)
        assert len(waits) == MOST_FAULTS - 1
        row = await shelf.one(EventRow, event.event_id)
        assert (row.state, row.our_faults) == (EventState.FAILED, 0)
        assert row.failure_reason
        await database.write(acceptance.accept, event, NOW)
        await ActivityEnvironment().run(activity.build_payload, task)
        assert (await shelf.one(EventRow, event.event_id)).state is EventState.PLANNED


class TestTheMeter:
    def test_each_activity_of_the_worker_begins_at_zero(self, database: Database) -> None:
        """Otherwise an alert on an increase does not see the first fault."""
        meters = Meters()
        made = activities.build(
            database,
            MistakenSender(at=None),
            NoTwilio(),
            lambda: NOW,
            KeptFor(timedelta(days=30), timedelta(days=400)),
            RULES,
            Asker(),
            meters,
            None,
            None,
        )
        shown = generate_latest(meters.registry).decode()
        assert len(made) > 5
        for function, kind in product(made, OWN_FAULTS):
            labels = f'activity="{function.__name__}",kind="{kind}"'
            assert f"doorstep_own_faults_total{{{labels}}} 0.0" in shown

    @pytest.mark.parametrize(
        ("kind", "counted"),
        [
            (FailureType.OUR_FAULT, True),
            (FailureType.STORE_UNAVAILABLE, True),
            (FailureType.OUR_NETWORK, True),
            (FailureType.PARTNER_FAILED, False),
        ],
    )
    async def test_it_counts_what_is_our_own_fault(self, kind: str, counted: bool) -> None:
        class Failing(ActivityInboundInterceptor):
            async def execute_activity(self, _: ExecuteActivityInput) -> Any:
                raise ApplicationError("", type=kind)

        meters = Meters()
        inner = Failing(None)  # type: ignore[arg-type]  # the last one calls nothing
        outer = CountsOwnFaults(meters).intercept_activity(inner)
        with pytest.raises(ApplicationError):
            await ActivityEnvironment().run(outer.execute_activity, NOTHING)
        shown = generate_latest(meters.registry).decode()
        assert (
            f'doorstep_own_faults_total{{activity="unknown",kind="{kind}"}}' in shown
        ) is counted
