"""`post_notification` and `text_notification`: what leaves, how often, and what the workflow
hears."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable

import pytest
from standardwebhooks import Webhook
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.notifications import NO_OPS_WEBHOOK, NotificationActivities
from activities.twilio_sender import NoTwilio, OutgoingText, Texter
from activities.webhook_sender import WebhookSender
from contracts.clock import utc_now
from contracts.delivery.names import FailureType
from contracts.endpoints.notifications import (
    NOTIFICATION_DELAYS_S,
    NotificationChannel,
    NotificationInput,
    NotificationResult,
    NotificationState,
    OpsWebhook,
)
from contracts.payload.signature import new_secret
from contracts.sms.answers import SmsAnswer, SmsFate
from resolver import NameLookUps
from sandbox.merchant import Merchant
from sandbox.steps import Answer, Reset
from sandbox.twilio import TwilioSandbox
from sandbox.twilio_steps import Refuse, Step
from sandbox.twilio_steps import Reset as TwilioReset
from store.db.database import Database
from store.sms.suspensions import lift_suspension, suspend
from store.tables import EndpointNotificationRow
from tests.support.notifications import PHONE, switched_off
from tests.support.parts import LOOPBACK
from tests.support.shelf import NOW, RULES, Shelf
from tests.support.twilio import texter_on

SECRET = new_secret()
SENT, FAILED, SKIPPED = NotificationState.SENT, NotificationState.FAILED, NotificationState.SKIPPED
Make = Callable[..., NotificationActivities]


@pytest.fixture
async def sender() -> AsyncIterator[WebhookSender]:
    """The product's sender; loopback is opened."""
    sender = WebhookSender.guarded(LOOPBACK, NameLookUps())
    yield sender
    await sender.aclose()


@pytest.fixture
def make(database: Database, sender: WebhookSender) -> Make:
    """Makes the activities; `ops` is where ops listens."""

    def made(*, texter: Texter | None = None, ops: str | None = None) -> NotificationActivities:
        webhook = OpsWebhook(ops, SECRET) if ops else None
        return NotificationActivities(
            database, sender, texter or NoTwilio(), utc_now, RULES, webhook
        )

    return made


@pytest.fixture
async def post(shelf: Shelf) -> NotificationInput:
    """A notification that waits to be posted."""
    return _task((await switched_off(shelf))[NotificationChannel.OPS_WEBHOOK])


@pytest.fixture
async def text(shelf: Shelf) -> NotificationInput:
    """A notification that waits to be texted."""
    return _task((await switched_off(shelf))[NotificationChannel.CONTACT_TEXT])


def _task(notification: EndpointNotificationRow) -> NotificationInput:
    return NotificationInput(notification.id, notification.channel)


async def run(
    activities: NotificationActivities,
    task: NotificationInput,
    environment: ActivityEnvironment | None = None,
) -> NotificationResult:
    """One attempt, as the workflow asks for it."""
    is_post = task.channel is NotificationChannel.OPS_WEBHOOK
    wanted = activities.post_notification if is_post else activities.text_notification
    return await (environment or ActivityEnvironment()).run(wanted, task)


async def delay_of(activities: NotificationActivities, task: NotificationInput, code: str) -> float:
    """The delay that an attempt which does not get through is raised with."""
    with pytest.raises(ApplicationError) as caught:
        await run(activities, task)
    assert (caught.value.type, caught.value.message) == (FailureType.NOTIFICATION_NOT_TAKEN, code)
    assert caught.value.next_retry_delay is not None
    return caught.value.next_retry_delay.total_seconds()


class TestThePost:
    async def test_it_is_signed_as_partners_webhooks_are(
        self, make: Make, post: NotificationInput
    ) -> None:
        async with Merchant(secret=SECRET) as ops:
            assert await run(make(ops=ops.url), post) == NotificationResult(SENT, "http_200")
        [received] = ops.received
        said = Webhook(SECRET).verify(received.body, received.headers)
        assert (said["id"], said["type"]) == (post.notification_id, "endpoint.disabled")
        assert received.webhook_id == post.notification_id
        assert received.headers["content-type"] == "application/json"
        assert set(said) == {"id", "type", "created_at", "data"}
        assert set(said["data"]) == {"partner_id", "endpoint_id", "reason"}

    @pytest.mark.parametrize("step", [Answer(503), Answer(410), Reset()])
    async def test_it_is_tried_by_its_schedule_and_given_up(
        self, make: Make, post: NotificationInput, step: Answer, caplog: pytest.LogCaptureFixture
    ) -> None:
        code = f"http_{step.status}" if isinstance(step, Answer) else "connection"
        async with Merchant(secret=SECRET, behaviour=step) as ops:
            activities = make(ops=ops.url)
            for delay in NOTIFICATION_DELAYS_S:
                assert await delay_of(activities, post, code) == delay
            assert await run(activities, post) == NotificationResult(FAILED, code)
            assert await run(activities, post) == NotificationResult(FAILED)
        assert len(ops.received) == 1 + len(NOTIFICATION_DELAYS_S)
        assert {one.webhook_id for one in ops.received} == {post.notification_id}
        errors = [one.getMessage() for one in caplog.records if one.levelname == "ERROR"]
        assert [one for one in errors if post.notification_id in one and code in one]

    async def test_a_forbidden_address_is_not_reached(
        self, make: Make, post: NotificationInput
    ) -> None:
        activities = make(ops="http://10.1.2.3:8080/ops")
        assert await delay_of(activities, post, "forbidden_address") == NOTIFICATION_DELAYS_S[0]

    async def test_without_an_ops_webhook_it_is_skipped(
        self, make: Make, shelf: Shelf, post: NotificationInput, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert await run(make(), post) == NotificationResult(SKIPPED)
        assert (
            await shelf.one(EndpointNotificationRow, post.notification_id)
        ).why == NO_OPS_WEBHOOK
        assert NO_OPS_WEBHOOK in caplog.text

    async def test_one_that_nobody_knows_is_no_reason_to_try_again(self, make: Make) -> None:
        for channel in NotificationChannel:
            with pytest.raises(ApplicationError) as caught:
                await run(
                    make(ops="https://ops.example/in"), NotificationInput("ntc_none", channel)
                )
            assert caught.value.non_retryable


class TestTheText:
    async def test_it_goes_to_the_contact_phone_once(
        self, make: Make, text: NotificationInput
    ) -> None:
        async with TwilioSandbox(callbacks=None) as twilio:
            activities = make(texter=texter_on(twilio))
            assert await run(activities, text) == NotificationResult(SENT, "twilio_accepted")
            assert await run(activities, text) == NotificationResult(SENT)
        [message] = twilio.messages
        assert (message.to, message.from_) == (PHONE, "DRSTEP")
        assert "hooks.shop.example" in message.body
        assert "token" not in message.body
        assert "StatusCallback" not in message.form
        assert (message.segments.encoding, message.segments.count) == ("GSM-7", 1)

    @pytest.mark.parametrize("step", [Refuse(20503, taken=True), Refuse(20500), TwilioReset()])
    async def test_an_ambiguous_answer_is_not_repeated(
        self, make: Make, shelf: Shelf, text: NotificationInput, step: Step
    ) -> None:
        async with TwilioSandbox(behaviour=step, callbacks=None) as twilio:
            activities = make(texter=texter_on(twilio))
            assert (await run(activities, text)).state is FAILED
            assert await run(activities, text) == NotificationResult(FAILED)
        assert len(twilio.attempts) == 1
        assert "not sent again" in (
            (await shelf.one(EndpointNotificationRow, text.notification_id)).why or ""
        )

    async def test_what_certainly_was_not_sent_is_tried_again(
        self, make: Make, text: NotificationInput
    ) -> None:
        async with TwilioSandbox(behaviour=Refuse(20429), callbacks=None) as twilio:
            activities = make(texter=texter_on(twilio))
            for delay in NOTIFICATION_DELAYS_S:
                assert await delay_of(activities, text, "twilio_20429") == delay
            assert await run(activities, text) == NotificationResult(FAILED, "twilio_20429")
        assert twilio.messages == []

    async def test_a_stop_keeps_it_until_it_is_lifted(
        self, make: Make, database: Database, text: NotificationInput
    ) -> None:
        stop = await database.write(suspend, "all", NOW, reason="r", made_by="key_1")
        async with TwilioSandbox(callbacks=None) as twilio:
            activities = make(texter=texter_on(twilio))
            assert await delay_of(activities, text, "sms_suspended") == NOTIFICATION_DELAYS_S[0]
            assert twilio.attempts == []
            await database.write(lift_suspension, stop.id, NOW, actor="key_1")
            assert (await run(activities, text)).state is SENT

    async def test_called_off_on_the_wire_its_end_is_written_down(
        self, make: Make, shelf: Shelf, text: NotificationInput
    ) -> None:
        asked, go_on = asyncio.Event(), asyncio.Event()

        class Slow:
            async def send(self, text: OutgoingText) -> SmsAnswer:
                asked.set()
                await go_on.wait()
                return SmsAnswer(SmsFate.TAKEN, "twilio_accepted", "SM1", 1)

        environment = ActivityEnvironment()
        trying = asyncio.create_task(run(make(texter=Slow()), text, environment))
        await asked.wait()
        environment.cancel()
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await trying
        assert (await shelf.one(EndpointNotificationRow, text.notification_id)).state is SENT

    async def test_nothing_personal_is_logged_or_told(
        self, make: Make, text: NotificationInput, caplog: pytest.LogCaptureFixture
    ) -> None:
        class Buggy:
            async def send(self, text: OutgoingText) -> SmsAnswer:
                raise ZeroDivisionError(text.to)

        with caplog.at_level(logging.DEBUG), pytest.raises(ApplicationError) as caught:
            await run(make(texter=Buggy()), text)
        told = await run(make(), text)
        for secret in (PHONE, "9812345678", "hook-secret"):
            assert secret not in caplog.text + str(caught.value) + json.dumps(str(told))
